import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SyncRow } from '../../contract/sync.ts';
import { stepOf } from '../../main/workstation/picture.ts';
import { type Chance, createChance } from '../day/random.ts';
import { deskEvidence, rowsIn, storeEvidence } from '../support/evidence.ts';
import { type Shown, violations } from '../support/invariants.ts';
import { createNetwork, type Line, type LineState, type Mishap } from './network.ts';
import { type Act, COMMAND_NAMES, COMMANDS, type Command, commandOf, nextAct, sceneOf } from './people.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { copyOf, type PreparedClinic } from './prepared-clinic.ts';
import { createSimDesk, type SimDesk, type Told } from './sim-desk.ts';
import { createSimServer, type Request } from './sim-server.ts';
import { createTime } from './virtual-time.ts';

const MISHAPS = ['lost', 'answer lost', 'twice', 'late'] as const satisfies readonly Mishap[];
const LINES = ['away', 'deaf', 'mute', 'half'] as const satisfies readonly LineState[];
const OTHERS = ['desk crash', 'server crash', 'desk full', 'server full', 'desk clock', 'server clock'] as const;
export const FAULTS = [...MISHAPS, ...LINES, ...OTHERS] as const;
export type Fault = (typeof FAULTS)[number];

export type Pair = `${Fault} × ${Command}`;
export const PAIRS: readonly Pair[] = FAULTS.flatMap((fault) =>
  COMMAND_NAMES.map((command): Pair => `${fault} × ${command}`),
);

export type Played = Readonly<{
  seed: number;
  /** What must be true and is not. */
  wrong: readonly string[];
  /** Which faults met which commands. */
  reached: ReadonlySet<Pair>;
  /** Of everything that happened: the same for the same seed. */
  digest: string;
  shown: number;
  alone: number;
}>;

/** For how long people work while everything goes wrong, and then for how long all of it may take to heal; in ms. */
const TROUBLED = 100_000;
const HEALING = 300_000;
const BEAT = 9000;
/** In one seed of so many the server is restored from a backup. */
const RESTORED_EVERY = 10;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** One fault alone, where nothing else goes wrong: who ends, over which command, after how many statements. */
export type CrashPoint = Readonly<{ who: 'desk' | 'server'; command: Command; fuse: number }>;

type Options = Readonly<{
  prepared: PreparedClinic;
  planted?: PlantedBug | null;
  crash?: CrashPoint;
  tell?: (line: string) => void;
}>;

/**
 * One run: a few desks and a board, their server, people who work, and whatever the seed lets go wrong. First everything
 * may fail; then everything is well again, and nothing may be missing.
 */
