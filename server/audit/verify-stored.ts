import { asc } from 'drizzle-orm';
import type { Reader } from '../db/connection.ts';
import { iso } from '../ports.ts';
import { chainHash, checkpointText, detailHash, GENESIS, isSigned } from './chain.ts';
import { headOf } from './export.ts';
import { type AuditRow, auditBatches, type DetailReader } from './scan.ts';

export type StoredVerdict = {
  whole: boolean;
  entries: number;
  checkpoints: number;
  head: string;
  purged: number;
  firstProblem: string | null;
};

type DetailOf = Awaited<ReturnType<DetailReader>>;

/** Goes through the stored log: every hash, the numbers, the columns that queries use, every detail, every checkpoint. */
export async function verifyStored(
  reader: Reader,
  details: DetailReader,
  clinic: Readonly<{ clinicId: string; publicKey: string }>,
  progress: (done: number, total: number) => void,
): Promise<StoredVerdict> {
  const problems: string[] = [];
  const { t, db } = reader;
  const checkpoints = new Map(
    (await db.select().from(t.auditCheckpoints).orderBy(asc(t.auditCheckpoints.seq))).map((row) => [row.seq, row]),
  );
  const { seq: last } = await headOf(reader);
  let [previous, seq, purged] = [GENESIS, 0, 0];

  const check = (row: AuditRow, detailOf: DetailOf) => {
    const record = JSON.parse(row.record) as {
      at: string;
      actorId: string | null;
      patientId: string | null;
      action: string;
      outcome: string;
      detailHash: string | null;
    };
    if (row.seq !== seq + 1) problems.push(`entry ${row.seq}: ${row.seq - seq - 1} entries are missing before it`);
    if (chainHash(previous, row.record) !== row.hash)
      problems.push(`entry ${row.seq}: it was changed, or does not follow the one before it`);
    const columns = [iso(row.at), row.actorId, row.patientId, row.action, row.outcome];
    const said = [record.at, record.actorId, record.patientId, record.action, record.outcome];
    if (columns.some((value, index) => value !== said[index]))
      problems.push(`entry ${row.seq}: a column disagrees with its record`);
    if (record.detailHash !== null) checkDetail(row, detailOf, record.detailHash);
    const checkpoint = checkpoints.get(row.seq);
    if (checkpoint && checkpoint.hash !== row.hash)
      problems.push(`checkpoint ${row.seq}: it was signed over another entry`);
    [previous, seq] = [row.hash, row.seq];
  };

  const checkDetail = (row: AuditRow, detailOf: DetailOf, expected: string) => {
    try {
      const detail = detailOf(row);
      if (!detail) purged += 1;
      else if (detailHash(detail) !== expected) problems.push(`entry ${row.seq}: its detail was exchanged`);
    } catch {
      problems.push(`entry ${row.seq}: its detail was changed`);
    }
  };

  for await (const rows of auditBatches(reader, 0, last)) {
    const detailOf = await details(rows);
    for (const row of rows) check(row, detailOf);
    progress(seq, last);
  }
  const epochs = (await db.select().from(t.meta))
    .filter(({ key }) => key === 'epoch' || key.startsWith('epoch:'))
    .map(({ value }) => value);
  for (const c of checkpoints.values()) {
    const signed = epochs.some((epoch) =>
      isSigned(
        checkpointText({ clinicId: clinic.clinicId, epoch, seq: c.seq, at: iso(c.at), hash: c.hash }),
        c.signature,
        clinic.publicKey,
      ),
    );
    if (!signed) problems.push(`checkpoint ${c.seq}: its signature does not fit`);
    if (c.seq > seq) problems.push(`checkpoint ${c.seq}: the entries up to it are missing, the end was cut off`);
  }
  return {
    whole: problems.length === 0,
    entries: seq,
    checkpoints: checkpoints.size,
    head: previous,
    purged,
    firstProblem: problems[0] ?? null,
  };
}
