import { and, asc, eq, inArray, type SQL } from 'drizzle-orm';
import { SENTENCES, summaryOf, viewOf } from '../../contract/views.ts';
import type { visits as contract } from '../../contract/visits.ts';
import type { QueueRules } from '../../domain/decide.ts';
import { type Placed, queueOrder } from '../../domain/queue-order.ts';
import { isOpen, type Step } from '../../domain/visit.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';
import { directionOf, keyset, pageOf } from '../db/paging.ts';
import type { Handler, QueryContext } from '../dispatch.ts';
import { iso } from '../ports.ts';
import { queueOf, waitingIn } from './rows.ts';
import type { Waits } from './waits.ts';

type Contract = typeof contract;
type Asked = Pick<QueryContext, 'db' | 'branchId' | 'now'>;
type Lines = ReadonlyMap<string, Placed<Step>>;

/** Everyone's place in the queues of these steps, by step id. */
async function linesOf(reader: Reader, steps: readonly Step[], branchId: string, now: number): Promise<Lines> {
  const places = new Map<string, Placed<Step>>();
  const waiting = steps.filter(({ state }) => state === 'waiting');
  for (const key of new Set(waiting.map(({ queueId, clinicDay }) => `${queueId} ${clinicDay}`))) {
    const [queueId, day] = key.split(' ') as [string, string];
    for (const placed of await line(reader, queueId, branchId, day, now)) places.set(placed.step.id, placed);
  }
  return places;
}

/** A queue's line now. */
export async function line(
  reader: Reader,
  queueId: string,
  branchId: string,
  day: string,
  now: number,
): Promise<Placed<Step>[]> {
  const queue = (await queueOf(reader, { id: queueId, branchId })) as QueueRules;
  return queueOrder(await waitingIn(reader, queueId, day), queue.policy, now, queue.run);
}

const select = (reader: Reader) => {
  const { t } = reader;
  return reader.db
    .select({ visit: t.visits, step: t.steps, patient: t.patients })
    .from(t.visits)
    .innerJoin(t.steps, eq(t.steps.id, t.visits.currentStepId))
    .innerJoin(t.patients, eq(t.patients.id, t.visits.patientId));
};
type Row = Awaited<ReturnType<typeof select>>[number];

type WaitRange = Awaited<ReturnType<Waits['range']>>;

/** Rows as a screen lists them: with everyone's place, and the wait that is still to be expected from it. */
async function viewsOf(ctx: Asked, rows: readonly Row[], waits: Waits) {
  const steps = rows.map(({ step }) => step);
  const lines = await linesOf(ctx.db, steps, ctx.branchId, ctx.now);
  const zone = lines.size > 0 ? (await branchOf(ctx.db, ctx.branchId)).timeZone : '';
  const expected = async ({ queueId, branchId, forStaffId }: Step, { place }: Placed<Step>): Promise<WaitRange> =>
    waits.range({ id: queueId, branchId }, place - 1, zone, forStaffId);
  return Promise.all(
    rows.map(async ({ visit, step, patient }) => {
      const placed = lines.get(step.id);
      return {
        ...viewOf(visit, step, placed?.place ?? null),
        patient: summaryOf(patient),
        placeReason: placed?.reason ?? null,
        expected: placed ? await expected(step, placed) : null,
      };
    }),
  );
}

const history: Handler<Contract['history']> = async (ctx, { id }) => {
  const { t, db } = ctx.db;
  const rows = await db
    .select({ entry: t.visitHistory, by: t.users.name })
    .from(t.visitHistory)
    .leftJoin(t.users, eq(t.users.id, t.visitHistory.actorId))
    .where(and(eq(t.visitHistory.visitId, id), eq(t.visitHistory.branchId, ctx.branchId)))
    .orderBy(asc(t.visitHistory.at), asc(t.visitHistory.id));
  if (rows.length === 0) ctx.fail('not_found');
  const entries = rows.map(({ entry, by }) => ({
    command: entry.command,
    from: entry.from,
    to: entry.to,
    at: iso(entry.at),
    by: by ?? entry.actorId,
    byId: entry.actorId,
    reason: entry.reason,
    outOfOrder: entry.outOfOrder,
    queueId: entry.queueId,
  }));
  return { entries };
};

export type VisitQueries = ReturnType<typeof createVisitQueries>;

/** The questions about visits. */
export function createVisitQueries(waits: Waits) {
  const list: Handler<Contract['list']> = async (ctx, input) => {
    const { t } = ctx.db;
    const day = input.day ?? (input.patientId ? undefined : todayOf(await branchOf(ctx.db, ctx.branchId), ctx.now));
    const filters: (SQL | undefined)[] = [
      eq(t.visits.branchId, ctx.branchId),
      day ? eq(t.visits.clinicDay, day) : undefined,
      input.queueId ? eq(t.steps.queueId, input.queueId) : undefined,
      input.roomId ? eq(t.steps.roomId, input.roomId) : undefined,
      input.patientId ? eq(t.visits.patientId, input.patientId) : undefined,
      input.state ? inArray(t.steps.state, input.state) : undefined,
    ];
    const columns = input.sort
      ? [t.visits.arrivedAt, t.visits.id]
      : [t.visits.clinicDay, t.visits.tokenQueueId, t.visits.tokenNumber, t.visits.id];
    const { where, orderBy } = keyset(columns, input.cursor, directionOf(input.sort));
    const query = select(ctx.db)
      .where(and(...filters, where))
      .orderBy(...orderBy);
    // Boards ask for open states: nobody who waits may fall off the end of a page.
    const everyone = input.state?.every(isOpen) ?? false;
    const rows = await (everyone ? query : query.limit(input.limit + 1));
    const { items, nextCursor } = pageOf(rows, everyone ? rows.length : input.limit, ({ visit }) =>
      input.sort ? [visit.arrivedAt, visit.id] : [visit.clinicDay, visit.tokenQueueId, visit.tokenNumber, visit.id],
    );
    return { items: await viewsOf(ctx, items, waits), nextCursor };
  };

  /** One visit as a screen lists it; null when it is not this branch's. */
  async function rowOf(ctx: Asked, id: string) {
    const { t } = ctx.db;
    const rows = await select(ctx.db).where(and(eq(t.visits.id, id), eq(t.visits.branchId, ctx.branchId)));
    return (await viewsOf(ctx, rows, waits))[0] ?? null;
  }

  const why: Handler<Contract['why']> = async (ctx, { id }) => {
    const row = (await rowOf(ctx, id)) ?? ctx.fail('not_found');
    if (row.place === null)
      return {
        place: null,
        ahead: null,
        reason: row.state,
        sentence: `This visit is not waiting: it is ${row.state.replace('_', ' ')}.`,
      };
    const reason = row.placeReason as Placed<Step>['reason'];
    return { place: row.place, ahead: row.place - 1, reason, sentence: SENTENCES[reason] };
  };

  const get = async (ctx: QueryContext<'not_found'>, { id }: { id: string }) =>
    (await rowOf(ctx, id)) ?? ctx.fail('not_found');
  return { rowOf, handlers: { list, get, history, why } };
}
