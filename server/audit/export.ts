import { stringify } from 'csv-stringify/sync';
import { desc } from 'drizzle-orm';
import type { Reader } from '../db/connection.ts';
import type { Detail } from './chain.ts';
import { GENESIS } from './chain.ts';
import { AUDIT_COLUMNS } from './columns.ts';
import { type AuditRow, auditBatches, rangeOf } from './scan.ts';

export type ExportOrder = Readonly<{
  format: 'csv' | 'json';
  from?: number;
  to?: number;
  clinicId: string;
  epoch: string;
  publicKey: string;
}>;
type DetailReader = (row: AuditRow) => Promise<Detail | null>;
type Entry = Record<(typeof AUDIT_COLUMNS)[number], string | number>;

/**
 * The audit log as text that proves itself: an anchor (the hash before the first entry), the entries, a signed
 * checkpoint. With `to`, the newest entries are left out and the closing checkpoint is the export's own.
 */
export async function* exportAudit(
  reader: Reader,
  details: DetailReader,
  order: ExportOrder,
  sign: (seq: number, hash: string) => { at: string; signature: string },
  progress: (done: number, total: number) => void,
): AsyncGenerator<string> {
  const range = await rangeOf(reader, order.from, order.to);
  const write = order.format === 'csv' ? csvWriter() : jsonWriter(order, range);
  yield write.head(anchorRow(range));
  let hash = range.anchor;
  let done = 0;
  for await (const rows of auditBatches(reader, range.after, range.to)) {
    const entries: Entry[] = [];
    for (const row of rows) {
      entries.push(entryRow(row, hash, await details(row)));
      hash = row.hash;
    }
    yield write.rows(entries);
    done += rows.length;
    progress(done, range.to - range.after);
  }
  const signed = sign(range.to, hash);
  const { clinicId, epoch, publicKey } = order;
  yield write.tail(
    {
      ...EMPTY,
      kind: 'checkpoint',
      seq: range.to,
      at: signed.at,
      hash,
      record: JSON.stringify({ clinicId, epoch, seq: range.to, hash, publicKey, ...signed }),
    },
    done,
  );
}

const EMPTY = Object.fromEntries(AUDIT_COLUMNS.map((column) => [column, ''])) as Entry;

const anchorRow = ({ after, anchor }: { after: number; anchor: string }): Entry => ({
  ...EMPTY,
  kind: 'anchor',
  seq: after,
  hash: anchor,
});

function entryRow(row: AuditRow, previous: string, detail: Detail | null): Entry {
  const r = JSON.parse(row.record) as Record<string, string | null> & { roles: string[] };
  return {
    kind: 'entry',
    seq: row.seq,
    at: r['at'] ?? '',
    actor_id: r['actorId'] ?? '',
    actor: r['actor'] ?? '',
    roles: r.roles.join(' '),
    device_id: r['deviceId'] ?? '',
    branch_id: r['branchId'] ?? '',
    origin: r['origin'] ?? '',
    action: r['action'] ?? '',
    resource: r['resource'] ?? '',
    resource_id: r['resourceId'] ?? '',
    patient_id: r['patientId'] ?? '',
    outcome: r['outcome'] ?? '',
    request_id: r['requestId'] ?? '',
    command_id: r['commandId'] ?? '',
    changes: detail?.changes ?? '',
    salt: detail?.salt ?? '',
    detail_hash: r['detailHash'] ?? '',
    previous_hash: previous,
    hash: row.hash,
    record: row.record,
  };
}

type Writer = Readonly<{
  head: (anchor: Entry) => string;
  rows: (entries: readonly Entry[]) => string;
  tail: (checkpoint: Entry, count: number) => string;
}>;

/** RFC 4180 with CRLF; cells that a spreadsheet would take for a formula get an apostrophe, but never the record. */
function csvWriter(): Writer {
  const options = { columns: [...AUDIT_COLUMNS], record_delimiter: 'windows' as const, escape_formulas: true };
  const write = (entries: readonly Entry[]) => stringify([...entries], options);
  return {
    head: (anchor) => `${AUDIT_COLUMNS.join(',')}\r\n${write([anchor])}`,
    rows: write,
    tail: (checkpoint) => write([checkpoint]),
  };
}

function jsonWriter(order: ExportOrder, range: { after: number; anchor: string; to: number }): Writer {
  const line = (entry: Entry) => JSON.stringify(entry);
  let first = true;
  return {
    head: () => {
      const manifest = {
        clinicId: order.clinicId,
        epoch: order.epoch,
        after: range.after,
        to: range.to,
        entries: range.to - range.after,
        anchor: range.anchor,
      };
      return `{"manifest":${JSON.stringify(manifest)},"entries":[`;
    },
    rows: (entries) => {
      const text = entries.map(line).join(',\n');
      const joined = first ? text : `,\n${text}`;
      first = false;
      return joined;
    },
    tail: (checkpoint, count) => `],"count":${count},"checkpoint":${checkpoint.record}}\n`,
  };
}

/** Where the chain ends now. */
export async function headOf(reader: Reader): Promise<{ seq: number; hash: string }> {
  const { t, db } = reader;
  return (
    (
      await db.select({ seq: t.audit.seq, hash: t.audit.hash }).from(t.audit).orderBy(desc(t.audit.seq)).limit(1)
    )[0] ?? { seq: 0, hash: GENESIS }
  );
}
