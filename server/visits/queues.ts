import { and, eq, inArray, sql } from 'drizzle-orm';
import type * as z from 'zod';
import type { queue as queueShape } from '../../contract/shapes.ts';
import { DEFAULT_POLICY, NO_RUN } from '../../domain/queue-order.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { Builder, Reader } from '../db/connection.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { isoOrNull } from '../ports.ts';
import type { Waits } from './waits.ts';

type QueueView = z.input<typeof queueShape>;
type Reading = Pick<Reader, 't' | 'row' | 'rows'> & Readonly<{ db: Pick<Builder, 'select'> }>;

const keyOf = (name: string) => name.toLowerCase();

/** The queues with what a desk wants to know of them: how many wait, since when, and what a newcomer would wait. */
export async function queueViews(
  reader: Reading,
  waits: Waits,
  branchId: string,
  now: number,
  id?: string,
): Promise<QueueView[]> {
  const { t, db } = reader;
  const branch = await branchOf(reader, branchId);
  const mine = id ? and(eq(t.queues.branchId, branchId), eq(t.queues.id, id)) : eq(t.queues.branchId, branchId);
  const rows = await db.select().from(t.queues).where(mine).orderBy(t.queues.code);
  const rooms = await db
    .select({ id: t.rooms.id, queueIds: t.rooms.queueIds })
    .from(t.rooms)
    .where(eq(t.rooms.branchId, branchId));
  const waiting = await db
    .select({
      queueId: t.steps.queueId,
      count: sql<number>`count(*)`.mapWith(Number),
      since: sql<number>`min(${t.steps.waitingSince})`.mapWith(Number),
    })
    .from(t.steps)
    .where(
      and(
        inArray(
          t.steps.queueId,
          rows.map((row) => row.id),
        ),
        eq(t.steps.state, 'waiting'),
        eq(t.steps.clinicDay, todayOf(branch, now)),
      ),
    )
    .groupBy(t.steps.queueId);
  return Promise.all(
    rows.map(async (row) => {
      const line = waiting.find(({ queueId }) => queueId === row.id);
      return {
        id: row.id,
        code: row.code,
        name: row.name,
        state: row.state,
        policy: row.policy,
        returnTo: row.returnTo,
        rejoinAfter: row.rejoinAfter,
        version: row.version,
        waiting: line?.count ?? 0,
        longestWaitSince: isoOrNull(line?.since ?? null),
        newcomerWait: await waits.range(row, line?.count ?? 0, branch.timeZone),
        rooms: rooms.filter(({ queueIds }) => queueIds.includes(row.id)).map((room) => room.id),
      };
    }),
  );
}

export function createQueueHandlers(waits: Waits): Omit<GroupHandlers<'queues'>, 'callNext'> {
  const view = async (ctx: CommandContext<'not_found'>, id: string) =>
    (await queueViews(ctx.tx, waits, ctx.branchId, ctx.now, id))[0] ?? ctx.fail('not_found');

  const taken = async (ctx: CommandContext, column: 'code' | 'nameKey', value: string, except = '') => {
    const { t, db } = ctx.tx;
    const same = await db
      .select({ id: t.queues.id })
      .from(t.queues)
      .where(and(eq(t.queues.branchId, ctx.branchId), eq(t.queues[column], value)));
    return same.some(({ id }) => id !== except);
  };

  return {
    list: async (ctx) => ({ items: await queueViews(ctx.db, waits, ctx.branchId, ctx.now), nextCursor: null }),

    async create(ctx, input) {
      const { tx, branchId, now } = ctx;
      if (await taken(ctx, 'code', input.code)) ctx.fail('name_taken', { name: input.code });
      if (await taken(ctx, 'nameKey', keyOf(input.name))) ctx.fail('name_taken', { name: input.name });
      const id = ctx.id();
      await insertQueue(tx.db, tx.t, { id, branchId, now, ...input });
      ctx.emit('queue.changed', { queueId: id });
      ctx.record({ resource: 'queue', resourceId: id, after: input });
      return (await queueViews(tx, waits, branchId, now, id))[0] as QueueView;
    },

    async update(ctx, { id, expectedVersion, ...change }) {
      const { tx, now } = ctx;
      const before = await view(ctx, id);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
      if (change.name && (await taken(ctx, 'nameKey', keyOf(change.name), id)))
        ctx.fail('name_taken', { name: change.name });
      const nameKey = keyOf(change.name ?? before.name);
      await tx.db
        .update(tx.t.queues)
        .set({ ...change, nameKey, version: before.version + 1, updatedAt: now })
        .where(eq(tx.t.queues.id, id));
      ctx.emit('queue.changed', { queueId: id });
      ctx.record({ resource: 'queue', resourceId: id, before: { ...before }, after: { ...before, ...change } });
      return view(ctx, id);
    },

    async setState(ctx, { id, state }) {
      const before = await view(ctx, id);
      await ctx.tx.db.update(ctx.tx.t.queues).set({ state, updatedAt: ctx.now }).where(eq(ctx.tx.t.queues.id, id));
      ctx.emit('queue.changed', { queueId: id });
      ctx.record({ resource: 'queue', resourceId: id, before: { state: before.state }, after: { state } });
      return view(ctx, id);
    },
  };
}

type NewQueue = Readonly<{
  id: string;
  branchId: string;
  code: string;
  name: string;
  now: number;
  policy?: typeof DEFAULT_POLICY | undefined;
  returnTo?: 'place' | 'end';
  rejoinAfter?: number;
}>;

/** A queue with the usual rules where nothing else is said. */
export async function insertQueue(db: Builder, t: Reader['t'], queue: NewQueue): Promise<void> {
  const { id, branchId, code, name, now } = queue;
  const rules = {
    policy: queue.policy ?? DEFAULT_POLICY,
    returnTo: queue.returnTo ?? 'place',
    rejoinAfter: queue.rejoinAfter ?? 2,
  } as const;
  await db.insert(t.queues).values({
    id,
    branchId,
    code,
    name,
    nameKey: keyOf(name),
    state: 'open',
    run: NO_RUN,
    version: 1,
    createdAt: now,
    updatedAt: now,
    ...rules,
  });
}
