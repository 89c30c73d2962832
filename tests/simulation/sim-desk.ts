import { rmSync } from 'node:fs';
import path from 'node:path';
import { ApiError } from '../../contract/kit.ts';
import { commandIdFrom } from '../../domain/numbered.ts';
import { type Cache, createCache } from '../../main/workstation/cache.ts';
import { type Core, createCore, isOffline, type Send } from '../../main/workstation/core.ts';
import { openMemory } from '../../main/workstation/memory.ts';
import { createOutbox, type Outbox } from '../../main/workstation/outbox.ts';
import { PATIENCE } from '../../main/workstation/patience.ts';
import type { Chance } from '../day/random.ts';
import type { Line, Network } from './network.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { type Post, VERSION } from './prepared-clinic.ts';
import { createIds, type VirtualTime } from './virtual-time.ts';
import { Crashed, end, type Life, newLife, watched } from './watched-database.ts';

/** What a person was told of one command. */
export type Told = Readonly<{
  commandId: string;
  answer: Readonly<Record<string, unknown>>;
  /** Decided without the server. */
  alone: boolean;
}>;

export type SimDesk = Readonly<{
  post: Post;
  line: Line;
  /** How far its clock is ahead of the true time (ms), and whether it jumped since the server was last heard. */
  clock: { ahead: number; unsure: boolean };
  start: () => void;
  crash: () => void;
  /** The program ends, and what it knew of the clinic is damaged; what it is to hand over is not. */
  loseCache: () => void;
  running: () => boolean;
  life: () => Life;
  core: () => Core;
  cache: () => Cache;
  outbox: () => Outbox;
  /** What the desk tells its person; null when the program ended before it could. @throws ApiError, or the disk's error */
  command: (operation: string, input: Readonly<Record<string, unknown>>) => Promise<Told | null>;
  /** Command ids of what was asked here, whatever became of it. */
  asked: Set<string>;
  beat: () => void;
  bugs: unknown[];
}>;

type Options = Readonly<{
  post: Post;
  folder: string;
  time: VirtualTime;
  chance: Chance;
  network: Network;
  line: Line;
  planted: PlantedBug | null;
  ended: () => void;
  refused: () => void;
}>;

/** How well a desk knows its clock, ms: no better than the way to the server. */
const SURE = 3000;
const KEY = Buffer.alloc(32, 9);

