import { and, desc, eq, gt, inArray, max } from 'drizzle-orm';
import type * as z from 'zod';
import type { board as boardShape, boardView } from '../../contract/shapes.ts';
import { isStaff } from '../../domain/people.ts';
import type { Actor } from '../actor.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { Builder, Reader } from '../db/connection.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { iso } from '../ports.ts';
import { line } from '../visits/queries.ts';
import type { Waits } from '../visits/waits.ts';

export type BoardView = z.input<typeof boardView>;

/** How many of the next tokens a board shows per queue. */
const NEXT = 6;
/** How many earlier calls it shows, and how old they may be, in ms. */
const RECENT = { most: 4, age: 30 * 60_000 };

/** What a board shows now; null when there is no such board in this branch. */
export async function viewBoard(
  reader: Reader,
  waits: Waits,
  boardId: string,
  now: number,
): Promise<(BoardView & { branchId: string }) | null> {
  const { t, db } = reader;
  const row = (await db.select().from(t.boards).where(eq(t.boards.id, boardId)))[0];
  if (!row) return null;
  const branch = await branchOf(reader, row.branchId);
  const day = todayOf(branch, now);
  // Read the change number first: a newer row with an older number is corrected by the next push, never the reverse.
  const seq = (await db.select({ seq: max(t.feed.seq) }).from(t.feed))[0]?.seq ?? 0;
  const queues = await db.select().from(t.queues).where(eq(t.queues.branchId, row.branchId)).orderBy(t.queues.code);
  const shown = queues.filter(({ id }) => row.queueIds.includes(id));
  return {
    id: row.id,
    branchId: row.branchId,
    name: row.name,
    clinic: branch.name,
    seq,
    at: iso(now),
    notice: row.notice,
    calls: await callsOf(reader, row.queueIds, row.names, day),
    recent: await recentOf(reader, row.queueIds, now),
    queues: await Promise.all(
      shown.map(async (queue) => {
        const waiting = await line(reader, queue.id, row.branchId, day, now);
        const next = await tokensOf(
          reader,
          waiting.slice(0, NEXT).map(({ step }) => step.visitId),
        );
        const range = await waits.range(queue, waiting.length, branch.timeZone);
        return {
          id: queue.id,
          code: queue.code,
          name: queue.name,
          state: queue.state,
          waiting: waiting.length,
          next,
          range,
        };
      }),
    ),
  };
}

async function tokensOf({ t, db }: Reader, visitIds: readonly string[]): Promise<string[]> {
  if (visitIds.length === 0) return [];
  const rows = await db
    .select({ id: t.visits.id, token: t.visits.token })
    .from(t.visits)
    .where(inArray(t.visits.id, [...visitIds]));
  const tokens = new Map(rows.map(({ id, token }) => [id, token]));
  return visitIds.map((id) => tokens.get(id) ?? '');
}

/** Who is called or in a room, the latest call first. */
async function callsOf(
  { t, db }: Reader,
  queueIds: readonly string[],
  names: 'none' | 'first' | 'full',
  day: string,
): Promise<BoardView['calls']> {
  if (queueIds.length === 0) return [];
  const rows = await db
    .select({ visit: t.visits, step: t.steps, room: t.rooms.name, patient: t.patients.name, callSeq: max(t.calls.seq) })
    .from(t.steps)
    .innerJoin(t.visits, eq(t.visits.id, t.steps.visitId))
    .innerJoin(t.patients, eq(t.patients.id, t.visits.patientId))
    .innerJoin(t.rooms, eq(t.rooms.id, t.steps.roomId))
    .innerJoin(t.calls, eq(t.calls.stepId, t.steps.id))
    .where(
      and(
        inArray(t.steps.state, ['called', 'in_room']),
        eq(t.steps.clinicDay, day),
        inArray(t.steps.queueId, [...queueIds]),
      ),
    )
    .groupBy(t.steps.id, t.visits.id, t.rooms.id, t.patients.id)
    .orderBy(desc(max(t.calls.seq)));
  return rows.map(({ visit, step, room, patient, callSeq }) => ({
    callSeq: Number(callSeq),
    visitId: visit.id,
    token: visit.token,
    room,
    state: step.state as 'called' | 'in_room',
    calledAt: iso(step.calledAt ?? 0),
    name: nameFor(names, patient),
  }));
}

/** Whose call is over: seen, away, or sent on. Whoever waits again is called again. */
async function recentOf({ t, db }: Reader, queueIds: readonly string[], now: number): Promise<BoardView['recent']> {
  if (queueIds.length === 0) return [];
  const rows = await db
    .select({ visitId: t.calls.visitId, token: t.visits.token, room: t.rooms.name })
    .from(t.calls)
    .innerJoin(t.visits, eq(t.visits.id, t.calls.visitId))
    .innerJoin(t.steps, eq(t.steps.id, t.visits.currentStepId))
    .innerJoin(t.rooms, eq(t.rooms.id, t.calls.roomId))
    .where(
      and(
        inArray(t.calls.queueId, [...queueIds]),
        gt(t.calls.at, now - RECENT.age),
        inArray(t.steps.state, ['done', 'no_show', 'transferred']),
      ),
    )
    .orderBy(desc(t.calls.seq))
    .limit(RECENT.most * 3);
  const latest = new Map(rows.map((row) => [row.visitId, row] as const).reverse());
  return [...latest.values()]
    .reverse()
    .slice(0, RECENT.most)
    .map(({ token, room }) => ({ token, room }));
}

