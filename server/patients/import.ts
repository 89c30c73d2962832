import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { and, eq } from 'drizzle-orm';
import { ApiError, fieldErrors } from '../../contract/kit.ts';
import { IMPORT_FIELDS } from '../../contract/patients.ts';
import { patientInput } from '../../contract/shapes.ts';
import { fold, phoneDigits } from '../../domain/patient.ts';
import type { Actor } from '../actor.ts';
import type { Committer } from '../db/commit.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import type { SealedFiles } from '../files/sealed-file.ts';
import type { JobResult, Jobs } from '../jobs/jobs.ts';
import type { Ports } from '../ports.ts';
import type { PatientKeys } from '../vault.ts';
import { registerPatient } from './commands.ts';

type Field = (typeof IMPORT_FIELDS)[number];
export type Mapping = Partial<Record<Field, string>>;
type Row = Record<string, string>;

/** Names that columns have in the exports of other systems, folded. */
const GUESSES: Record<Field, readonly string[]> = {
  externalId: ['id', 'patient id', 'patientid', 'mrn', 'record number', 'registration number', 'external id'],
  name: ['name', 'full name', 'patient name', 'patient'],
  givenName: ['first', 'first name', 'given name', 'given', 'forename'],
  familyName: ['last', 'last name', 'family name', 'surname', 'family'],
  prefix: ['prefix', 'title'],
  birthDate: ['birthdate', 'birth date', 'date of birth', 'dob'],
  sex: ['sex', 'gender'],
  phone: ['phone', 'mobile', 'telephone', 'phone number', 'contact'],
  address: ['address', 'street'],
  city: ['city', 'town'],
  state: ['state', 'province'],
  postcode: ['zip', 'postcode', 'postal code', 'pincode'],
  notes: ['notes', 'remarks'],
  deathDate: ['deathdate', 'death date', 'deceased'],
};

export const guessMapping = (columns: readonly string[]): Mapping =>
  Object.fromEntries(
    IMPORT_FIELDS.flatMap((field) => {
      const column = columns.find((name) => GUESSES[field].includes(fold(name)));
      return column === undefined ? [] : [[field, column]];
    }),
  );

const SEXES: Record<string, 'female' | 'male' | 'other'> = {
  f: 'female',
  female: 'female',
  m: 'male',
  male: 'male',
  o: 'other',
  other: 'other',
};

/** A row as a registration, or the reason why it is none. */
export function readRow(row: Row, mapping: Mapping) {
  const value = (field: Field) => (mapping[field] === undefined ? '' : (row[mapping[field]] ?? '').trim());
  const name = value('name') || [value('givenName'), value('familyName')].filter(Boolean).join(' ');
  const address = [value('address'), value('city'), [value('state'), value('postcode')].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ');
  const died = value('deathDate');
  const notes = [value('notes'), died ? `Died ${died}.` : ''].filter(Boolean).join(' ');
  const given = {
    name,
    birthDate: value('birthDate') || null,
    sex: SEXES[value('sex').toLowerCase()] ?? 'unknown',
    phone: value('phone') || null,
    address: address || null,
    notes: notes || null,
  };
  const result = patientInput.safeParse(given);
  if (!result.success)
    return {
      problem: fieldErrors(result.error)
        .map(({ field, message }) => `${field}: ${message}`)
        .join('; '),
    };
  const identity = `${fold(name)} ${given.birthDate ?? ''} ${phoneDigits(given.phone ?? '')}`;
  const externalId = value('externalId') || `row:${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
  return { patient: result.data, externalId, died: died !== '' };
}

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
        return ctx.fail('file_unreadable', { problem: (cause as Error).message });
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

async function look(source: Readable): Promise<{ columns: string[]; rows: number; sample: Row[] }> {
  let rows = 0;
  const sample: Row[] = [];
  let columns: string[] = [];
  for await (const row of rowsOf(source) as AsyncIterable<Row>) {
    if (rows === 0) columns = Object.keys(row);
    if (sample.length < 3) sample.push(row);
    rows += 1;
  }
  if (columns.length === 0) throw new Error('it has no rows');
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
  const { rows: total } = await look(files.read(order.id) as Readable);
  const rejected = stringify({ header: true, escape_formulas: true, bom: true, record_delimiter: 'windows' });
  const written = files.write(`${order.id}-rejected`, rejected);
  const waiting = new Set<Promise<void>>();

  for await (const row of rowsOf(files.read(order.id) as Readable) as AsyncIterable<Row>) {
    if (order.signal.aborted) break;
    counts.rows += 1;
    const line = counts.rows + 1;
    const done = importRow(services, order, row).then((outcome) => {
      if (outcome.as === 'rejected') rejected.write({ line: String(line), reason: outcome.problem, ...row });
      else if (outcome.died) counts.archived += 1;
      counts[outcome.as] += 1;
    });
    waiting.add(done);
    void done.finally(() => waiting.delete(done));
    if (waiting.size >= AT_ONCE) await Promise.race(waiting);
    if (counts.rows % 50 === 0) order.progress(counts.rows, total);
  }
  await Promise.all(waiting);
  order.progress(counts.rows, total);
  rejected.end();
  await written;
  return { ...counts, dryRun: order.dryRun };
}

type Outcome = { as: 'added' | 'known'; died: boolean } | { as: 'rejected'; problem: string; died: false };

async function importRow({ committer, reader, keys, ports }: Services, order: ImportOrder, row: Row): Promise<Outcome> {
  const read = readRow(row, order.mapping);
  if ('problem' in read) return { as: 'rejected', problem: read.problem as string, died: false };
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
