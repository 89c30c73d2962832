import { asc, count, eq, sql } from 'drizzle-orm';
import { type ClinicDay, createDayClock } from '../domain/clinic-day.ts';
import { type Reader, statement } from './db/connection.ts';
import type { Tx } from './db/scope.ts';

/** The branch as the commands need it. */
const findBranch = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.branches)
    .where(eq(t.branches.id, p('id'))),
);
export type Branch = Awaited<ReturnType<typeof branchOf>>;

export async function branchOf(reader: Pick<Reader, 'row'>, branchId: string) {
  const branch = await reader.row(findBranch, { id: branchId });
  if (!branch) throw new Error(`There is no branch ${branchId}.`);
  return branch;
}

const findFirst = statement(({ db, t }) => db.select().from(t.branches).orderBy(asc(t.branches.createdAt)).limit(1));

/** The branch that the clinic began with; undefined before it did. */
export const firstBranch = (reader: Pick<Reader, 'row'>): Promise<Branch | undefined> => reader.row(findFirst);

const findAsked = statement(({ db, t }) =>
  db
    .select({ id: t.branches.id, name: t.branches.name })
    .from(t.branches)
    .where(eq(t.branches.selfRegistration, true))
    .orderBy(asc(t.branches.createdAt)),
);

/** Where people may ask for an account by themselves, the oldest branch first. */
export const branchesAsked = (reader: Pick<Reader, 'rows'>): Promise<{ id: string; name: string }[]> =>
  reader.rows(findAsked);

const findBranches = statement(({ db, t }) => db.select({ n: count() }).from(t.branches));

/** Whether the clinic has more than one branch. */
export const hasBranches = async (reader: Pick<Reader, 'row'>): Promise<boolean> =>
  ((await reader.row(findBranches))?.n ?? 0) > 1;

const clocks = new Map<string, (instant: number) => ClinicDay>();

/** The clinic day of an instant by a branch's own zone and roll-over hour. */
export function dayOf(branch: Readonly<{ timeZone: string; rollOverHour: number }>, instant: number): ClinicDay {
  const key = `${branch.timeZone} ${branch.rollOverHour}`;
  let clock = clocks.get(key);
  if (!clock) {
    clock = createDayClock(branch);
    clocks.set(key, clock);
  }
  return clock(instant);
}

/** The day that the clinic works on. A clock that jumped back never reopens an old one. */
export function todayOf(branch: Branch, now: number): string {
  const { date } = dayOf(branch, now);
  return date > branch.openDay ? date : branch.openDay;
}

const incrementCounter = statement(({ db, t, p }) =>
  db
    .insert(t.counters)
    .values({ series: p('series'), branchId: p('branchId'), value: 1 })
    .onConflictDoUpdate({ target: t.counters.series, set: { value: sql`${t.counters.value} + 1` } })
    .returning({ value: t.counters.value }),
);

/** The next number of a series: from a counter row, in the transaction that uses it. Never reused. */
export async function nextNumber(tx: Tx, branchId: string, series: string): Promise<number> {
  const row = await tx.row(incrementCounter, { series, branchId });
  if (!row) throw new Error(`The counter ${series} gave no number.`);
  return row.value;
}
