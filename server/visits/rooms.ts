import { and, eq, inArray } from 'drizzle-orm';
import type * as z from 'zod';
import type { room as roomShape } from '../../contract/shapes.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { CommandContext, GroupHandlers, QueryContext } from '../dispatch.ts';

type RoomView = z.input<typeof roomShape>;

const findWork = statement(({ db, t, p }) =>
  db
    .select({ roomId: t.roomWorkers.roomId })
    .from(t.roomWorkers)
    .where(eq(t.roomWorkers.userId, p('userId'))),
);

/** Where somebody works now. */
export const roomOfWorker = async (reader: Pick<Reader, 'row'>, userId: string): Promise<string | null> =>
  (await reader.row(findWork, { userId }))?.roomId ?? null;

/** From now on this person works in this room and in no other. */
export async function workIn(ctx: CommandContext, roomId: string): Promise<void> {
  const { tx, actor, branchId, now } = ctx;
  const { t } = tx;
  const before = await roomOfWorker(tx, actor.id);
  if (before === roomId) return;
  await tx.db
    .insert(t.roomWorkers)
    .values({ userId: actor.id, roomId, branchId, since: now })
    .onConflictDoUpdate({ target: t.roomWorkers.userId, set: { roomId, since: now } });
  for (const changed of [before, roomId]) if (changed) ctx.emit('room.changed', { roomId: changed });
}

export async function roomViews(
  reader: Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> },
  branchId: string,
  id?: string,
): Promise<RoomView[]> {
  const { t, db } = reader;
  const mine = id ? and(eq(t.rooms.branchId, branchId), eq(t.rooms.id, id)) : eq(t.rooms.branchId, branchId);
  const rows = await db.select().from(t.rooms).where(mine).orderBy(t.rooms.name);
  const workers = await db
    .select({ roomId: t.roomWorkers.roomId, id: t.users.id, name: t.users.name })
    .from(t.roomWorkers)
    .innerJoin(t.users, eq(t.users.id, t.roomWorkers.userId))
    .where(eq(t.roomWorkers.branchId, branchId));
  return rows.map(({ id: roomId, name, capacity, queueIds, version }) => ({
    id: roomId,
    name,
    capacity,
    queueIds,
    version,
    workers: workers
      .filter((worker) => worker.roomId === roomId)
      .map(({ id: userId, name: userName }) => ({ id: userId, name: userName })),
  }));
}

async function room(ctx: CommandContext<'not_found'>, id: string): Promise<RoomView> {
  return (await roomViews(ctx.tx, ctx.branchId, id))[0] ?? ctx.fail('not_found');
}

const keyOf = (name: string) => name.toLowerCase();

async function checkQueues(ctx: CommandContext, queueIds: readonly string[]): Promise<boolean> {
  if (queueIds.length === 0) return true;
  const { t, db } = ctx.tx;
  const known = await db
    .select({ id: t.queues.id })
    .from(t.queues)
    .where(and(eq(t.queues.branchId, ctx.branchId), inArray(t.queues.id, [...queueIds])));
  return known.length === new Set(queueIds).size;
}

async function nameTaken(ctx: CommandContext, name: string, except: string): Promise<boolean> {
  const { t, db } = ctx.tx;
  const same = await db
    .select({ id: t.rooms.id })
    .from(t.rooms)
    .where(and(eq(t.rooms.branchId, ctx.branchId), eq(t.rooms.nameKey, keyOf(name))));
  return same.some(({ id }) => id !== except);
}

export const roomHandlers: GroupHandlers<'rooms'> = {
  list: async (ctx: QueryContext) => ({ items: await roomViews(ctx.db, ctx.branchId), nextCursor: null }),

  async create(ctx, input) {
    const { tx, branchId, now } = ctx;
    if (!(await checkQueues(ctx, input.queueIds))) ctx.fail('not_found');
    if (await nameTaken(ctx, input.name, '')) ctx.fail('name_taken', { name: input.name });
    const id = ctx.id();
    await tx.db
      .insert(tx.t.rooms)
      .values({ id, branchId, ...input, nameKey: keyOf(input.name), version: 1, createdAt: now, updatedAt: now });
    ctx.emit('room.changed', { roomId: id });
    ctx.record({ resource: 'room', resourceId: id, after: input });
    return room(ctx, id);
  },

  async update(ctx, { id, expectedVersion, ...change }) {
    const { tx, now } = ctx;
    const before = await room(ctx, id);
    if (expectedVersion !== undefined && expectedVersion !== before.version)
      ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
    if (change.queueIds && !(await checkQueues(ctx, change.queueIds))) ctx.fail('not_found');
    if (change.name && (await nameTaken(ctx, change.name, id))) ctx.fail('name_taken', { name: change.name });
    const nameKey = keyOf(change.name ?? before.name);
    await tx.db
      .update(tx.t.rooms)
      .set({ ...change, nameKey, version: before.version + 1, updatedAt: now })
      .where(eq(tx.t.rooms.id, id));
    ctx.emit('room.changed', { roomId: id });
    ctx.record({ resource: 'room', resourceId: id, before: { ...before }, after: { ...before, ...change } });
    return room(ctx, id);
  },

  async work(ctx, { id }) {
    await room(ctx, id);
    await workIn(ctx, id);
    ctx.record({ resource: 'room', resourceId: id });
    return room(ctx, id);
  },

  async leave(ctx, { id }) {
    await room(ctx, id);
    const { t, db } = ctx.tx;
    await db.delete(t.roomWorkers).where(and(eq(t.roomWorkers.userId, ctx.actor.id), eq(t.roomWorkers.roomId, id)));
    ctx.emit('room.changed', { roomId: id });
    ctx.record({ resource: 'room', resourceId: id });
    return room(ctx, id);
  },
};
