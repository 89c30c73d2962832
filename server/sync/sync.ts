import { createHash } from 'node:crypto';
import { and, count, eq, isNull } from 'drizzle-orm';
import { proofText } from '../../contract/proof.ts';
import { type GivenRow, PROTOCOL, type SyncTable } from '../../contract/sync.ts';
import { statement } from '../db/connection.ts';
import type { Presence } from '../devices/presence.ts';
import type { GroupHandlers, QueryContext } from '../dispatch.ts';
import { findAfter, metaOf, newestOf, oldestOf } from '../feed/feed.ts';
import type { Waits } from '../visits/waits.ts';
import { furnitureRows, keeps, MOST_PATIENTS, patientIds, rowsOf, type Scope, visitIds } from './rows.ts';

const findBoards = statement(({ db, t, p }) =>
  db
    .select({ id: t.boards.id })
    .from(t.boards)
    .where(eq(t.boards.branchId, p('branchId'))),
);

/** The most feed entries in one answer. */
const PAGE = 500;

/** The rows that an event is about, by table. */
const ABOUT: Record<string, (payload: Record<string, unknown>) => Partial<Record<SyncTable, unknown>>> = {
  'visit.changed': ({ visitId, patientId, queueId }) => ({
    visit: visitId,
    patient: patientId,
    notes: patientId,
    queue: queueId,
  }),
  'note.changed': ({ patientId }) => ({ notes: patientId }),
  'patient.changed': ({ patientId }) => ({ patient: patientId }),
  'queue.changed': ({ queueId }) => ({ queue: queueId }),
  'room.changed': ({ roomId }) => ({ room: roomId }),
  'board.changed': ({ boardId }) => ({ board: boardId }),
  'user.changed': ({ userId }) => ({ person: userId }),
};
/** Events after which what hangs on the wall is another. */
const SHOWN = new Set([
  'visit.changed',
  'call.announced',
  'queue.changed',
  'room.changed',
  'board.changed',
  'day.closed',
]);

type Options = Readonly<{ waits: Waits; presence: Presence; version: string }>;

