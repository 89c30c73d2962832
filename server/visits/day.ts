import { and, eq, inArray, lt } from 'drizzle-orm';
import { clinicDayOn } from '../../domain/clinic-day.ts';
import { decideCloseDay } from '../../domain/decide.ts';
import { OPEN_STATES } from '../../domain/visit.ts';
import { accuracy } from '../../domain/wait-estimate.ts';
import { type Branch, branchOf, todayOf } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';
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

/** Closes what earlier days left open, dated to each day's own end, and reports what was closed. */
async function closeDaysBefore(ctx: Ctx, branch: Branch, today: string): Promise<void> {
  const { tx, branchId } = ctx;
  const { t } = tx;
  const left = await tx.db
    .select()
    .from(t.steps)
    .where(and(eq(t.steps.branchId, branchId), inArray(t.steps.state, [...OPEN_STATES]), lt(t.steps.clinicDay, today)));
  const days = new Set([branch.openDay, ...left.map(({ clinicDay }) => clinicDay)]);
  for (const day of [...days].sort()) {
    const changes = decideCloseDay(
      left.filter(({ clinicDay }) => clinicDay === day),
      endOf(branch, day),
    );
    await writeChanges(ctx, changes);
    const noShows = changes.steps.filter(({ state }) => state === 'no_show').length;
    const report = {
      noShows,
      cancelled: changes.steps.length - noShows,
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
