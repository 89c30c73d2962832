import { and, count, eq, gte, inArray, lt } from 'drizzle-orm';
import { clinicDayOn } from '../../domain/clinic-day.ts';
import { decideCloseDay } from '../../domain/decide.ts';
import { OPEN_STATES, type StepState } from '../../domain/visit.ts';
import { accuracy } from '../../domain/wait-estimate.ts';
import { type Branch, branchOf, dayOf, todayOf } from '../clinic.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';
import { PLAUSIBLE } from './facts.ts';
import { writeChanges } from './rows.ts';

type Ctx = Pick<CommandContext, 'tx' | 'actor' | 'branchId' | 'now' | 'id' | 'commandId' | 'emit'>;

/** The branch and its clinic day; the first command of a new day closes the old ones. */
export async function openDay(ctx: Ctx): Promise<{ branch: Branch; day: string }> {
  const branch = await branchOf(ctx.tx, ctx.branchId);
  return { branch, day: await openDayOf(ctx, branch) };
}

/** The same for a branch that was read already. */
export async function openDayOf(ctx: Ctx, branch: Branch): Promise<string> {
  const day = todayOf(branch, ctx.now);
  if (day > branch.openDay) await closeDaysBefore(ctx, branch, day);
  return day;
}

/** Closes what days before today left open, and what a desk told of them only later. */
export async function closeOldDays(ctx: Ctx): Promise<void> {
  const branch = await branchOf(ctx.tx, ctx.branchId);
  await closeDaysBefore(ctx, branch, todayOf(branch, ctx.now));
}

/** Whether there is anything to close. */
export async function hasOldDays(reader: Reader, branchId: string, now: number): Promise<boolean> {
  const branch = await branchOf(reader, branchId);
  const today = todayOf(branch, now);
  if (today > branch.openDay) return true;
  // Nothing older can be told of any more: only these days of each queue are looked through, by their index.
  const since = dayOf(branch, now - PLAUSIBLE).date;
  return (await reader.row(findLeft, { branchId, since, today })) !== undefined;
}

const findLeft = statement(({ db, t, p }) =>
  db
    .select({ id: t.steps.id })
    .from(t.queues)
    .crossJoin(t.steps)
    .where(
      and(
        eq(t.queues.branchId, p('branchId')),
        eq(t.steps.queueId, t.queues.id),
        gte(t.steps.clinicDay, p('since')),
        lt(t.steps.clinicDay, p('today')),
        inArray(t.steps.state, [...OPEN_STATES]),
      ),
    )
    .limit(1),
);

/** Closes what earlier days left open, dated to each day's own end, and reports what was closed. */
async function closeDaysBefore(ctx: Ctx, branch: Branch, today: string): Promise<void> {
  const { tx, branchId } = ctx;
  const { t } = tx;
  const rows = await tx.db
    .select({ step: t.steps, patientId: t.visits.patientId })
    .from(t.steps)
    .innerJoin(t.visits, eq(t.visits.id, t.steps.visitId))
    .where(and(eq(t.steps.branchId, branchId), inArray(t.steps.state, [...OPEN_STATES]), lt(t.steps.clinicDay, today)));
  const left = rows.map(({ step }) => step);
  const patientOf = new Map(rows.map(({ step, patientId }) => [step.visitId, patientId]));
  const days = new Set(left.map(({ clinicDay }) => clinicDay));
  if (today > branch.openDay) days.add(branch.openDay);
  for (const day of [...days].sort()) {
    const changes = decideCloseDay(
      left.filter(({ clinicDay }) => clinicDay === day),
      endOf(branch, day),
    );
    await writeChanges(ctx, changes);
    for (const { visitId, queueId, state } of changes.steps)
      ctx.emit('visit.changed', { visitId, queueId, state, patientId: patientOf.get(visitId) ?? '' });
    const report = {
      ...(await closedOn(tx, branchId, day)),
      closedAt: ctx.now,
      accuracy: await accuracyOf(tx, branchId, day),
    };
    await tx.db
      .insert(t.closedDays)
      .values({ branchId, day, ...report })
      .onConflictDoUpdate({ target: [t.closedDays.branchId, t.closedDays.day], set: report });
    ctx.emit('day.closed', { day });
  }
  await tx.db.update(t.branches).set({ openDay: today }).where(eq(t.branches.id, branchId));
}

/** How many the day's end closed, also those that were heard of later. */
async function closedOn({ t, db }: Pick<Reader, 't' | 'db'>, branchId: string, day: string) {
  const rows = await db
    .select({ state: t.steps.state, many: count() })
    .from(t.steps)
    .where(and(eq(t.steps.branchId, branchId), eq(t.steps.clinicDay, day), eq(t.steps.lastCommand, 'close-day')))
    .groupBy(t.steps.state);
  const many = (state: StepState) => Number(rows.find((row) => row.state === state)?.many ?? 0);
  return { noShows: many('no_show'), cancelled: many('cancelled') };
}

const endOf = (branch: Branch, day: string): number => clinicDayOn(day, branch).end;

/** How good the day's promises were: from the first steps of visits that were called. */
export async function accuracyOf({ t, db }: Pick<Reader, 't' | 'db'>, branchId: string, day: string) {
  const rows = await db
    .select({
      since: t.visits.arrivedAt,
      calledAt: t.steps.calledAt,
      low: t.steps.estimateLow,
      high: t.steps.estimateHigh,
    })
    .from(t.steps)
    .innerJoin(t.visits, eq(t.visits.id, t.steps.visitId))
    .where(and(eq(t.steps.branchId, branchId), eq(t.steps.clinicDay, day), eq(t.steps.sequence, 1)));
  const waits = rows.flatMap(({ since, calledAt, low, high }) =>
    calledAt === null || low === null || high === null ? [] : [{ waited: calledAt - since, range: { low, high } }],
  );
  return accuracy(waits);
}
