import { createHash } from 'node:crypto';
import { type FieldError, fieldErrors } from '../../contract/kit.ts';
import { IMPORT_FIELDS, type ROW_PROBLEMS } from '../../contract/patients.ts';
import { patientInput } from '../../contract/shapes.ts';
import { fold, phoneDigits } from '../../domain/patient.ts';

type Field = (typeof IMPORT_FIELDS)[number];
export type Mapping = Partial<Record<Field, string>>;
export type Row = Record<string, string>;

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

export type RowProblem = Readonly<{ field: string; problem: keyof typeof ROW_PROBLEMS }>;

const problemOf = ({ field, code }: FieldError): RowProblem => ({
  field,
  problem: code === 'too_small' ? 'missing' : code === 'too_big' ? 'too_long' : 'not_a_date',
});

/** A row as a registration, or why it is none. */
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
  if (!result.success) return { problems: fieldErrors(result.error).map(problemOf) };
  const identity = `${fold(name)} ${given.birthDate ?? ''} ${phoneDigits(given.phone ?? '')}`;
  const externalId = value('externalId') || `row:${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
  return { patient: result.data, externalId, died: died !== '' };
}
