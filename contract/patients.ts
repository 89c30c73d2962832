import * as z from 'zod';
import { STAFF } from '../domain/people.ts';
import { command, download, flag, integer, newestFirst, page, pageInput, query, upload } from './kit.ts';
import { day, id, job, ok, patient, patientFields, patientInput, patientRecord, patientSummary } from './shapes.ts';

const REGISTRARS = ['receptionist', 'nurse', 'doctor', 'admin'] as const;

export const patients = {
  register: command({
    route: 'POST /patients',
    summary: 'Registers a patient. Somebody unidentified needs no name.',
    who: REGISTRARS,
    input: patientInput.extend({
      name: patientInput.shape.name.optional(),
      unidentified: z.boolean().default(false),
      ageYears: integer(0, 130).optional().meta({ description: 'When the birth date is not known.' }),
      provisionalNumber: z
        .string()
        .regex(/^R\d{1,6}-P\d{3,7}$/)
        .optional()
        .meta({
          description: 'The number that a paired desk gave without the server: it finds the record from now on.',
        }),
    }),
    output: patient,
    errors: ['numbers_exhausted'],
    status: 201,
    confidential: true,
    offline: 'decideRegister',
  }),
  list: query({
    route: 'GET /patients',
    summary:
      'Finds patients while typing, from the second letter: parts of names in any order, with small mistakes, part of a phone or registration number. Without `q`, the newest.',
    who: STAFF,
    input: z.object({
      ...pageInput(['registrationNumber', 'name', 'createdAt']),
      q: z.string().max(100).optional(),
      archived: flag().default(false),
    }),
    output: page(patientSummary.extend({ lastVisitDay: day.nullable(), openToken: z.string().nullable() })),
    errors: [],
    perMinute: 1200,
  }),
  get: query({
    route: 'GET /patients/{id}',
    summary: 'A patient’s record with the last five visits. Leaves an audit entry.',
    who: STAFF,
    input: z.object({ id }),
    output: patientRecord,
    errors: ['not_found'],
    audited: true,
  }),
  opened: command({
    route: 'POST /patients/{id}/opened',
    summary: 'A paired desk says that somebody opened this record there while the server was away: for the audit log.',
    who: STAFF,
    input: z.object({ id }),
    output: ok,
    errors: ['not_found', 'only_station'],
  }),
  duplicates: query({
    route: 'POST /patients/duplicates',
    summary: 'Who may already be this person, most alike first, with a score out of 100.',
    who: STAFF,
    input: z.object({
      name: patientInput.shape.name,
      birthDate: patientInput.shape.birthDate,
      birthDateEstimated: patientInput.shape.birthDateEstimated,
      sex: patientInput.shape.sex,
      phone: patientInput.shape.phone,
    }),
    output: z.object({ candidates: z.array(z.object({ patient: patientSummary, score: z.int() })) }),
    errors: [],
  }),
  update: command({
    route: 'PATCH /patients/{id}',
    summary: 'Changes a patient’s record.',
    who: REGISTRARS,
    input: z.object({ ...patientFields.partial().shape, id, expectedVersion: z.int().optional() }),
    output: patient,
    errors: ['not_found', 'stale', 'archived'],
    confidential: true,
  }),
  archive: command({
    route: 'POST /patients/{id}/archive',
    summary: 'Takes a record out of searches. Nothing is deleted.',
    who: ['admin', 'receptionist'],
    input: z.object({ id, reason: z.string().trim().min(1).max(300) }),
    output: ok,
    errors: ['not_found', 'archived', 'has_open_visit'],
  }),
  restore: command({
    route: 'POST /patients/{id}/restore',
    summary: 'Brings an archived record back.',
    who: ['admin', 'receptionist'],
    input: z.object({ id }),
    output: ok,
    errors: ['not_found', 'already_merged'],
  }),
  merge: command({
    route: 'POST /patients/{id}/merge',
    summary: 'Makes this record part of another: its visits and numbers move there, and it is archived.',
    who: ['admin', 'receptionist'],
    input: z.object({ id, intoId: id, reason: z.string().trim().min(1).max(300) }),
    output: z.object({ mergeId: id, visitsMoved: z.int() }),
    errors: ['not_found', 'same_record', 'already_merged', 'archived'],
  }),
  unmerge: command({
    route: 'POST /patients/{id}/unmerge',
    summary: 'Takes a merge back: the visits that moved return.',
    who: ['admin', 'receptionist'],
    input: z.object({ id }),
    output: z.object({ visitsMoved: z.int() }),
    errors: ['not_found', 'merge_gone'],
  }),
};

/** What a column of an imported file may hold. */
export const IMPORT_FIELDS = [
  'externalId',
  'name',
  'givenName',
  'familyName',
  'prefix',
  'birthDate',
  'sex',
  'phone',
  'address',
  'city',
  'state',
  'postcode',
  'notes',
  'deathDate',
] as const;
/** What may be wrong in a field of a row, and how the file of rows that were not taken says it. */
export const ROW_PROBLEMS = {
  missing: 'is missing',
  too_long: 'is too long',
  not_a_date: 'is not a date like 1984-02-29',
} as const;

const mapping = z.partialRecord(z.enum(IMPORT_FIELDS), z.string().max(200));

export const imports = {
  upload: upload({
    route: 'POST /imports',
    summary: 'Receives a CSV file of patients and guesses what its columns are.',
    who: ['admin'],
    input: z.object({ filename: z.string().max(200).default('patients.csv') }),
    output: z.object({
      id,
      columns: z.array(z.string()),
      rows: z.int(),
      mapping,
      sample: z.array(z.record(z.string(), z.string())),
    }),
    errors: ['file_unreadable'],
    media: ['text/csv'],
    status: 201,
  }),
  start: command({
    route: 'POST /imports/{id}/start',
    summary:
      'Reads the file with this mapping. A dry run only counts. A second run adds nothing. The result counts problems, too, as `rejected.birthDate.not_a_date`.',
    who: ['admin'],
    input: z.object({ id, mapping, dryRun: z.boolean().default(false) }),
    output: job,
    errors: ['file_gone'],
    status: 202,
  }),
  rejected: download({
    route: 'GET /imports/{id}/rejected',
    summary:
      'The rows that were not taken, each with its line, the problem as codes (`birthDate.not_a_date`) and in words.',
    who: ['admin'],
    input: z.object({ id }),
    output: z.string(),
    errors: ['file_gone'],
    media: ['text/csv'],
  }),
};

export const jobs = {
  list: query({
    route: 'GET /jobs',
    summary: 'Long work, newest first.',
    who: ['admin'],
    input: z.object(newestFirst),
    output: page(job),
    errors: [],
  }),
  get: query({
    route: 'GET /jobs/{id}',
    summary: 'How far this work is.',
    who: ['admin'],
    input: z.object({ id }),
    output: job,
    errors: ['not_found'],
    perMinute: 1200,
  }),
  cancel: command({
    route: 'POST /jobs/{id}/cancel',
    summary: 'Stops this work; what is done stays done.',
    who: ['admin'],
    input: z.object({ id }),
    output: job,
    errors: ['not_found', 'job_ended'],
  }),
};
