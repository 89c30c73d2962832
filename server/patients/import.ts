import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { and, eq } from 'drizzle-orm';
import type { Problem } from '../../contract/errors.ts';
import { ApiError } from '../../contract/kit.ts';
import { ROW_PROBLEMS } from '../../contract/patients.ts';
import type { Actor } from '../actor.ts';
import type { Committer } from '../db/commit.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import type { SealedFiles } from '../files/sealed-file.ts';
import type { JobResult, Jobs } from '../jobs/jobs.ts';
import type { Ports } from '../ports.ts';
import type { PatientKeys } from '../vault.ts';
import { registerPatient } from './commands.ts';
import { guessMapping, type Mapping, type Row, type RowProblem, readRow } from './import-row.ts';

const findExternal = statement(({ db, t, p }) =>
  db
    .select({ id: t.patients.id })
    .from(t.patients)
    .where(and(eq(t.patients.branchId, p('branchId')), eq(t.patients.externalId, p('externalId')))),
);

const rowsOf = (source: Readable) =>
  source.pipe(parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: false, trim: false }));

/** How many rows are on their way at once: enough to fill a commit group. */
const AT_ONCE = 64;

type Services = Readonly<{
  committer: Committer;
  reader: Reader;
  keys: PatientKeys;
  files: SealedFiles;
  jobs: Jobs;
  ports: Ports;
}>;

export function createImportHandlers(services: Services): GroupHandlers<'imports'> {
  const { files, jobs, ports } = services;
  return {
    async upload(ctx, _input, file) {
      const id = ports.id();
      await files.write(id, file);
      try {
        const { columns, rows, sample } = await look(files.read(id) as Readable);
        ctx.record({ resource: 'import', resourceId: id });
        return { id, columns, rows, mapping: guessMapping(columns), sample };
      } catch (cause) {
        return ctx.fail('file_unreadable', unreadable(cause));
      }
    },

    async start(ctx, { id, mapping, dryRun }) {
      if (!files.read(id)) ctx.fail('file_gone');
      return jobs.begin(ctx, 'import', ({ actor, signal, progress }) =>
        importFile(services, { id, mapping, dryRun, actor, signal, progress }),
      );
    },

    async rejected(ctx, { id }) {
      const body = files.read(`${id}-rejected`) ?? ctx.fail('file_gone');
      return { filename: `rejected-${id}.csv`, media: 'text/csv; charset=utf-8', body };
    },
  };
}

/** What the CSV reader stumbled over. */
function unreadable(cause: unknown): { problem: Problem<'file_unreadable'>; line?: number } {
  if (!(cause instanceof CsvError)) return { problem: cause instanceof NoRows ? 'no_rows' : 'unknown' };
  const line = Number(cause['lines'] ?? 1);
  if (cause.code.includes('QUOTE')) return { problem: 'quotes', line };
  return cause.code.includes('INCONSISTENT') ? { problem: 'columns', line } : { problem: 'unknown' };
}

class NoRows extends Error {}

async function look(source: Readable): Promise<{ columns: string[]; rows: number; sample: Row[] }> {
  let rows = 0;
  const sample: Row[] = [];
  let columns: string[] = [];
  for await (const row of rowsOf(source) as AsyncIterable<Row>) {
    if (rows === 0) columns = Object.keys(row);
    if (sample.length < 3) sample.push(row);
    rows += 1;
  }
  if (columns.length === 0) throw new NoRows();
  return { columns, rows, sample };
}

type ImportOrder = Readonly<{
  id: string;
  mapping: Mapping;
  dryRun: boolean;
  actor: Actor;
  signal: AbortSignal;
  progress: (done: number, total: number | null) => void;
}>;

async function importFile(services: Services, order: ImportOrder): Promise<JobResult> {
  const { files } = services;
  const counts = { rows: 0, added: 0, known: 0, archived: 0, rejected: 0 };
  const because: Record<string, number> = {};
  const { rows: total } = await look(files.read(order.id) as Readable);
  const rejected = stringify({
    ...{ header: true, escape_formulas: true, bom: true, record_delimiter: 'windows' },
    // A lone LF within a cell would end its row, too.
    quote_record_delimiter: true,
  });
  const written = files.write(`${order.id}-rejected`, rejected);
  const waiting = new Set<Promise<void>>();
  // The first failure ends the import; whoever is on the way is waited for.
  const failures: unknown[] = [];
  const count = (line: number, row: Row, outcome: Outcome) => {
    counts[outcome.as] += 1;
    if (outcome.as !== 'rejected') {
      if (outcome.died) counts.archived += 1;
      return;
    }
    const codes = outcome.problems.map(({ field, problem }) => `${field}.${problem}`);
    const reason = outcome.problems.map(({ field, problem }) => `${field}: ${ROW_PROBLEMS[problem]}`).join('; ');
    rejected.write({ line: String(line), problem: codes.join(' '), reason, ...row });
    for (const code of codes) because[`rejected.${code}`] = (because[`rejected.${code}`] ?? 0) + 1;
  };

  for await (const row of rowsOf(files.read(order.id) as Readable) as AsyncIterable<Row>) {
    if (order.signal.aborted || failures.length > 0) break;
    counts.rows += 1;
    const line = counts.rows + 1;
    const done = importRow(services, order, row).then(
      (outcome) => count(line, row, outcome),
      (error) => void failures.push(error),
    );
    waiting.add(done);
    void done.then(() => waiting.delete(done));
    if (waiting.size >= AT_ONCE) await Promise.race(waiting);
    if (counts.rows % 50 === 0) order.progress(counts.rows, total);
  }
  await Promise.all(waiting);
  order.progress(counts.rows, total);
  rejected.end();
  await written;
  if (failures.length > 0) throw failures[0];
  return { ...counts, dryRun: order.dryRun, ...because };
}

type Outcome = { as: 'added' | 'known'; died: boolean } | { as: 'rejected'; problems: readonly RowProblem[] };

async function importRow({ committer, reader, keys, ports }: Services, order: ImportOrder, row: Row): Promise<Outcome> {
  const read = readRow(row, order.mapping);
  if (read.problems) return { as: 'rejected', problems: read.problems };
  const { actor } = order;
  const branchId = actor.branchId ?? '';
  const { externalId, patient, died } = read;
  if (await reader.row(findExternal, { branchId, externalId })) return { as: 'known', died };
  if (order.dryRun) return { as: 'added', died };
  const commandId = ports.id();
  return committer.submit({
    actor,
    requestId: commandId,
    operation: 'patients.register',
    commandId,
    bodyHash: null,
    confidential: true,
    async run(tx, voice): Promise<Outcome> {
      // The same person twice in one file: the second one is known by now.
      if (await tx.row(findExternal, { branchId, externalId })) return { as: 'known', died };
      const fail = (code: 'numbers_exhausted'): never => {
        throw new ApiError(code);
      };
      const ctx = {
        tx,
        actor,
        branchId,
        now: ports.now(),
        id: ports.id,
        commandId,
        fail,
        ...voice,
      } as unknown as CommandContext<'numbers_exhausted'>;
      await registerPatient(
        ctx,
        keys,
        { ...patient, unidentified: false },
        { externalId, archivedAt: died ? ctx.now : null },
      );
      return { as: 'added', died };
    },
  });
}
