import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { MedlaneApi } from '../../contract/index.ts';
import type { Input } from '../../contract/kit.ts';
import { hourAt } from '../../domain/clinic-day.ts';
import type { Priority } from '../../domain/visit.ts';
import { type Actor, systemActor } from '../actor.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { registerPatient } from '../patients/commands.ts';
import { guessMapping, readRow } from '../patients/import-row.ts';
import type { PatientKeys } from '../vault.ts';
import type { createVisitCommands } from '../visits/commands.ts';
import { type Furniture, furnish, insertAccounts, insertClinic } from './host.ts';

/** The demonstration's accounts; the same password for all, shown on its sign-in page. */
export const DEMO_PASSWORD = 'try-the-clinic';
export const DEMO_ACCOUNTS = [
  { username: 'admin', name: 'Amna Farooq', roles: ['super_admin', 'admin'] },
  { username: 'reception', name: 'Rosa Dizon', roles: ['receptionist'] },
  { username: 'reception2', name: 'Bilal Ahmed', roles: ['receptionist'] },
  { username: 'doctor', name: 'Dr. Sana Malik', roles: ['doctor'] },
  { username: 'doctor2', name: 'Dr. Ramon Cruz', roles: ['doctor'] },
  { username: 'nurse', name: 'Priya Nair', roles: ['nurse'] },
  { username: 'pharmacist', name: 'Imran Qureshi', roles: ['pharmacist'] },
  { username: 'board', name: 'Waiting room screen', roles: ['display'] },
] as const;

export const demoAccounts = () =>
  DEMO_ACCOUNTS.map(({ username, roles }) => ({ username, password: DEMO_PASSWORD, roles: [...roles] }));

const FURNITURE: Furniture = {
  queues: [
    { code: 'A', name: 'General' },
    { code: 'B', name: 'Children' },
    { code: 'C', name: 'Pharmacy' },
  ],
  rooms: [
    { name: 'Room 1', serves: ['A', 'B'] },
    { name: 'Room 2', serves: ['A'] },
    { name: 'Triage', serves: ['B'] },
    { name: 'Pharmacy counter', serves: ['C'] },
  ],
  board: 'Waiting room',
};

type Visits = ReturnType<typeof createVisitCommands>;
export type Demo = Readonly<{
  prepare: () => Promise<{ passwordHash: string; patients: readonly Record<string, string>[] }>;
  make: (
    ctx: CommandContext,
    ready: Awaited<ReturnType<Demo['prepare']>>,
  ) => Promise<{ username: string; password: string; roles: (typeof DEMO_ACCOUNTS)[number]['roles'][number][] }[]>;
}>;

const MINUTE = 60_000;

/**
 * A whole clinic to try: generated patients (see resources/demo), three past days so that waits can be estimated, and a
 * day in progress. Everything goes through the ordinary commands, at times in the past.
 */
export function createDemo(passwords: Passwords, keys: PatientKeys, visits: Visits, resources: URL): Demo {
  return {
    async prepare() {
      const patients = parse(readFileSync(new URL('demo/patients.csv', resources)), {
        columns: true,
        bom: true,
      }) as Record<string, string>[];
      return { passwordHash: await passwords.hash(DEMO_PASSWORD), patients };
    },

    async make(ctx, { passwordHash, patients }) {
      const openSince = ctx.now - 4 * 86_400_000;
      const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const branchId = await insertClinic(ctx, {
        clinic: 'Green Valley Clinic',
        timeZone,
        rollOverHour: quietHour(ctx.now, timeZone),
        demo: true,
        openSince,
      });
      const { queues, rooms, boardId } = await furnish(ctx, branchId, FURNITURE);
      const accounts = DEMO_ACCOUNTS.map((account) => ({
        ...account,
        roles: [...account.roles],
        passwordHash,
        boardId: account.username === 'board' ? boardId : null,
      }));
      const users = await insertAccounts(ctx, branchId, accounts);
      const as = (username: string): Actor => {
        const account = DEMO_ACCOUNTS.find((one) => one.username === username);
        return { ...systemActor(branchId), id: users[username] as string, name: username, roles: account?.roles ?? [] };
      };
      const inBranch: CommandContext = { ...ctx, branchId };
      await registerAll(inBranch, keys, patients);
      await playDays(inBranch, visits, { queues, rooms, as });
      ctx.record({
        resource: 'clinic',
        resourceId: branchId,
        actor: systemActor(branchId),
        after: { clinic: 'Green Valley Clinic', demo: true, patients: patients.length },
      });
      ctx.emit('settings.changed', { version: 1 });
      return demoAccounts();
    },
  };
}

/** Whoever tries the clinic around midnight is in the middle of a day as well: theirs begins in the morning. */
function quietHour(now: number, timeZone: string): number {
  const hour = hourAt(now, timeZone);
  return hour >= 22 || hour < 4 ? 6 : 0;
}

async function registerAll(
  ctx: CommandContext,
  keys: PatientKeys,
  patients: readonly Record<string, string>[],
): Promise<void> {
  const mapping = guessMapping(Object.keys(patients[0] ?? {}));
  // One event and one trace for all of them: they are one act.
  const quiet = { ...ctx, emit: () => {}, record: () => {}, fail: undefined as never };
  for (const row of patients) {
    const read = readRow(row, mapping);
    if (read.problems) throw new Error(`The demo's patients are damaged: ${JSON.stringify(read.problems)}`);
    const archivedAt = read.died ? ctx.now : null;
    await registerPatient(
      quiet,
      keys,
      { ...read.patient, unidentified: false },
      { externalId: read.externalId, archivedAt },
    );
  }
}