export async function play(seed: number, { prepared, planted = null, crash, tell }: Options): Promise<Played> {
  const folder = mkdtempSync(path.join(prepared.folder, `seed-${seed}-`));
  try {
    return await run(seed, folder, prepared, planted, crash, tell);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(
  seed: number,
  folder: string,
  prepared: PreparedClinic,
  planted: PlantedBug | null,
  crash: CrashPoint | undefined,
  tell: ((line: string) => void) | undefined,
): Promise<Played> {
  const chance = createChance(seed * 7919 + 17);
  const { begins } = prepared;
  const time = createTime(begins);
  const hash = createHash('sha256');
  let over = false;
  const log = (line: string) => {
    if (over) return;
    const said = `${time.now() - begins} ${line}`;
    hash.update(said).update('\n');
    tell?.(said);
  };
  const reached = new Set<Pair>();
  const reach = (fault: Fault, command: Command | null) => command && reached.add(`${fault} × ${command}`);

  // Each seed lets some kinds of faults happen, and aims one of them at one kind of command: in turn at all of them.
  const enabled = crash ? [] : FAULTS.filter(() => chance.happens(0.4));
  const aimed: readonly Pair[] = crash
    ? [`${crash.who} crash × ${crash.command}`]
    : [PAIRS[seed % PAIRS.length], PAIRS[(seed * 31 + 101) % PAIRS.length]].flatMap((pair) => pair ?? []);
  const aims = aimed.map((pair) => {
    const [fault, command] = pair.split(' × ') as [Fault, Command];
    return { fault, command };
  });
  let crashed = false;
  const has = (fault: Fault) => enabled.includes(fault);
  let troubled = true;
  let clockWrong = false;
  let restoredAt: number | null = null;

  /** When whoever is to end does: somewhere on the way, or just there. */
  const fuse = (most: number) =>
    crash
      ? { fuse: crash.fuse, late: false }
      : { fuse: 1 + Math.floor(chance.next() * most), late: chance.happens(0.5) };

  // --- the server and the wire -----------------------------------------------------------------------------------------
  const served = new Set<Request>();
  /** With which command the server is to end on its way. */
  let armed: Command | null = null;
  const server = createSimServer({
    ...{ file: copyOf(prepared, folder), folder, time, planted },
    chance: chance.fork('server'),
    committed: () => {
      for (const desk of all) network.poke(desk.line, desk.beat);
    },
    ended: () => {
      log('the server crashed');
      for (const { name } of served) reach('server crash', commandOf(name));
      restart();
    },
    refused: () => {
      for (const { name } of served) reach('server full', commandOf(name));
    },
  });
  const serve = async (request: Request) => {
    const command = commandOf(request.name);
    const life = command && server.running() ? server.life() : null;
    if (life && server.clock.ahead !== 0) reach('server clock', command);
    const lit = life !== null && armed === command;
    if (lit) {
      armed = null;
      Object.assign(life, fuse(24));
    }
    served.add(request);
    try {
      return await server.serve(request);
    } finally {
      served.delete(request);
      // It was done before that: the next one, then.
      if (lit && life.alive) {
        life.fuse = null;
        if (!crash) armed = command;
      }
    }
  };
  /** A server that ended is started again after a while; one that cannot start tries again. */
  function restart(): void {
    if (over) return;
    time.after(SECOND + Math.floor(chance.next() * (troubled ? 20 : 1) * SECOND), () => {
      server.start().then(
        () => log('the server is back'),
        () => restart(),
      );
    });
  }
  const network = createNetwork({
    ...{ time, log, server: () => ({ ...server, serve }) },
    chance: chance.fork('network'),
    happened: (what, { name }) => what !== 'up' && reach(what, commandOf(name)),
  });

  // --- the desks -------------------------------------------------------------------------------------------------------
  const odds = () =>
    Object.fromEntries(MISHAPS.filter(has).map((mishap) => [mishap, chance.between(0.02, 0.15)])) as Line['odds'];
  const underWay = new Map<string, Command>();
  const many = crash ? 2 : chance.happens(0.2) ? 4 : chance.happens(0.5) ? 3 : 2;
  const deskAt = (post: PreparedClinic['posts'][number]): SimDesk => {
    const desk: SimDesk = createSimDesk({
      ...{ post, folder, time, network, planted, chance: chance.fork(`desk ${post.code}`) },
      line: { state: 'up', odds: odds(), next: null },
      ended: () => {
        log(`${post.code} crashed`);
        reach('desk crash', underWay.get(post.code) ?? null);
        if (!over) time.after(SECOND + Math.floor(chance.next() * (troubled ? 15 : 1) * SECOND), desk.start);
      },
      refused: () => reach('desk full', underWay.get(post.code) ?? null),
    });
    return desk;
  };
  const desks = prepared.posts.slice(0, many).map(deskAt);
  const boards = prepared.boards.slice(0, 1).map(deskAt);
  const all = [...desks, ...boards];

  // --- the people ------------------------------------------------------------------------------------------------------
  const shown: Shown[] = [];
  const newcomers: string[] = [];
  const lately = new Map<string, string[]>();

  async function work(desk: SimDesk): Promise<void> {
    const mine = chance.fork(`person ${desk.post.code}`);
    await time.sleep(mine.between(0, 4) * SECOND);
    while (troubled) {
      if (desk.running()) await act(desk, mine);
      await time.sleep(mine.between(0.5, 8) * SECOND);
    }
  }

  async function act(desk: SimDesk, mine: Chance): Promise<void> {
    const { code } = desk.post;
    const wanted = aims.map(({ command }) => command);
    const scene = sceneOf(desk, { clinic: prepared, chance: mine, newcomers, lately: lately.get(code) ?? [] });
    const next = nextAct(scene, wanted);
    if (!next) return;
    const aim = aims.find(({ command }) => command === next.command);
    underWay.set(code, next.command);
    const meets = aim && (crash ? !crashed : mine.happens(0.85));
    const undo = meets ? bring(aim.fault, desk) : null;
    crashed ||= meets === true;
    const sure = !desk.clock.unsure;
    if (!sure) reach('desk clock', next.command);
    if (desk.line.state !== 'up' && !desk.core().state().online) reach(desk.line.state, next.command);
    try {
      const bound = isBound(scene.picture, next, desk.post.roomId);
      const told = await desk.command(COMMANDS[next.command], next.input);
      log(
        `${code} ${next.command} ${told ? `${told.answer['token'] ?? ''} ${told.alone ? 'alone' : ''}` : 'and nothing'}`,
      );
      if (told) note(desk, next, told, { bound, clockSure: sure && !desk.clock.unsure });
    } catch (error) {
      const said = (error as { code?: string }).code ?? String(error);
      log(`${code} ${next.command} refused: ${said}`);
      if (!REFUSALS.has(said)) desk.bugs.push(error);
    } finally {
      underWay.delete(code);
      undo?.();
    }
  }

  function note(
    desk: SimDesk,
    { command, input }: Act,
    { commandId, answer, alone }: Told,
    more: { bound: boolean; clockSure: boolean },
  ): void {
    const { code, roomId } = desk.post;
    const text = (key: string) => (answer[key] ?? null) as string | null;
    const isPatient = command === 'register';
    const visitId = isPatient ? null : text('id');
    shown.push({
      ...{ desk: code, operation: COMMANDS[command], commandId, at: time.now(), visitId, alone },
      patientId: isPatient ? text('id') : text('patientId'),
      label: isPatient ? text('registrationNumber') : text('token'),
      asked: command.startsWith('call n') ? null : ((input['id'] ?? null) as string | null),
      clinicDay: text('clinicDay'),
      clockSure: more.clockSure,
      call:
        command === 'call' || command === 'call next'
          ? { roomId: roomId ?? '', queueId: text('queueId') ?? '', bound: more.bound }
          : null,
    });
    if (isPatient && text('id')) newcomers.push(String(text('id')));
    if (visitId) lately.set(code, [visitId, ...(lately.get(code) ?? [])].slice(0, 3));
  }

  // --- the faults ------------------------------------------------------------------------------------------------------
  /** Lets a fault happen at a desk, or at its server, now; the answer takes back what would last. */
  function bring(fault: Fault, desk: SimDesk): (() => void) | null {
    log(`${desk.post.code} meets: ${fault}`);
    if (isOne(MISHAPS, fault)) {
      desk.line.next = fault;
      return () => {
        desk.line.next = null;
      };
    }
    if (isOne(LINES, fault)) {
      desk.line.state = fault;
      time.after(chance.between(3, 60) * SECOND, () => {
        desk.line.state = 'up';
      });
      return null;
    }
    if (fault === 'desk crash' && desk.running()) {
      const life = desk.life();
      Object.assign(life, fuse(6));
      return () => Object.assign(life, { fuse: null });
    }
    if (fault === 'desk full' && desk.running()) return filled(desk.life());
    if (fault === 'server crash') {
      // Whenever such a command comes next, from whichever desk.
      armed = underWay.get(desk.post.code) ?? null;
      return null;
    }
    if (fault === 'server full' && server.running()) return filled(server.life());
    if (fault === 'desk clock') {
      desk.clock.ahead += chance.pick(DESK_JUMPS);
      desk.clock.unsure = true;
    }
    if (fault === 'server clock') {
      clockWrong = true;
      server.clock.ahead += chance.pick(SERVER_JUMPS);
    }
    return null;
  }
  const filled = (life: { full: boolean }) => {
    life.full = true;
    return () => {
      life.full = false;
    };
  };

  async function trouble(): Promise<void> {
    const mine = chance.fork('trouble');
    while (troubled && enabled.length > 0) {
      await time.sleep(mine.between(4, 25) * SECOND);
      if (!troubled) return;
      const fault = mine.pick(enabled);
      const desk = mine.pick(all);
      if (fault === 'desk crash') desk.crash();
      else if (fault === 'server crash') server.crash();
      else {
        const undo = bring(fault, desk);
        if (undo) time.after(mine.between(2, 20) * SECOND, undo);
      }
    }
  }

  /** The server's disk is lost, and the backup from a while before takes its place. */
  async function restore(): Promise<void> {
    const mine = chance.fork('restore');
    await time.sleep(mine.between(15, 35) * SECOND);
    while (!server.running()) await time.sleep(SECOND);
    await server.backUp();
    log('a backup was made');
    await time.sleep(mine.between(15, 40) * SECOND);
    log('the disk is lost');
    restoredAt = time.now();
    server.restoreNext();
    server.crash();
    if (mine.happens(0.5)) {
      const desk = mine.pick(desks);
      log(`${desk.post.code} loses what it knew of the clinic`);
      desk.loseCache();
    }
  }

  // --- the run ---------------------------------------------------------------------------------------------------------
  await startFirst(server.start(), time);
  for (const desk of all) desk.start();
  const beating = (desk: SimDesk) => {
    desk.beat();
    time.after(BEAT + Math.floor(chance.next() * SECOND), () => beating(desk));
  };
  for (const desk of all) beating(desk);
  for (const desk of desks) void work(desk);
  void trouble();
  if (!crash && (seed % RESTORED_EVERY === 0 || planted?.restored)) void restore();
  const troubledFor = crash ? TROUBLED / 2 : TROUBLED;
  await time.until(begins + troubledFor);

  troubled = false;
  const well = () => {
    for (const desk of all) {
      Object.assign(desk.line, { state: 'up', odds: {}, next: null });
      if (desk.running()) Object.assign(desk.life(), { full: false, fuse: null });
    }
    if (server.running()) Object.assign(server.life(), { full: false, fuse: null });
    armed = null;
  };
  // What had begun comes to its end first, and a late fault with it.
  well();
  await time.until(time.now() + 25 * SECOND);
  well();
  const settled = () => server.running() && desks.every((desk) => desk.running() && !desk.outbox().all().some(isOwed));
  while (time.now() < begins + troubledFor + HEALING && !settled()) await time.until(time.now() + 2 * BEAT);
  // The server looks every minute for what a day that is over left open.
  await time.until(time.now() + MINUTE + 3 * BEAT);

  // --- what is true ----------------------------------------------------------------------------------------------------
  if (!server.running() || all.some((desk) => !desk.running()))
    return { seed, wrong: ['something did not start again'], reached, digest: '', shown: 0, alone: 0 };
  const { store, vault } = server.parts();
  const fill: SyncRow[] = [];
  const reading = (async () => {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = (await server.serve({
        ...{ deviceId: desks[0]?.post.deviceId ?? '', name: 'sync.fill', headers: {}, commandId: undefined },
        input: cursor ? { cursor } : {},
      })) as { rows: SyncRow[]; cursor: string | null };
      fill.push(...page.rows);
      cursor = page.cursor;
    }
    return storeEvidence(store, vault, fill);
  })();
  const answered = await reading;
  const evidence = {
    ...{ shown, server: answered, restoredAt, clockWrong },
    desks: desks.map((desk) => deskEvidence(seenBy(desk), fill)),
    boards: boards.map((board) => ({ code: board.post.code, rows: rowsIn(board.cache(), []) })),
  };
  const bugs = [...server.bugs, ...all.flatMap((desk) => desk.bugs)].map((error) => `a bug: ${textOf(error)}`);
  const wrong = [...violations(evidence), ...bugs];
  log(`${answered.audit.length} ${JSON.stringify(answered.visits)} ${JSON.stringify(answered.audit.at(-1))}`);
  // For whoever replays a seed: what people are asked, and what their desks had sent.
  for (const { code, items } of evidence.desks)
    for (const item of items) if (item.state !== 'confirmed') tell?.(`${code} holds ${JSON.stringify(item)}`);
  over = true;
  const digest = hash.digest('hex');
  server.crash();
  for (const desk of all) desk.crash();
  await time.until(time.now());
  return { seed, wrong, reached, digest, shown: shown.length, alone: shown.filter(({ alone }) => alone).length };
}

/** How far a desk's clock may jump: a dead battery, another day, a few seconds. In ms. */
const DESK_JUMPS = [
  90 * SECOND,
  -90 * SECOND,
  60 * MINUTE,
  -60 * MINUTE,
  400 * 24 * 60 * MINUTE,
  -400 * 24 * 60 * MINUTE,
];
const SERVER_JUMPS = [90 * SECOND, -90 * SECOND, 20 * MINUTE, -20 * MINUTE];

/** What people are told when it is not done, and which says what to do. */
const REFUSALS = new Set([
  ...['unavailable', 'token_exists', 'stale', 'invalid_transition', 'room_busy', 'queue_empty', 'bound_elsewhere'],
  ...['reason_required', 'undo_expired', 'nothing_to_undo', 'not_found', 'same_queue', 'SQLITE_FULL', 'needs_server'],
]);

const isOne = <T extends string>(some: readonly T[], one: string): one is T =>
  (some as readonly string[]).includes(one);
const isOwed = ({ state, shown }: { state: string; shown: boolean }) => state === 'waiting' && shown;
const textOf = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message} ${error.stack?.split('\n')[1] ?? ''}` : String(error);

/** Whether the patient of a call was bound to that room before it. */
function isBound(
  picture: ReturnType<SimDesk['core']> extends { picture: () => infer P } ? P : never,
  { input }: Act,
  roomId: string | null,
): boolean {
  const found = picture.visits.get(String(input['id']));
  const step = found && stepOf(found);
  return step !== undefined && roomId !== null && (step.forRoomId === roomId || step.roomId === roomId);
}

async function startFirst(
  starting: Promise<void>,
  time: { now: () => number; until: (at: number) => Promise<void> },
): Promise<void> {
  let done = false;
  const watched = starting.then(() => {
    done = true;
  });
  while (!done) {
    await time.until(time.now());
    await Promise.race([watched, new Promise((resolve) => setImmediate(resolve))]);
  }
}

const seenBy = (desk: SimDesk) => ({
  ...{ code: desk.post.code, deviceId: desk.post.deviceId, asked: desk.asked },
  ...{ cache: desk.cache(), items: desk.outbox().all(), picture: desk.core().picture() },
});
