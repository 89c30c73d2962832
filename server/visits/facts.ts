import { and, desc, eq } from 'drizzle-orm';
import { clinicDayOn } from '../../domain/clinic-day.ts';
import { currentStep, decideReopen, type Facts, type VisitWithSteps } from '../../domain/decide.ts';
import { canNumber, numberedFrom } from '../../domain/numbered.ts';
import type { Step } from '../../domain/visit.ts';
import type { Branch } from '../clinic.ts';
import { dayOf } from '../clinic.ts';
import type { CommandContext } from '../dispatch.ts';
import { writeChanges } from './rows.ts';

/** How old a fact may be (ms) and still belong to the day of its time: beyond that a desk's clock is not believed. */
export const PLAUSIBLE = 14 * 86_400_000;

/** When it was done: by the desk's corrected clock, never later than now, never before what it follows. */
export function timeOfFact({ actor, now }: Pick<CommandContext, 'actor' | 'now'>, after = 0): number {
  const { madeAt } = actor;
  if (madeAt === null || madeAt < now - PLAUSIBLE) return now;
  return Math.max(Math.min(madeAt, now), Math.min(after, now));
}

/** The clinic day that a fact belongs to: that of its own time, and never one to come. */
export function dayOfFact(ctx: Pick<CommandContext, 'actor' | 'now'>, branch: Branch, today: string): string {
  if (ctx.actor.madeAt === null) return today;
  const { date } = dayOf(branch, timeOfFact(ctx));
  return date < today ? date : today;
}

/** The ids of what a command makes: following from its own id when a desk made that, so that both ends name the same. */
export const idsOf = ({ actor, commandId, id }: Pick<CommandContext, 'actor' | 'commandId' | 'id'>): (() => string) =>
  actor.station && canNumber(commandId) ? numberedFrom(commandId) : id;

export const factsOf = (ctx: CommandContext, day: string, step?: Step): Facts => ({
  now: timeOfFact(ctx, step && Math.max(step.waitingSince, step.calledAt ?? 0, step.enteredAt ?? 0)),
  day,
  actorId: ctx.actor.id,
  id: idsOf(ctx),
});

/**
 * A step that only the day's close had ended, and that something was done to before: open again, as if the day had not
 * been closed yet. Answers how many versions were added, since the desk still speaks of the one before them.
 */
export async function reopenedFor(
  ctx: CommandContext,
  found: VisitWithSteps,
  branch: Branch,
): Promise<{ visit: VisitWithSteps; added: number }> {
  const step = currentStep(found);
  const { madeAt } = ctx.actor;
  if (madeAt === null || step.lastCommand !== 'close-day' || madeAt >= clinicDayOn(step.clinicDay, branch).end)
    return { visit: found, added: 0 };
  const { t, db } = ctx.tx;
  const closed = await db
    .select({ from: t.visitHistory.from })
    .from(t.visitHistory)
    .where(and(eq(t.visitHistory.stepId, step.id), eq(t.visitHistory.command, 'close-day')))
    .orderBy(desc(t.visitHistory.at))
    .limit(1);
  const from = closed[0]?.from;
  if (!from) return { visit: found, added: 0 };
  const changes = decideReopen(step, from);
  await writeChanges(ctx, changes);
  const steps = found.steps.map((one) => changes.steps.find(({ id }) => id === one.id) ?? one);
  return { visit: { ...found, steps }, added: 2 };
}