/** Token only, unless the clinic chose names: in full, or the first name and an initial. */
export function nameFor(names: 'none' | 'first' | 'full', name: string): string | null {
  if (names === 'none') return null;
  if (names === 'full') return name;
  const [first = '', ...others] = name.split(/\s+/);
  const last = others.at(-1);
  return last ? `${first} ${[...last][0]}.` : first;
}

type BoardRow = z.input<typeof boardShape>;

async function boardRows(
  reader: Readonly<{ t: Reader['t']; db: Pick<Builder, 'select'> }>,
  branchId: string,
): Promise<BoardRow[]> {
  const { t, db } = reader;
  const rows = await db.select().from(t.boards).where(eq(t.boards.branchId, branchId)).orderBy(t.boards.name);
  return rows.map(({ id, name, names, queueIds, notice, version }) => ({ id, name, names, queueIds, notice, version }));
}

/** Who does not work here may see the board of their own screen; the waiting-room door (`*`) any, but never a name on it. */
const maySee = ({ roles, boardId }: Pick<Actor, 'roles' | 'boardId'>, id: string) =>
  isStaff(roles) || boardId === id || boardId === '*';

export function createBoardHandlers(waits: Waits): GroupHandlers<'boards'> {
  const find = async (ctx: CommandContext<'not_found'>, id: string) =>
    (await boardRows(ctx.tx, ctx.branchId)).find((board) => board.id === id) ?? ctx.fail('not_found');

  const checkQueues = async (ctx: CommandContext<'not_found'>, queueIds: readonly string[] = []) => {
    const { t, db } = ctx.tx;
    const known = new Set(
      (await db.select({ id: t.queues.id }).from(t.queues).where(eq(t.queues.branchId, ctx.branchId))).map(
        ({ id }) => id,
      ),
    );
    if (!queueIds.every((id) => known.has(id))) ctx.fail('not_found');
  };

  return {
    async list(ctx) {
      const boards = await boardRows(ctx.db, ctx.branchId);
      return { items: boards.filter(({ id }) => maySee(ctx.actor, id)), nextCursor: null };
    },

    async get(ctx, { id }) {
      if (!maySee(ctx.actor, id)) return ctx.fail('not_found');
      const view = await viewBoard(ctx.db, waits, id, ctx.now);
      if (!view || view.branchId !== ctx.branchId) return ctx.fail('not_found');
      return ctx.actor.boardId === '*' ? { ...view, calls: view.calls.map((call) => ({ ...call, name: null })) } : view;
    },

    async create(ctx, input) {
      await checkQueues(ctx, input.queueIds);
      const { tx, branchId, now } = ctx;
      const id = ctx.id();
      await tx.db.insert(tx.t.boards).values({ id, branchId, ...input, version: 1, createdAt: now, updatedAt: now });
      ctx.emit('board.changed', { boardId: id });
      ctx.record({ resource: 'board', resourceId: id, after: input });
      return find(ctx, id);
    },

    async update(ctx, { id, expectedVersion, ...change }) {
      const before = await find(ctx, id);
      await checkQueues(ctx, change.queueIds);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
      const { t, db } = ctx.tx;
      await db
        .update(t.boards)
        .set({ ...change, version: before.version + 1, updatedAt: ctx.now })
        .where(eq(t.boards.id, id));
      ctx.emit('board.changed', { boardId: id });
      ctx.record({ resource: 'board', resourceId: id, before, after: { ...before, ...change } });
      return find(ctx, id);
    },

    async acknowledge(ctx, { id, callSeq, shown, spoken }) {
      if (!maySee(ctx.actor, id)) ctx.fail('not_found');
      await find(ctx, id);
      const { t, db } = ctx.tx;
      const call =
        (
          await db
            .select()
            .from(t.calls)
            .where(and(eq(t.calls.seq, callSeq), eq(t.calls.branchId, ctx.branchId)))
        )[0] ?? ctx.fail('not_found');
      const shownAt = call.shownAt ?? (shown ? ctx.now : null);
      const spokenAt = call.spokenAt ?? (spoken ? ctx.now : null);
      await db.update(t.calls).set({ shownAt, spokenAt }).where(eq(t.calls.seq, callSeq));
      ctx.emit('call.acknowledged', { callSeq, shown: shownAt !== null, spoken: spokenAt !== null });
      ctx.record({ resource: 'call', resourceId: String(callSeq), after: { shown, spoken } });
      return { ok: true };
    },
  };
}
