import type { Memory } from './memory.ts';

/**
 * - `waiting`: durable here, not yet answered by the server;
 * - `confirmed`: the server did it;
 * - `refused`: the server will not do it, and says why;
 * - `aside`: a person put it aside.
 */
export type ItemState = 'waiting' | 'confirmed' | 'refused' | 'aside';

/** One command of one person at this desk. */
export type Item = Readonly<{
  n: number;
  commandId: string;
  operation: string;
  input: Readonly<Record<string, unknown>>;
  userId: string;
  /** By this desk's corrected clock, ms since 1970. */
  madeAt: number;
  state: ItemState;
  /** The desk has told its person that this is done. */
  shown: boolean;
  /** How often it was sent. */
  attempts: number;
  /** The visits that it moves, when this desk decided it: its own, and whoever leaves the room for a call. */
  touches: readonly string[];
  /** The items before it on those visits, when they had no answer yet: they say what this one rests on. */
  follows: readonly number[];
  visitId: string | null;
  patientId: string | null;
  /** What is printed or said of it: a token, a number. */
  label: string | null;
  refusal: Readonly<{ code: string; facts: Readonly<Record<string, string | number | null>> }> | null;
  /** The version of the visit after it, as the server answered. */
  version: number | null;
  settledAt: number | null;
  /** What its person was told, where no picture of the visits says it: a copy, a note. */
  answer: Readonly<Record<string, unknown>> | null;
  /** The cache holds what it changed: it need not be laid over it any more. */
  seen: boolean;
  /** It was confirmed once, and is offered again to a server that was restored. */
  offered: boolean;
}>;

/** Items that only tell the server something: nothing that a desk shows depends on them. */
const REPORTS: readonly string[] = ['sheet.report', 'patients.opened', 'paper.countSlip'];
export const isReport = ({ operation }: Pick<Item, 'operation'>): boolean => REPORTS.includes(operation);

export type NewItem = Pick<Item, 'commandId' | 'operation' | 'input' | 'userId' | 'madeAt'> & Partial<Item>;

export type Outbox = Readonly<{
  /** Durable when this returns. */
  add: (item: NewItem) => Item;
  change: (n: number, part: Partial<Item>) => Item;
  /** For what was never shown, and which the server said it did not do. */
  remove: (n: number) => void;
  get: (n: number) => Item | null;
  all: () => readonly Item[];
  /** The next number of a series of this desk. Never the same again, on any day. */
  next: (series: string) => number;
  /** The timeline of the server that this was last handed over to: kept here, since the cache may be lost. */
  epoch: () => string | null;
  setEpoch: (epoch: string) => void;
  /** Several of these together, all or none. */
  together: <T>(work: () => T) => T;
  /** Forgets what was confirmed, or put aside, before. */
  forget: (before: number) => void;
}>;

/**
 * The one file of a desk that cannot be made again. Every call is on the disk when it returns.
 * @param begin the number after which a series begins that is not known here
 */
export function createOutbox(memory: Memory, begin: (series: string) => number = () => 0): Outbox {
  memory.exec(`
    CREATE TABLE IF NOT EXISTS items (n INTEGER PRIMARY KEY AUTOINCREMENT, command_id TEXT NOT NULL UNIQUE, item TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS series (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS timeline (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL);
  `);
  const insert = memory.prepare('INSERT INTO items (command_id, item) VALUES (?, ?)');
  const update = memory.prepare('UPDATE items SET command_id = ?, item = ? WHERE n = ?');
  const erase = memory.prepare('DELETE FROM items WHERE n = ?');
  const bump = memory
    .prepare(
      'INSERT INTO series (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value',
    )
    .pluck();
  const setEpoch = memory.prepare('INSERT OR REPLACE INTO timeline (one, epoch) VALUES (1, ?)');
  const getEpoch = memory.prepare('SELECT epoch FROM timeline').pluck();
  const isKnown = memory.prepare('SELECT 1 FROM series WHERE name = ?').pluck();

  // A copy at hand: reading the file for every question would cost more than everything else about it.
  const items = new Map<number, Item>();
  for (const { n, item } of memory.prepare('SELECT n, item FROM items ORDER BY n').all() as {
    n: number;
    item: string;
  }[])
    items.set(n, { ...(JSON.parse(item) as Omit<Item, 'n'>), n });
  const get = (n: number) => items.get(n) ?? null;

  return {
    get,
    all: () => [...items.values()],
    next: (series) => Number(bump.get(series, isKnown.get(series) ? 0 : begin(series) + 1)),
    epoch: () => (getEpoch.get() as string | undefined) ?? null,
    setEpoch: (epoch) => void setEpoch.run(epoch),
    together: (work) => {
      const before = new Map(items);
      try {
        return memory.transaction(work)();
      } catch (error) {
        items.clear();
        for (const [n, item] of before) items.set(n, item);
        throw error;
      }
    },
    add(given) {
      const { n: _, ...item } = { ...FRESH, ...given };
      const n = Number(insert.run(item.commandId, JSON.stringify(item)).lastInsertRowid);
      items.set(n, { ...item, n });
      return { ...item, n };
    },
    change(n, part) {
      const before = get(n);
      if (!before) throw new Error(`The outbox has no item ${n}.`);
      const { n: _, ...after } = { ...before, ...part };
      update.run(after.commandId, JSON.stringify(after), n);
      items.set(n, { ...after, n });
      return { ...after, n };
    },
    remove(n) {
      erase.run(n);
      items.delete(n);
    },
    forget(before) {
      for (const { n, state, settledAt, seen } of items.values()) {
        const over = (state === 'confirmed' && seen) || state === 'aside' || state === 'refused';
        if (over && settledAt !== null && settledAt < before) {
          erase.run(n);
          items.delete(n);
        }
      }
    },
  };
}

const FRESH = {
  n: 0,
  state: 'waiting',
  shown: false,
  attempts: 0,
  touches: [],
  follows: [],
  visitId: null,
  patientId: null,
  label: null,
  refusal: null,
  version: null,
  settledAt: null,
  answer: null,
  seen: false,
  offered: false,
} as const satisfies Partial<Item>;
