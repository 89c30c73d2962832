import { desc } from 'drizzle-orm';
import type { Reader } from '../db/connection.ts';
import type { Detail } from './chain.ts';
import { GENESIS } from './chain.ts';
import { AUDIT_COLUMNS } from './columns.ts';
import { createCsvBytes } from './csv.ts';
import { type DetailReader, type ExportRow, exportBatches, rangeOf } from './scan.ts';

export type ExportOrder = Readonly<{
  format: 'csv' | 'json';
  from?: number;
  to?: number;
  clinicId: string;
  epoch: string;
  publicKey: string;
}>;
/** A row's cells, in the order of the columns. */
type Cells = readonly string[];

/** How many bytes are gathered before they are handed on. */
export const CHUNK = 256 * 1024;

/**
 * The audit log as text that proves itself: an anchor (the hash before the first entry), the entries, a signed
 * checkpoint. With `to`, the newest entries are left out and the closing checkpoint is the export's own. Each piece is
 * lent until the next is asked for.
 */
export async function* exportAudit(
  reader: Reader,
  details: DetailReader,
  order: ExportOrder,
  sign: (seq: number, hash: string) => { at: string; signature: string },
): AsyncGenerator<Uint8Array> {
  const range = await rangeOf(reader, order.from, order.to);
  const write = order.format === 'csv' ? csvWriter() : jsonWriter(order, range);
  write.anchor(cellsOf({ kind: 'anchor', seq: String(range.after), hash: range.anchor }));
  let hash = range.anchor;
  for await (const rows of exportBatches(reader, range.after, range.to)) {
    const detailOf = await details(rows);
    for (const row of rows) {
      write.entry(entryCells(row, hash, detailOf(row)));
      hash = row.hash;
      if (write.size() >= CHUNK) yield write.take();
    }
  }
  const signed = sign(range.to, hash);
  const { clinicId, epoch, publicKey } = order;
  const record = JSON.stringify({ clinicId, epoch, seq: range.to, hash, publicKey, ...signed });
  write.checkpoint(cellsOf({ kind: 'checkpoint', seq: String(range.to), at: signed.at, hash, record }));
  yield write.take();
}

const cellsOf = (row: Partial<Record<(typeof AUDIT_COLUMNS)[number], string>>): Cells =>
  AUDIT_COLUMNS.map((column) => row[column] ?? '');

function entryCells(row: ExportRow, previous: string, detail: Detail | null): Cells {
  const r = JSON.parse(row.record) as Record<string, string | null> & { roles: string[] };
  return [
    'entry',
    String(row.seq),
    r['at'] ?? '',
    r['actorId'] ?? '',
    r['actor'] ?? '',
    r.roles.join(' '),
    r['deviceId'] ?? '',
    r['branchId'] ?? '',
    r['origin'] ?? '',
    r['action'] ?? '',
    r['resource'] ?? '',
    r['resourceId'] ?? '',
    r['patientId'] ?? '',
    r['outcome'] ?? '',
    r['requestId'] ?? '',
    r['commandId'] ?? '',
    detail?.changes ?? '',
    detail?.salt ?? '',
    r['detailHash'] ?? '',
    previous,
    row.hash,
    row.record,
  ];
}

type Writer = Readonly<{
  anchor: (cells: Cells) => void;
  entry: (cells: Cells) => void;
  checkpoint: (cells: Cells) => void;
  /** How many bytes wait to be taken. */
  size: () => number;
  take: () => Uint8Array;
}>;

/** RFC 4180 with CRLF; cells that a spreadsheet would take for a formula get an apostrophe, but never the record. */
function csvWriter(): Writer {
  const { row, size, take } = createCsvBytes(2 * CHUNK);
  row(AUDIT_COLUMNS);
  return { anchor: row, entry: row, checkpoint: row, size, take };
}

function jsonWriter(order: ExportOrder, range: { after: number; anchor: string; to: number }): Writer {
  let [text, count] = ['', 0];
  return {
    anchor() {
      const manifest = {
        clinicId: order.clinicId,
        epoch: order.epoch,
        after: range.after,
        to: range.to,
        entries: range.to - range.after,
        anchor: range.anchor,
      };
      text = `{"manifest":${JSON.stringify(manifest)},"entries":[`;
    },
    entry(cells) {
      const shown = AUDIT_COLUMNS.map((column, index) => [
        column,
        column === 'seq' ? Number(cells[index]) : cells[index],
      ]);
      text += `${count === 0 ? '' : ',\n'}${JSON.stringify(Object.fromEntries(shown))}`;
      count += 1;
    },
    checkpoint(cells) {
      text += `],"count":${count},"checkpoint":${cells.at(-1)}}\n`;
    },
    size: () => text.length,
    take() {
      const taken = new TextEncoder().encode(text);
      text = '';
      return taken;
    },
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
