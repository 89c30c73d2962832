/**
 * Checks an exported audit file without the product: no dependency, Node 22 or newer.
 *
 *     node verify-audit.mjs FILE.csv [--key BASE64] [--json]
 *
 * It finds a changed, removed, added or reordered entry, and a readable column that disagrees with the record that the
 * hash covers. What only a checkpoint seen elsewhere can show (that the end was cut off, or that the whole log was made
 * anew with another key) it says. Exit code 0: whole; 1: not whole; 2: cannot be read.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { argv, exit, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

export type Finding = { line: number; seq: number | null; problem: string };
export type Verdict = {
  whole: boolean;
  entries: number;
  from: number;
  to: number;
  head: string;
  checkpoint: string | null;
  findings: Finding[];
  remarks: string[];
};

type Cells = Record<string, string>;
type Rec = Record<string, unknown>;

const sha = (...parts: string[]) => createHash('sha256').update(parts.join('\n')).digest('hex');

/** RFC 4180: quoted cells, doubled quotes, line breaks inside quotes. */
export async function* readCsv(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let [cell, quoted, afterQuote, first]: [string, boolean, boolean, boolean] = ['', false, false, true];
  let row: string[] = [];
  for await (const chunk of source) {
    let text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (first) text = text.replace(/^\uFEFF/, '');
    first = false;
    let at = 0;
    while (at < text.length) {
      const letter = text[at] as string;
      if (quoted) {
        const end = text.indexOf('"', at);
        cell += end < 0 ? text.slice(at) : text.slice(at, end);
        at = end < 0 ? text.length : end + 1;
        if (end >= 0) [quoted, afterQuote] = [false, true];
        continue;
      }
      if (letter === '"') {
        if (afterQuote) cell += '"';
        [quoted, afterQuote] = [true, false];
      } else if (letter === ',' || letter === '\n') {
        row.push(cell);
        [cell, afterQuote] = ['', false];
        if (letter === '\n') {
          yield row;
          row = [];
        }
      } else if (letter !== '\r') {
        const rest = /[",\r\n]/g;
        rest.lastIndex = at;
        const stop = rest.exec(text)?.index ?? text.length;
        cell += text.slice(at, stop);
        at = stop;
        continue;
      }
      at += 1;
    }
  }
  if (cell !== '' || row.length > 0) yield [...row, cell];
}

/** Where a readable column must show what the record says. A leading apostrophe protects spreadsheets from formulas. */
const SHOWN: [column: string, field: string][] = [
  ['seq', 'seq'],
  ['at', 'at'],
  ['actor_id', 'actorId'],
  ['actor', 'actor'],
  ['device_id', 'deviceId'],
  ['branch_id', 'branchId'],
  ['origin', 'origin'],
  ['action', 'action'],
  ['resource', 'resource'],
  ['resource_id', 'resourceId'],
  ['patient_id', 'patientId'],
  ['outcome', 'outcome'],
  ['request_id', 'requestId'],
  ['command_id', 'commandId'],
  ['detail_hash', 'detailHash'],
];

const bare = (cell: string) => (/^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? cell.slice(1) : cell);
const shown = (value: unknown) => (value === null || value === undefined ? '' : String(value));

/** Goes through the file once, at constant memory. `publicKey` is the one seen elsewhere: a printed report, a desk. */
export async function verifyAudit(
  source: AsyncIterable<Uint8Array | string>,
  options: { publicKey?: string; onProgress?: (entries: number) => void } = {},
): Promise<Verdict> {
  const findings: Finding[] = [];
  const remarks: string[] = [];
  let columns: string[] | undefined;
  let [line, entries, from, to] = [0, 0, 0, 0];
  let previous: string | null = null;
  let lastSeq: number | null = null;
  let checkpoint: string | null = null;
  let ended = false;
  const find = (seq: number | null, problem: string) => {
    if (findings.length < 1000) findings.push({ line, seq, problem });
  };

  for await (const row of readCsv(source)) {
    line += 1;
    if (!columns) {
      columns = row;
      continue;
    }
    const cells: Cells = Object.fromEntries(columns.map((name, index) => [name, row[index] ?? '']));
    const seq = Number(cells['seq']);
    if (row.length !== columns.length) find(null, `the row has ${row.length} cells instead of ${columns.length}`);
    if (ended) find(seq, 'a row stands after the closing checkpoint');
    if (cells['kind'] === 'anchor') {
      if (previous !== null) find(seq, 'a second anchor');
      [previous, lastSeq] = [cells['hash'] ?? '', seq];
      from = seq + 1;
    } else if (cells['kind'] === 'entry') {
      entries += 1;
      checkEntry(cells, seq);
      to = seq;
      if (entries % 10_000 === 0) options.onProgress?.(entries);
    } else if (cells['kind'] === 'checkpoint') {
      ended = true;
      checkpoint = checkCheckpoint(cells);
    } else find(null, `a row of unknown kind “${cells['kind']}”`);
  }
  if (!columns?.includes('record')) throw new Error('This is not an audit file: it has no “record” column.');
  if (!ended) find(lastSeq, 'the file ends without its checkpoint: the end is missing');
  if (from > 1) remarks.push(`The file begins after entry ${from - 1}: what came before is not in it.`);
  remarks.push(
    options.publicKey
      ? 'The checkpoint was checked with the key that you gave.'
      : 'Compare the checkpoint with one seen elsewhere (a printed day report, another desk): only that shows whether everything was made anew.',
  );
  return { whole: findings.length === 0, entries, from, to, head: previous ?? '', checkpoint, findings, remarks };

  function checkEntry(cells: Cells, seq: number): void {
    const record = cells['record'] ?? '';
    if (previous === null) find(seq, 'the anchor is missing: it is not said what came before');
    if (lastSeq !== null && seq !== lastSeq + 1) {
      find(
        seq,
        seq > lastSeq
          ? `${seq - lastSeq - 1} entries are missing before this one`
          : 'this entry is out of order, or stands twice',
      );
    }
    if (previous !== null && cells['previous_hash'] !== previous) find(seq, 'it does not follow the entry before it');
    const hash = sha(cells['previous_hash'] ?? '', record);
    if (hash !== cells['hash']) find(seq, 'its record was changed: the hash does not fit');
    checkColumns(cells, seq, record);
    previous = cells['hash'] ?? '';
    lastSeq = seq;
  }

  function checkColumns(cells: Cells, seq: number, record: string): void {
    let parsed: Rec;
    try {
      parsed = JSON.parse(record) as Rec;
    } catch {
      find(seq, 'its record is not readable');
      return;
    }
    for (const [column, field] of SHOWN) {
      if (bare(cells[column] ?? '') !== bare(shown(parsed[field])))
        find(seq, `column ${column} disagrees with the record`);
    }
    if (bare(cells['roles'] ?? '') !== ((parsed['roles'] as string[]) ?? []).join(' '))
      find(seq, 'column roles disagrees with the record');
    const changes = cells['changes'] ?? '';
    if (changes !== '' && sha(bare(cells['salt'] ?? ''), changes) !== parsed['detailHash'])
      find(seq, 'column changes disagrees with the record');
  }

  function checkCheckpoint(cells: Cells): string {
    const seq = Number(cells['seq']);
    try {
      const c = JSON.parse(cells['record'] ?? '') as Record<
        'clinicId' | 'epoch' | 'at' | 'hash' | 'signature' | 'publicKey',
        string
      > & { seq: number };
      const text = `medlane audit checkpoint\n${c.clinicId}\n${c.epoch}\n${c.seq}\n${c.at}\n${c.hash}\n`;
      const key = createPublicKey({
        key: Buffer.from(options.publicKey ?? c.publicKey, 'base64'),
        format: 'der',
        type: 'spki',
      });
      if (!verify(null, Buffer.from(text), key, Buffer.from(c.signature, 'base64')))
        find(seq, 'the signature of the checkpoint does not fit');
      if (c.seq !== lastSeq || c.hash !== previous)
        find(seq, 'the checkpoint is of another place in the log: entries were removed or added');
      return `${c.seq} ${c.hash} ${c.at} (key ${c.publicKey})`;
    } catch {
      find(seq, 'the checkpoint is not readable');
      return '';
    }
  }
}

async function main(args: string[]): Promise<number> {
  const file = args.find((arg, index) => !arg.startsWith('--') && args[index - 1] !== '--key');
  const key = args.includes('--key') ? args[args.indexOf('--key') + 1] : undefined;
  if (!file) {
    stdout.write('Usage: node verify-audit.mjs FILE.csv [--key BASE64] [--json]\n');
    return 2;
  }
  const verdict = await verifyAudit(createReadStream(file), key ? { publicKey: key } : {});
  stdout.write(args.includes('--json') ? `${JSON.stringify(verdict)}\n` : describe(verdict));
  return verdict.whole ? 0 : 1;
}

/** The verdict as a person reads it. */
export function describe(verdict: Verdict): string {
  const lines = [
    verdict.whole
      ? `The audit file is whole: ${verdict.entries} entries, ${verdict.from} to ${verdict.to}.`
      : `The audit file is NOT whole: ${verdict.findings.length} findings in ${verdict.entries} entries.`,
    ...verdict.findings
      .slice(0, 50)
      .map(({ line, seq, problem }) => `  line ${line}${seq === null ? '' : `, entry ${seq}`}: ${problem}`),
    ...(verdict.checkpoint ? [`Checkpoint: ${verdict.checkpoint}`] : []),
    ...verdict.remarks,
  ];
  return `${lines.join('\n')}\n`;
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href && /verify/.test(argv[1])) {
  main(argv.slice(2)).then(exit, (error: Error) => {
    stdout.write(`${error.message}\n`);
    exit(2);
  });
}