type Stage = Readonly<{
  queues: Record<string, string>;
  rooms: Record<string, string>;
  as: (username: string) => Actor;
}>;

/** A generator whose numbers are the same every time: the demo is no lottery (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function playDays(ctx: CommandContext, visits: Visits, stage: Stage): Promise<void> {
  const random = chance(20_261_121);
  const { t, db } = ctx.tx;
  const living = (
    await db
      .select({ id: t.patients.id, archivedAt: t.patients.archivedAt })
      .from(t.patients)
      .orderBy(asc(t.patients.registrationNumber))
  )
    .filter(({ archivedAt }) => archivedAt === null)
    .map(({ id }) => id);
  const someone = () => living.splice(Math.floor(random() * living.length), 1)[0] as string;
  for (const daysAgo of [3, 2, 1]) {
    await playLine(ctx, visits, stage, {
      random,
      someone,
      begin: ctx.now - daysAgo * 86_400_000 - 120 * MINUTE,
      arrivals: 54,
      leaveWaiting: 0,
    });
  }
  await playLine(ctx, visits, stage, { random, someone, begin: ctx.now - 100 * MINUTE, arrivals: 38, leaveWaiting: 9 });
}

type Play = Readonly<{
  random: () => number;
  someone: () => string;
  begin: number;
  arrivals: number;
  leaveWaiting: number;
}>;

/** One queue's people arrive, are called, seen and leave; the last ones of a day in progress still wait. */
async function playLine(ctx: CommandContext, visits: Visits, stage: Stage, play: Play): Promise<void> {
  const events = { emit: () => {}, record: () => {} };
  const at = (username: string, now: number): CommandContext => ({
    ...ctx,
    ...events,
    actor: stage.as(username),
    now: Math.round(now),
    commandId: ctx.id(),
  });
  const priorityOf = (): Priority => (play.random() < 0.12 ? 'priority' : 'normal');
  const queueOf = () => stage.queues[play.random() < 0.7 ? 'A' : 'B'] as string;
  type Moment = { now: number; run: () => Promise<unknown> };
  const moments: Moment[] = [];
  for (let index = 0; index < play.arrivals; index += 1) {
    const now = play.begin + index * 2.5 * MINUTE + play.random() * MINUTE;
    const input = {
      patientId: play.someone(),
      queueId: queueOf(),
      priority: priorityOf(),
      reason: null,
      confirmRepeat: true,
    };
    moments.push({ now, run: () => issue(visits, at(index % 2 ? 'reception' : 'reception2', now), input) });
  }
  const served = play.arrivals - play.leaveWaiting;
  const desks = [
    { doctor: 'doctor', room: 'Room 1', queue: 'A' },
    { doctor: 'doctor2', room: 'Room 2', queue: 'A' },
    { doctor: 'nurse', room: 'Triage', queue: 'B' },
  ];
  for (const desk of desks) {
    const turns = Math.ceil(served / desks.length);
    let now = play.begin + 3 * MINUTE;
    for (let turn = 0; turn < turns; turn += 1) {
      const [called, entered, finished] = [
        now,
        now + MINUTE * (0.5 + play.random()),
        now + MINUTE * (3 + 6 * play.random()),
      ];
      const last = play.leaveWaiting > 0 && finished > ctx.now - 2 * MINUTE;
      moments.push({ now: called, run: () => callNext(visits, at(desk.doctor, called), stage, desk) });
      moments.push({
        now: entered,
        run: () => onCurrent(visits, 'enter', at(desk.doctor, entered), stage.rooms[desk.room] as string),
      });
      if (last) break;
      moments.push({
        now: finished,
        run: () => onCurrent(visits, 'finish', at(desk.doctor, finished), stage.rooms[desk.room] as string),
      });
      now = finished + MINUTE * play.random();
    }
  }
  for (const { now, run } of moments.sort((a, b) => a.now - b.now)) if (now <= ctx.now) await run();
}

const issue = (visits: Visits, ctx: CommandContext, input: Input<MedlaneApi['visits']['issue']>) =>
  visits.visits.issue(ctx as never, input);

/** Calls whoever is next; an empty queue is no mistake here. */
async function callNext(
  visits: Visits,
  ctx: CommandContext,
  stage: Stage,
  desk: { room: string; queue: string },
): Promise<void> {
  const call = visits.callNext as (ctx: never, input: { id: string; roomId: string }) => Promise<unknown>;
  const queueId = stage.queues[desk.queue] as string;
  const { t, db } = ctx.tx;
  const waits = await db
    .select({ queueId: t.steps.queueId, state: t.steps.state, roomId: t.steps.roomId })
    .from(t.steps)
    .where(inArray(t.steps.state, ['waiting', 'called', 'in_room']));
  const busy = waits.some(({ state, roomId }) => state !== 'waiting' && roomId === stage.rooms[desk.room]);
  if (busy || !waits.some((step) => step.state === 'waiting' && step.queueId === queueId)) return;
  await call(ctx as never, { id: queueId, roomId: stage.rooms[desk.room] as string });
}

async function onCurrent(
  visits: Visits,
  command: 'enter' | 'finish',
  ctx: CommandContext,
  roomId: string,
): Promise<void> {
  const { t, db } = ctx.tx;
  const from = command === 'enter' ? 'called' : 'in_room';
  const [current] = await db
    .select()
    .from(t.steps)
    .where(and(eq(t.steps.roomId, roomId), eq(t.steps.state, from)))
    .limit(1);
  if (current)
    await (
      visits.visits[command] as GroupHandlers<'visits'>['enter'] &
        ((ctx: never, input: { id: string }) => Promise<unknown>)
    )(ctx as never, { id: current.visitId });
}