/** What a paired desk keeps of the clinic: all of it once, then what changes, in the order of the commits. */
export function createSyncHandlers({ waits, presence, version }: Options): GroupHandlers<'sync'> {
  const scopeOf = (ctx: QueryContext): Scope => ({
    ...{ reader: ctx.db, waits, branchId: ctx.branchId, now: ctx.now },
    place: ctx.actor.station?.place ?? 'board',
  });
  const headOf = async ({ db }: QueryContext): Promise<number> => (await newestOf(db)) ?? 0;

  return {
    async hello(ctx, { protocol, ...said }) {
      if (protocol < PROTOCOL - 1) ctx.fail('protocol_too_old');
      if (protocol > PROTOCOL) ctx.fail('protocol_too_new');
      presence.note(ctx.actor.deviceId, said);
      return {
        ...{ protocol: PROTOCOL, version, time: ctx.now, station: ctx.actor.station?.code ?? '' },
        epoch: (await metaOf(ctx.db, 'epoch')) ?? '',
        seq: await headOf(ctx),
      };
    },

    async fill(ctx, { cursor, limit }) {
      const scope = scopeOf(ctx);
      const epoch = (await metaOf(ctx.db, 'epoch')) ?? '';
      const [seqText = '', chapter = 'furniture', at = ''] = cursor?.split('|') ?? [];
      const seq = cursor ? Number(seqText) : await headOf(ctx);
      const total = await about(ctx, scope);
      const page = (rows: GivenRow[], next: string | null) => ({
        epoch,
        seq,
        rows,
        total,
        cursor: next && `${seq}|${next}`,
      });
      if (chapter === 'furniture') return page(await furnitureRows(scope), keeps(scope, 'visit') ? 'visits|' : null);
      if (chapter === 'visits') {
        const ids = await visitIds(scope, at, limit);
        const rows = await rowsOf(scope, 'visit', ids);
        const whose = rows.flatMap((row) => (row.table === 'visit' && row.row ? [row.row.visit.patientId] : []));
        const last = ids.length === limit ? ids.at(-1) : undefined;
        return page(
          [
            ...rows,
            ...(await rowsOf(scope, 'patient', [...new Set(whose)])),
            ...(await rowsOf(scope, 'notes', [...new Set(whose)])),
          ],
          last ? `visits|${last}` : 'patients|0',
        );
      }
      const ids = await patientIds(scope, Number(at), limit);
      return page(await rowsOf(scope, 'patient', ids), ids.length === limit ? `patients|${Number(at) + limit}` : null);
    },

    async proof(ctx, { day }) {
      const { t, db } = ctx.db;
      // Read first: a row that is newer than its number makes the desk ask again, an older one would be believed.
      const seq = await headOf(ctx);
      const rows = await db
        .select({ id: t.visits.id, token: t.visits.token, state: t.steps.state, version: t.steps.version })
        .from(t.visits)
        .innerJoin(t.steps, eq(t.steps.id, t.visits.currentStepId))
        .where(and(eq(t.visits.branchId, ctx.branchId), eq(t.visits.clinicDay, day)));
      return { seq, count: rows.length, sha256: createHash('sha256').update(proofText(rows)).digest('hex') };
    },

    async since(ctx, { since, epoch }) {
      const scope = scopeOf(ctx);
      if (epoch !== ((await metaOf(ctx.db, 'epoch')) ?? '')) ctx.fail('feed_gap');
      const oldest = await oldestOf(ctx.db);
      if (oldest !== null && since < oldest - 1) ctx.fail('feed_gap');
      const found = await ctx.db.rows(findAfter, { since, branchId: ctx.branchId, limit: PAGE + 1 });
      const entries = found.slice(0, PAGE);
      const touched = new Map<SyncTable, Set<string>>();
      const touch = (table: SyncTable, id: unknown) => {
        if (typeof id === 'string') touched.set(table, (touched.get(table) ?? new Set()).add(id));
      };
      for (const { event, payload } of entries) {
        for (const [table, id] of Object.entries(ABOUT[event]?.(payload) ?? {})) touch(table as SyncTable, id);
        // What a desk need not keep any more, it forgets.
        if (event === 'day.closed') for (const id of await visitsOf(ctx, String(payload['day']))) touch('visit', id);
        if (event === 'settings.changed' || event === 'day.closed') touch('clinic', ctx.branchId);
      }
      if (entries.some(({ event }) => SHOWN.has(event))) {
        for (const { id } of await ctx.db.rows(findBoards, { branchId: ctx.branchId })) touch('boardView', id);
      }
      const rows: GivenRow[] = [];
      for (const [table, ids] of touched) rows.push(...(await rowsOf(scope, table, [...ids])));
      return {
        ...{ epoch, rows, more: found.length > PAGE },
        seq: entries.at(-1)?.seq ?? since,
        commandIds: [...new Set(entries.flatMap(({ commandId }) => commandId ?? []))],
      };
    },
  };
}

const visitsOf = async ({ db: { t, db }, branchId }: QueryContext, day: string): Promise<string[]> => {
  const ofDay = and(eq(t.visits.branchId, branchId), eq(t.visits.clinicDay, day));
  return (await db.select({ id: t.visits.id }).from(t.visits).where(ofDay)).map(({ id }) => id);
};

/** How many rows the first fill brings, about. */
async function about(ctx: QueryContext, scope: Scope): Promise<number> {
  if (!keeps(scope, 'patient')) return 1;
  const { t, db } = ctx.db;
  const [row] = await db
    .select({ many: count() })
    .from(t.patients)
    .where(and(eq(t.patients.branchId, ctx.branchId), isNull(t.patients.archivedAt)));
  return Math.min(Number(row?.many ?? 0), MOST_PATIENTS);
}
