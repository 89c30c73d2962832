import type { KeyObject } from 'node:crypto';
import { and, asc, desc, eq, gt, gte, lt, lte } from 'drizzle-orm';
import { type Reader, statement } from '../db/connection.ts';
import { deriveKey, keyObject, unseal } from '../keys.ts';
import { type Detail, GENESIS, openDetail } from './chain.ts';

/** How many rows are read at once: constant memory, however long the log. */
const BATCH = 1000;

export type AuditRow = Reader['t']['audit']['$inferSelect'];

const findBatch = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.audit)
    .where(and(gt(t.audit.seq, p('after')), lte(t.audit.seq, p('to'))))
    .orderBy(asc(t.audit.seq))
    .limit(BATCH),
);
const findKeys = statement(({ db, t, p }) =>
  db
    .select({ wrapped: t.patientKeys.wrapped })
    .from(t.patientKeys)
    .where(eq(t.patientKeys.patientId, p('id'))),
);

/** Every audit row after one number and up to another, in order, in batches. */
export async function* auditBatches(reader: Reader, after: number, to: number): AsyncGenerator<AuditRow[]> {
  for (let last = after; ; ) {
    const rows = await reader.rows(findBatch, { after: last, to });
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return;
    last = end.seq;
  }
}

/** The part of the log between two instants, by number, with the hash that stands before it. */
export async function rangeOf(
  reader: Reader,
  from: number | undefined,
  to: number | undefined,
): Promise<{ after: number; anchor: string; to: number }> {
  const { t, db } = reader;
  const before =
    from === undefined
      ? []
      : await db.select().from(t.audit).where(lt(t.audit.at, from)).orderBy(desc(t.audit.seq)).limit(1);
  const first =
    from === undefined
      ? undefined
      : (
          await db
            .select({ seq: t.audit.seq })
            .from(t.audit)
            .where(gte(t.audit.at, from))
            .orderBy(asc(t.audit.seq))
            .limit(1)
        )[0];
  const last = (
    await db
      .select({ seq: t.audit.seq })
      .from(t.audit)
      .where(to === undefined ? undefined : lt(t.audit.at, to))
      .orderBy(desc(t.audit.seq))
      .limit(1)
  )[0];
  // A clock that went back makes times overlap: the numbers decide, so that no entry of the period is left out.
  const after = first ? Math.min(first.seq - 1, before[0]?.seq ?? 0) : (before[0]?.seq ?? 0);
  const anchor =
    after === 0
      ? GENESIS
      : ((await db.select({ hash: t.audit.hash }).from(t.audit).where(eq(t.audit.seq, after)))[0]?.hash ?? GENESIS);
  return { after, anchor, to: Math.max(last?.seq ?? 0, after) };
}

/** Opens details with the patients' keys, which it unwraps itself: it runs in a worker, away from the vault. */
export function createDetailReader(reader: Reader, master: Buffer, detailBytes: Buffer) {
  const detailKey = keyObject(detailBytes);
  const wrapping = keyObject(deriveKey(master, 'wrapping'));
  const known = new Map<string, KeyObject | null>();
  const keyOf = async (patientId: string | null): Promise<KeyObject | null> => {
    if (patientId === null) return detailKey;
    const before = known.get(patientId);
    if (before !== undefined) return before;
    const wrapped = (await reader.row(findKeys, { id: patientId }))?.wrapped;
    const key = wrapped ? keyObject(unseal(wrapping, wrapped, patientId)) : null;
    if (known.size > 20_000) known.clear();
    known.set(patientId, key);
    return key;
  };
  return async (row: AuditRow): Promise<Detail | null> =>
    row.detail ? openDetail(await keyOf(row.patientId), row.seq, row.detail) : null;
}
