import type { KeyObject } from 'node:crypto';
import { and, asc, desc, eq, gt, gte, lt, lte } from 'drizzle-orm';
import { type Reader, type Statement, statement } from '../db/connection.ts';
import { deriveKey, keyObject, unseal } from '../keys.ts';
import { type Detail, GENESIS, openDetail } from './chain.ts';

/** How many rows are read at once: constant memory, however long the log. */
const BATCH = 1000;

export type AuditRow = Reader['t']['audit']['$inferSelect'];
/** What an export needs of a row: the rest stands in its record, too. */
export type ExportRow = Pick<AuditRow, 'seq' | 'patientId' | 'record' | 'detail' | 'hash'>;

const findBatch = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.audit)
    .where(and(gt(t.audit.seq, p('after')), lte(t.audit.seq, p('to'))))
    .orderBy(asc(t.audit.seq))
    .limit(BATCH),
);
const findExportBatch = statement(({ db, t, p }) =>
  db
    .select({
      seq: t.audit.seq,
      patientId: t.audit.patientId,
      record: t.audit.record,
      detail: t.audit.detail,
      hash: t.audit.hash,
    })
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

/** The rows after one number and up to another, in order, in batches. */
async function* batches<Row extends { seq: number }>(
  reader: Reader,
  query: Statement<Row>,
  after: number,
  to: number,
): AsyncGenerator<Row[]> {
  for (let last = after; ; ) {
    const rows = await reader.rows(query, { after: last, to });
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (!end || rows.length < BATCH) return;
    last = end.seq;
  }
}

export const auditBatches = (reader: Reader, after: number, to: number): AsyncGenerator<AuditRow[]> =>
  batches(reader, findBatch, after, to);
export const exportBatches = (reader: Reader, after: number, to: number): AsyncGenerator<ExportRow[]> =>
  batches(reader, findExportBatch, after, to);

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

/** Gets the keys that a batch needs; what it answers opens the details. @throws when a detail was changed. */
export type DetailReader = (rows: readonly ExportRow[]) => Promise<(row: ExportRow) => Detail | null>;

/** How many patients' keys are held at once. */
const KEYS = 20_000;

/** Opens details with the patients' keys, which it unwraps itself: it runs in a worker, away from the vault. */
export function createDetailReader(reader: Reader, master: Buffer, detailBytes: Buffer): DetailReader {
  const detailKey = keyObject(detailBytes);
  const wrapping = keyObject(deriveKey(master, 'wrapping'));
  const known = new Map<string, KeyObject | null>();
  const learn = async (patientId: string): Promise<void> => {
    const wrapped = (await reader.row(findKeys, { id: patientId }))?.wrapped;
    known.set(patientId, wrapped ? keyObject(unseal(wrapping, wrapped, patientId)) : null);
  };
  return async (rows) => {
    if (known.size > KEYS) known.clear();
    const missing = new Set<string>();
    for (const { patientId, detail } of rows) if (detail && patientId && !known.has(patientId)) missing.add(patientId);
    await Promise.all([...missing].map(learn));
    return ({ seq, patientId, detail }) =>
      detail && openDetail(patientId === null ? detailKey : (known.get(patientId) ?? null), seq, detail);
  };
}
