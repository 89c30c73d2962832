import { and, asc, eq, gt, max, min } from 'drizzle-orm';
import { summaryOf } from '../../contract/views.ts';
import { isStaff } from '../../domain/people.ts';
import type { Actor } from '../actor.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { Tx } from '../db/scope.ts';
import type { GroupHandlers, QueryContext } from '../dispatch.ts';
import { patientOf } from '../patients/rows.ts';
import type { VisitQueries } from '../visits/queries.ts';

/** For how long the feed is kept, in ms: a client away for longer loads everything afresh. */
export const FEED_KEPT = 14 * 86_400_000;

/** What a screen may hear of, or whoever does not work here: the boards, and nothing about people. */
const FOR_SCREENS = new Set(['board.changed', 'settings.changed', 'day.closed']);

/** Whether an event is this actor's to hear: within the branch, and for whoever does not work here only what concerns the boards. */
export const mayHear = (actor: Actor, entry: Readonly<{ branchId: string; event: string }>): boolean =>
  entry.branchId === actor.branchId && (isStaff(actor.roles) || FOR_SCREENS.has(entry.event));

/** What a branch's feed says after a number. */
export const findAfter = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.feed)
    .where(and(gt(t.feed.seq, p('since')), eq(t.feed.branchId, p('branchId'))))
    .orderBy(asc(t.feed.seq))
    .limit(p('limit')),
);
/** One at a time: SQLite looks at an end of the index for each alone, and at every row for both. */
const findOldest = statement(({ db, t }) => db.select({ seq: min(t.feed.seq) }).from(t.feed));
const findNewest = statement(({ db, t }) => db.select({ seq: max(t.feed.seq) }).from(t.feed));
const findMeta = statement(({ db, t, p }) =>
  db
    .select({ value: t.meta.value })
    .from(t.meta)
    .where(eq(t.meta.key, p('key'))),
);

/** The feed's timeline: another one after a restore, so that a client knows to start afresh. */
export const metaOf = async (reader: Pick<Reader, 'row'>, key: string): Promise<string | null> =>
  (await reader.row(findMeta, { key }))?.value ?? null;

/** The first number that the feed still has, and the last one; null when it is empty. */
export const oldestOf = async (reader: Pick<Reader, 'row'>): Promise<number | null> =>
  (await reader.row(findOldest))?.seq ?? null;
export const newestOf = async (reader: Pick<Reader, 'row'>): Promise<number | null> =>
  (await reader.row(findNewest))?.seq ?? null;

export const setMeta = (tx: Tx, key: string, value: string) =>
  tx.db.insert(tx.t.meta).values({ key, value }).onConflictDoUpdate({ target: tx.t.meta.key, set: { value } });

export function createChangesHandlers(visitRow: VisitQueries['rowOf']): GroupHandlers<'changes'> {
  /** The row as it is today, by today's rules; null says "forget it". */
  async function rowToday(ctx: QueryContext, event: string, payload: Record<string, unknown>) {
    if (event === 'visit.changed') return visitRow(ctx, String(payload['visitId']));
    if (event === 'patient.changed') {
      const row = await patientOf(ctx.db, { id: String(payload['patientId']), branchId: ctx.branchId });
      return row && row.archivedAt === null ? summaryOf(row) : null;
    }
    return null;
  }

  return {
    async since(ctx, { since, epoch, limit, rows: withRows }) {
      const current = (await metaOf(ctx.db, 'epoch')) ?? '';
      if (epoch !== undefined && epoch !== current) ctx.fail('feed_gap');
      const oldest = await oldestOf(ctx.db);
      if (oldest !== null && since > 0 && since < oldest - 1) ctx.fail('feed_gap');
      const found = await ctx.db.rows(findAfter, { since, branchId: ctx.branchId, limit: limit + 1 });
      const page = found.slice(0, limit);
      const heard = page.filter((entry) => mayHear(ctx.actor, entry));
      const entries = await Promise.all(
        heard.map(async ({ seq, event, payload, commandId }) => ({
          seq,
          event,
          payload,
          commandId,
          ...(withRows ? { row: await rowToday(ctx, event, payload) } : {}),
        })),
      );
      return { epoch: current, seq: page.at(-1)?.seq ?? since, entries, more: found.length > limit };
    },
  };
}
