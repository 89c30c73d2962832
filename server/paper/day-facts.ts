import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { dayFigures } from '../../domain/day-report.ts';
import type { ReportFacts } from '../../paper/paper.ts';
import { todayOf } from '../clinic.ts';
import type { QueryContext } from '../dispatch.ts';
import { accuracyOf } from '../visits/day.ts';
import type { Clinic } from './visit-facts.ts';

type Ctx = Pick<QueryContext, 'db' | 'branchId' | 'now' | 'actor'>;

/** Everything that the report of a day says, from the rows of that day. */
export async function reportFacts(ctx: Ctx, { branch, letterhead }: Clinic, day: string): Promise<ReportFacts> {
  const { t, db } = ctx.db;
  const queues = await db
    .select({ id: t.queues.id, code: t.queues.code, name: t.queues.name })
    .from(t.queues)
    .where(eq(t.queues.branchId, ctx.branchId))
    .orderBy(t.queues.code);
  const ofDay = and(eq(t.visits.branchId, ctx.branchId), eq(t.visits.clinicDay, day));
  const visits = await db
    .select({ id: t.visits.id, arrivedAt: t.visits.arrivedAt, currentStepId: t.visits.currentStepId })
    .from(t.visits)
    .where(ofDay);
  const steps = await stepsOf(ctx, day, queues);
  const outOfOrder = await db
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(t.visitHistory)
    .innerJoin(t.visits, eq(t.visits.id, t.visitHistory.visitId))
    .where(and(ofDay, eq(t.visitHistory.outOfOrder, true)));

  const current = new Set(visits.map(({ currentStepId }) => currentStepId));
  const order = queues.map(({ id }) => id);
  const figures = dayFigures({
    arrivals: visits.map(({ arrivedAt }) => arrivedAt),
    steps: steps
      .map((step) => ({ ...step, last: current.has(step.id) }))
      .sort((a, b) => order.indexOf(a.queueId) - order.indexOf(b.queueId)),
    outOfOrder: outOfOrder[0]?.n ?? 0,
    hourOf: (instant) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(branch.timeZone).hour,
    rollOverHour: branch.rollOverHour,
  });
  return {
    letterhead,
    by: ctx.actor.name,
    day,
    goesOn: day === todayOf(branch, ctx.now),
    figures,
    queues: Object.fromEntries(queues.map(({ id, code, name }) => [id, { code, name }])),
    accuracy: await accuracyOf(ctx.db, ctx.branchId, day),
    seal: await lastSeal(ctx),
  };
}

/** By queue and day, as the index has them. */
function stepsOf({ db: { t, db } }: Ctx, day: string, queues: readonly { id: string }[]) {
  const { id, visitId, queueId, state, waitingSince, calledAt, endReason } = t.steps;
  const ids = queues.map((queue) => queue.id);
  return db
    .select({ id, visitId, queueId, state, waitingSince, calledAt, endReason })
    .from(t.steps)
    .where(and(inArray(t.steps.queueId, ids), eq(t.steps.clinicDay, day)));
}

async function lastSeal({ db: { t, db } }: Ctx): Promise<ReportFacts['seal']> {
  return (await db.select().from(t.auditCheckpoints).orderBy(desc(t.auditCheckpoints.seq)).limit(1))[0] ?? null;
}
