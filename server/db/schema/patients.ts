import type { Category, Sex } from '../../../domain/patient.ts';
import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';

/** The register, and what a search of it compares. */
export function patientTables(k: Columns, { branchId, times }: Ground) {
  const patients = k.table(
    'patients',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      registrationNumber: k.text('registration_number').notNull(),
      name: k.text('name').notNull(),
      birthDate: k.text('birth_date'),
      birthDateEstimated: k.bool('birth_date_estimated').notNull(),
      sex: k.text<Sex>('sex').notNull(),
      phone: k.text('phone'),
      address: k.text('address'),
      category: k.text<Category>('category').notNull(),
      nextOfKinName: k.text('next_of_kin_name'),
      nextOfKinPhone: k.text('next_of_kin_phone'),
      notes: k.text('notes'),
      allergies: k.json<{ substance: string; reaction: string | null }[]>('allergies').notNull(),
      identified: k.bool('identified').notNull(),
      externalId: k.text('external_id'),
      archivedAt: k.int('archived_at'),
      mergedIntoId: k.text('merged_into_id'),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [
      k.unique('patients_number').on(t.branchId, t.registrationNumber),
      k.unique('patients_external').on(t.branchId, t.externalId),
      k.index('patients_name').on(t.branchId, t.name),
      k.index('patients_newest').on(t.branchId, t.createdAt, t.id),
    ],
  );

  /** What a search compares: folded name, phone digits and numbers; full text stands over it. */
  const patientSearch = k.table(
    'patient_search',
    {
      row: k.int('row').primaryKey(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
      branchId: branchId(),
      text: k.text('text').notNull(),
      archived: k.bool('archived').notNull(),
    },
    (t) => [k.unique('patient_search_patient').on(t.patientId)],
  );

  /** The words of the names, for two letters typed: found by their first two letters, newest patient first. */
  const patientWords = k.table(
    'patient_words',
    { word: k.text('word').notNull(), start: k.text('start').notNull(), row: k.int('row').notNull() },
    (t) => [k.primaryKey({ columns: [t.row, t.word] }), k.index('patient_words_start').on(t.start, t.row)],
  );

  /** The words that occur at all, by the keys under which a misspelling finds them (`spellingKeys`). */
  const spellings = k.table('spellings', { key: k.text('key').notNull(), word: k.text('word').notNull() }, (t) => [
    k.primaryKey({ columns: [t.key, t.word] }),
  ]);

  const patientNumbers = k.table(
    'patient_numbers',
    {
      branchId: branchId(),
      number: k.text('number').notNull(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
    },
    (t) => [k.primaryKey({ columns: [t.branchId, t.number] }), k.index('patient_numbers_patient').on(t.patientId)],
  );

  const merges = k.table(
    'merges',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
      intoId: k
        .text('into_id')
        .notNull()
        .references(() => patients.id),
      visitIds: k.json<string[]>('visit_ids').notNull(),
      numbers: k.json<string[]>('numbers').notNull(),
      at: k.int('at').notNull(),
      undoneAt: k.int('undone_at'),
    },
    (t) => [k.index('merges_patient').on(t.patientId)],
  );

  /** One key per patient, wrapped by the clinic's: whoever destroys it has purged what it sealed. */
  const patientKeys = k.table('patient_keys', {
    patientId: k.text('patient_id').primaryKey(),
    branchId: branchId(),
    wrapped: k.bytes('wrapped').notNull(),
  });

  return { patients, patientSearch, patientWords, spellings, patientNumbers, merges, patientKeys };
}