/** A desk's own mind on its two encrypted files, in a program that may end at any statement. */
export function createSimDesk(options: Options): SimDesk {
  const { post, folder, time, chance, network, line, planted } = options;
  const clock = { ahead: 0, unsure: false };
  const newId = createIds(chance.fork(`ids of ${post.code}`), () => Math.trunc(time.now() + clock.ahead));
  const bugs: unknown[] = [];
  const asked = new Set<string>();
  const station = planted?.station?.(post.code) ?? post.code;
  type Answer = Told['answer'] | null;
  type Running = Readonly<{ life: Life; core: Core; cache: Cache; outbox: Outbox; ending: Promise<null> }>;
  let running: Running | null = null;

  function start(): void {
    const files = ['cache', 'outbox'].map((name) => openMemory(path.join(folder, `${name}-${post.code}.db`), KEY));
    const [cacheFile, outboxFile] = files as [ReturnType<typeof openMemory>, ReturnType<typeof openMemory>];
    for (const file of files) file.pragma('synchronous=OFF');
    let tell: (nothing: null) => void = () => undefined;
    const ending = new Promise<null>((resolve) => {
      tell = resolve;
    });
    const life = newLife({
      refused: options.refused,
      ended: () => {
        running = null;
        tell(null);
        time.after(0, () => {
          for (const file of files) file.close();
        });
        options.ended();
      },
    });
    const stored = createOutbox(watched(outboxFile, life));
    const outbox = planted?.outbox?.(stored, { life, time, post }) ?? stored;
    const kept = createCache(watched(cacheFile, life));
    const cache = planted?.cache?.(kept, post) ?? kept;
    const core = createCore({
      ...{ cache, outbox, newId, station, appVersion: VERSION, changed: () => undefined },
      send: sendOf(life, kept, () => core),
      now: () => time.now() + clock.ahead,
      after: (ms, run) => time.after(ms, () => life.alive && run()),
    });
    // It may have ended before it wrote down what it knew of its clock.
    if (Math.abs(core.state().skew - clock.ahead) > SURE) clock.unsure = true;
    // Looked at from outside is what is stored, whatever a planted bug makes of it.
    running = { life, core, cache: kept, outbox: stored, ending };
  }

  /** The way to the server. A program that has ended hears nothing more. */
  const sendOf =
    (life: Life, kept: Cache, core: () => Core): Send =>
    async (name, input, as) => {
      const never = () => new Promise<never>(() => undefined);
      if (!life.alive) return never();
      const headers: Record<string, string> = {
        'medlane-version': VERSION,
        'medlane-epoch': kept.mark()?.epoch ?? '',
        'medlane-unsent': String(core().state().unsent),
        ...(as ? { 'medlane-for': as.forUser, 'medlane-made-at': String(as.madeAt) } : {}),
      };
      const { ahead } = clock;
      const asking = time.now();
      // What awaits an answer is a place where the program may end, too.
      if (life.fuse !== null && --life.fuse <= 0) end(life);
      try {
        const answer = await network.request(line, {
          ...{ deviceId: post.deviceId, name, headers, commandId: as?.commandId },
          input: JSON.parse(JSON.stringify(input)) as typeof input,
        });
        // One that came too late was not waited for.
        const heard = name === 'sync.hello' && time.now() - asking < PATIENCE && clock.ahead === ahead;
        if (life.alive && heard) clock.unsure = false;
        return life.alive ? (planted?.answer?.(name, answer, { post, time, ahead: clock.ahead }) ?? answer) : never();
      } catch (error) {
        return life.alive ? Promise.reject(error) : never();
      }
    };

  const now = () => running as Running;
  return {
    ...{ post, line, clock, start, asked, bugs },
    crash: () => running && end(running.life),
    loseCache() {
      if (running) end(running.life);
      for (const suffix of ['', '-wal', '-shm'])
        rmSync(path.join(folder, `cache-${post.code}.db${suffix}`), { force: true });
    },
    running: () => running !== null,
    life: () => now().life,
    core: () => now().core,
    cache: () => now().cache,
    outbox: () => now().outbox,
    async command(operation, input): Promise<Told | null> {
      if (!running) return null;
      const { life, core, cache, outbox, ending } = running;
      try {
        if (!isOffline(operation)) {
          const commandId = commandIdFrom(newId());
          asked.add(commandId);
          const as = { commandId, madeAt: core.clock(), forUser: post.userId };
          if (!core.state().online) throw new ApiError('unavailable');
          const sent = sendOf(life, cache, () => core)(operation, input, as) as Promise<Answer>;
          const answer = await Promise.race([ending, sent]);
          return answer && { commandId, answer, alone: false };
        }
        const work = core.command(operation, input, post.userId) as Promise<Answer>;
        // The item is there before anything else happens, and may have been sent although the program ended over it.
        const item = outbox.all().at(-1);
        if (item) asked.add(item.commandId);
        const answer = await Promise.race([ending, work]);
        if (!answer || !item || !life.alive) return null;
        const done = outbox.get(item.n);
        if (!done) return null;
        asked.add(done.commandId);
        return {
          commandId: done.commandId,
          answer,
          alone: done.state === 'waiting' || done.commandId !== item.commandId,
        };
      } catch (error) {
        if (!life.alive || error instanceof Crashed) return null;
        throw error;
      }
    },
    beat() {
      if (!running) return;
      const { life, core } = running;
      core.beat().catch((error: unknown) => {
        if (life.alive && (error as { code?: string }).code !== 'SQLITE_FULL') bugs.push(error);
      });
    },
  };
}
