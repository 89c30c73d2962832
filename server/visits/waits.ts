import { and, desc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import type { OrderPolicy, Tally } from '../../domain/queue-order.ts';
import type { Priority } from '../../domain/visit.ts';
import { type Group, type Served, serviceTime, type WaitRange, waitRange } from '../../domain/wait-estimate.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { Ports } from '../ports.ts';

/** How far back, and how many, finished steps are learnt from. */
const LEARN_FROM = { days: 90, steps: 600 };
/** For how long what was learnt is used before it is read again, in ms. */
const FRESH = 60_000;

const findServed = statement(({ db, t, p }) =>
  db
    .select({ calledAt: t.steps.calledAt, endedAt: t.steps.endedAt, staffId: t.steps.staffId })
    .from(t.steps)
    .where(
      and(
        eq(t.steps.queueId, p('queueId')),
        gt(t.steps.endedAt, p('since')),
        eq(t.steps.state, 'done'),
        isNotNull(t.steps.calledAt),
      ),
    )
    .orderBy(desc(t.steps.endedAt))
    .limit(LEARN_FROM.steps),
);

/** Rooms where somebody works, with the queues that they serve. */
const findServingRooms = statement(({ db, t, p }) =>
  db
    .selectDistinct({ roomId: t.rooms.id, queueIds: t.rooms.queueIds })
    .from(t.rooms)
    .innerJoin(t.roomWorkers, eq(t.roomWorkers.roomId, t.rooms.id))
    .where(eq(t.rooms.branchId, p('branchId'))),
);

const findTally = statement(({ db, t, p }) =>
  db
    .select({
      priority: t.steps.priority,
      waiting: sql<number>`count(*)`.mapWith(Number),
      overdue: sql<number>`count(*) filter (where ${t.steps.waitingSince} < case ${t.steps.priority}
        when 'emergency' then cast(${p('emergency')} as bigint) when 'priority' then cast(${p('priority')} as bigint)
        when 'appointment' then cast(${p('appointment')} as bigint) else cast(${p('normal')} as bigint) end)`.mapWith(
        Number,
      ),
      moved: sql<number>`count(*) filter (where ${t.steps.behind} > 0 or ${t.steps.ahead})`.mapWith(Number),
    })
    .from(t.steps)
    .where(and(eq(t.steps.queueId, p('queueId')), eq(t.steps.state, 'waiting'), eq(t.steps.clinicDay, p('day'))))
    .groupBy(t.steps.priority),
);

/** How many wait by class; `plain` when nobody rejoined or resumed, so that counts alone place a newcomer. */
export async function tallyOf(
  reader: Pick<Reader, 'rows'>,
  at: Readonly<{ queueId: string; day: string; policy: OrderPolicy; now: number }>,
): Promise<{ tally: Tally; plain: boolean }> {
  const cut = (priority: Priority) => at.now - at.policy.maxWaitMinutes[priority] * 60_000;
  const rows = await reader.rows(findTally, {
    queueId: at.queueId,
    day: at.day,
    emergency: cut('emergency'),
    priority: cut('priority'),
    appointment: cut('appointment'),
    normal: cut('normal'),
  });
  const none = { waiting: 0, overdue: 0 };
  const tally = {
    emergency: none,
    priority: none,
    appointment: none,
    normal: none,
    ...Object.fromEntries(rows.map((row) => [row.priority, row])),
  };
  return { tally, plain: rows.every(({ moved }) => moved === 0) };
}

export type Waits = Readonly<{
  /** The wait of somebody with so many ahead; null is "cannot tell yet". */
  range: (
    queue: Readonly<{ id: string; branchId: string }>,
    ahead: number,
    zone: string,
    staffId?: string | null,
  ) => Promise<WaitRange | null>;
  /** Reads afresh the next time: rooms were opened or left. */
  forget: () => void;
}>;

type Learnt = { at: number; served: Served[]; rooms: number; groups: Map<string, Group> };

/** Learns service times from finished steps; read at most once a minute per queue. */
export function createWaits(reader: Reader, ports: Ports): Waits {
  const learnt = new Map<string, Learnt>();

  async function learn(queue: Readonly<{ id: string; branchId: string }>, zone: string): Promise<Learnt> {
    const known = learnt.get(queue.id);
    const now = ports.now();
    if (known && now - known.at < FRESH) return known;
    const rows = await reader.rows(findServed, { queueId: queue.id, since: now - LEARN_FROM.days * 86_400_000 });
    const served = rows.map(({ calledAt, endedAt, staffId }): Served => {
      const begun = calledAt ?? 0;
      return { duration: Math.max(0, (endedAt ?? begun) - begun), staffId, ...wallOf(begun, zone) };
    });
    const serving = await reader.rows(findServingRooms, { branchId: queue.branchId });
    const rooms = serving.filter(({ queueIds }) => queueIds.includes(queue.id)).length;
    const fresh = { at: now, served, rooms, groups: new Map() };
    learnt.set(queue.id, fresh);
    return fresh;
  }

  return {
    forget: () => learnt.clear(),
    async range(queue, ahead, zone, staffId = null) {
      const known = await learn(queue, zone);
      let group = known.groups.get(String(staffId));
      if (!group) {
        group = serviceTime(known.served, { staffId, ...wallOf(ports.now(), zone) });
        known.groups.set(String(staffId), group);
      }
      return waitRange(group, ahead, known.rooms);
    },
  };
}

function wallOf(instant: number, zone: string): { weekday: number; hour: number } {
  const wall = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return { weekday: wall.dayOfWeek, hour: wall.hour };
}
