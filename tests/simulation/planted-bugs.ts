import type { SyncRow } from '../../contract/sync.ts';
import type { Cache } from '../../main/workstation/cache.ts';
import type { Outbox } from '../../main/workstation/outbox.ts';
import type { Actor } from '../../server/actor.ts';
import type { Pair } from './play.ts';
import type { Post } from './prepared-clinic.ts';
import type { Request } from './sim-server.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Life } from './watched-database.ts';

/** A mistake that the product does not make, put between its parts from outside: each one must be found. */
export type PlantedBug = Readonly<{
  name: string;
  /** A fault that brings it out. */
  aim?: Pair;
  /** It shows only after a restore. */
  restored?: true;
  /** Between the server and its database: what becomes of a statement. */
  database?: (time: VirtualTime, life: () => Life) => (sql: string, run: () => unknown) => unknown;
  outbox?: (real: Outbox, at: Readonly<{ life: Life; time: VirtualTime; post: Post }>) => Outbox;
  cache?: (real: Cache, post: Post) => Cache;
  /** What arrives at the server, whose epoch this is. */
  request?: (request: Request, epoch: string) => Request;
  /** What a desk hears, whose clock is this far ahead. */
  answer?: (name: string, answer: unknown, at: Readonly<{ post: Post; time: VirtualTime; ahead: number }>) => unknown;
  /** For whom the server takes whoever asks. */
  actor?: (actor: Actor, headers: Readonly<Record<string, string>>) => Actor;
  station?: (code: string) => string;
}>;

/** Swallows some of these statements as if they had been done. */
const swallowing =
  (pattern: RegExp, every = 1) =>
  () => {
    let seen = 0;
    return (sql: string, run: () => unknown) => {
      if (!pattern.test(sql)) return run();
      seen += 1;
      return seen % every === 0 ? [] : run();
    };
  };

/** For how long (ms) what should be on the disk is not there yet. */
const UNWRITTEN = 4000;

/** Each is made anew for each run: some of them remember. */
export const PLANTED_BUGS: Readonly<Record<string, () => Omit<PlantedBug, 'name'>>> = {
  'the server answers before it commits': () => ({
    aim: 'server crash × issue',
    database: (time, life) => {
      let owed: (() => unknown) | null = null;
      const pay = () => {
        const run = owed;
        owed = null;
        if (life().alive) run?.();
      };
      return (sql, run) => {
        if (sql === 'COMMIT') {
          owed = run;
          time.after(UNWRITTEN, pay);
          return undefined;
        }
        if (sql.startsWith('BEGIN')) pay();
        return run();
      };
    },
  }),

  'the server does not know a command again': () => ({
    database: swallowing(/^(select .* from "commands" where|insert into "commands")/),
  }),

  'a station code is given to two desks': () => ({
    station: () => 'R1',
    actor: (actor) => ({ ...actor, station: actor.station && { ...actor.station, code: 'R1' } }),
  }),

  'the audit misses an entry': () => ({ database: swallowing(/^insert into "audit" /, 9) }),

  'the feed misses an entry': () => ({ database: swallowing(/^insert into "feed"/, 5) }),

  'a board goes on showing what it showed first': () => ({
    cache: (real, post) =>
      post.place !== 'board'
        ? real
        : {
            ...real,
            take: (rows, mark) =>
              real.take(real.mark() === null ? rows : rows.filter(({ table }) => table !== 'boardView'), mark),
          },
  }),

  'the outbox is drained from its end': () => ({
    outbox: (real) => ({
      ...real,
      all: () => {
        const items = real.all();
        const waiting = items.filter(({ state, shown }) => state === 'waiting' && shown);
        return [...items.filter((item) => !waiting.includes(item)), ...waiting.toReversed()];
      },
    }),
  }),

  'the fence around the first command is ignored': () => ({
    aim: 'answer lost × issue',
    request: (request) => {
      const { supersedes: _, ...input } = request.input;
      return { ...request, input };
    },
  }),

  'the printed label is not kept': () => ({
    aim: 'answer lost × issue',
    database: swallowing(/^update "visits" set "token"/),
  }),

  'a restored server is taken for the one before': () => {
    const first = new Map<string, string>();
    return {
      restored: true,
      answer: (_name, answer, { post }) => {
        const { epoch } = answer as { epoch?: string };
        if (epoch === undefined) return answer;
        if (!first.has(post.code)) first.set(post.code, epoch);
        return { ...(answer as object), epoch: first.get(post.code) };
      },
      request: (request, epoch) =>
        request.name === 'sync.since' ? { ...request, input: { ...request.input, epoch } } : request,
    };
  },

  'the cache keeps rows that have changed': () => ({
    cache: (real) => {
      let taken = 0;
      const old = ({ table, id }: SyncRow) => table === 'visit' && real.table('visit').has(id) && ++taken % 4 === 0;
      return {
        ...real,
        take: (rows, mark) =>
          real.take(
            rows.filter((row) => !old(row)),
            mark,
          ),
      };
    },
  }),

  'a desk alone calls from a queue that others serve': () => ({
    cache: (real, post) => ({
      ...real,
      table: ((table: 'room') =>
        table === 'room'
          ? new Map([...real.table('room')].filter(([id]) => id === post.roomId))
          : real.table(table)) as Cache['table'],
    }),
  }),

  'a desk’s own clock is believed': () => ({
    aim: 'desk clock × issue',
    answer: (name, answer, { time, ahead }) =>
      name === 'sync.hello' ? { ...(answer as object), time: time.now() + ahead } : answer,
  }),

  'the outbox is written after people were told': () => {
    const unwritten = new Map<string, { commandId: string; at: number }[]>();
    const ended = new Map<string, number>();
    return {
      outbox: (real, { life, time, post }) => {
        const mine = (unwritten.get(post.code) ?? []).filter(({ at }) => at > (ended.get(post.code) ?? 0) - UNWRITTEN);
        for (const { n, commandId } of real.all()) if (mine.some((one) => one.commandId === commandId)) real.remove(n);
        const fresh: { commandId: string; at: number }[] = [];
        unwritten.set(post.code, fresh);
        const tell = life.ended;
        life.ended = () => {
          ended.set(post.code, time.now());
          tell();
        };
        const noted = <T extends { commandId: string }>(item: T): T => {
          fresh.push({ commandId: item.commandId, at: time.now() });
          return item;
        };
        return { ...real, add: (item) => noted(real.add(item)), change: (n, part) => noted(real.change(n, part)) };
      },
    };
  },

  'what the server refused is forgotten': () => ({
    outbox: (real) => ({
      ...real,
      change: (n, part) => {
        const changed = real.change(n, part);
        if (part.state === 'refused') real.remove(n);
        return changed;
      },
      add: (item) => {
        const added = real.add(item);
        if (item.operation === 'sheet.report') real.remove(added.n);
        return added;
      },
    }),
  }),

  'a station’s own numbers begin again after a crash': () => ({
    outbox: (real) => {
      const series = new Map<string, number>();
      return {
        ...real,
        next: (name) => {
          series.set(name, (series.get(name) ?? 0) + 1);
          return series.get(name) ?? 0;
        },
      };
    },
  }),
};

/** A planted bug for one run. */
export const plant = (name: string): PlantedBug => ({ name, ...PLANTED_BUGS[name]?.() });
