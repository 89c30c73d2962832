import type { CallRun, OrderPolicy } from '../../../domain/queue-order.ts';
import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';
import type { peopleTables } from './people.ts';

/** Where people wait and are seen, and the boards that show it. */
export function queueTables(k: Columns, { branchId, times }: Ground, { users }: ReturnType<typeof peopleTables>) {
  const queues = k.table(
    'queues',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      code: k.text('code').notNull(),
      name: k.text('name').notNull(),
      nameKey: k.text('name_key').notNull(),
      state: k.text<'open' | 'paused' | 'closed'>('state').notNull(),
      policy: k.json<OrderPolicy>('policy').notNull(),
      run: k.json<CallRun>('run').notNull(),
      returnTo: k.text<'place' | 'end'>('return_to').notNull(),
      rejoinAfter: k.int('rejoin_after').notNull(),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('queues_code').on(t.branchId, t.code), k.unique('queues_name').on(t.branchId, t.nameKey)],
  );

  const rooms = k.table(
    'rooms',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      name: k.text('name').notNull(),
      nameKey: k.text('name_key').notNull(),
      capacity: k.int('capacity').notNull(),
      queueIds: k.json<string[]>('queue_ids').notNull(),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('rooms_name').on(t.branchId, t.nameKey)],
  );

  const roomWorkers = k.table(
    'room_workers',
    {
      userId: k
        .text('user_id')
        .primaryKey()
        .references(() => users.id),
      roomId: k
        .text('room_id')
        .notNull()
        .references(() => rooms.id),
      branchId: branchId(),
      since: k.int('since').notNull(),
    },
    (t) => [k.index('room_workers_room').on(t.roomId)],
  );

  const boards = k.table('boards', {
    id: k.text('id').primaryKey(),
    branchId: branchId(),
    name: k.text('name').notNull(),
    names: k.text<'none' | 'first' | 'full'>('names').notNull(),
    queueIds: k.json<string[]>('queue_ids').notNull(),
    notice: k.text('notice'),
    version: k.int('version').notNull(),
    ...times,
  });

  return { queues, rooms, roomWorkers, boards };
}
