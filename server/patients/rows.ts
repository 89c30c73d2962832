import { and, desc, eq, inArray } from 'drizzle-orm';
import type * as z from 'zod';
import type { patient as patientShape } from '../../contract/shapes.ts';
import { summaryOf } from '../../contract/views.ts';
import { OPEN_STATES } from '../../domain/visit.ts';
import { type Builder, change, type Reader, statement } from '../db/connection.ts';
import type { Tx } from '../db/scope.ts';
import { indexPatient } from '../db/search.ts';
import { iso } from '../ports.ts';

export type PatientView = z.input<typeof patientShape>;
export type PatientRow = Reader['t']['patients']['$inferSelect'];

const findPatient = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.patients)
    .where(and(eq(t.patients.id, p('id')), eq(t.patients.branchId, p('branchId')))),
);
const findNumbers = statement(({ db, t, p }) =>
  db
    .select({ number: t.patientNumbers.number })
    .from(t.patientNumbers)
    .where(eq(t.patientNumbers.patientId, p('id'))),
);

export const patientOf = (
  reader: Pick<Reader, 'row'>,
  at: Readonly<{ id: string; branchId: string }>,
): Promise<PatientRow | undefined> => reader.row(findPatient, at);

/** Numbers of records that were merged into this one: they still find it. */
export const otherNumbers = async (reader: Pick<Reader, 'rows'>, id: string): Promise<string[]> =>
  (await reader.rows(findNumbers, { id })).map(({ number }) => number);

export const viewPatient = (row: PatientRow): PatientView => ({
  ...summaryOf(row),
  address: row.address,
  category: row.category,
  nextOfKinName: row.nextOfKinName,
  nextOfKinPhone: row.nextOfKinPhone,
  notes: row.notes,
  allergies: row.allergies,
  mergedIntoId: row.mergedIntoId,
  version: row.version,
  createdAt: iso(row.createdAt),
  updatedAt: iso(row.updatedAt),
});

/** The fields that the audit shows before and after. */
export const auditOf = (row: Partial<PatientRow>) => {
  const { id: _id, branchId: _branch, version: _version, createdAt: _created, updatedAt: _updated, ...fields } = row;
  return fields;
};

const insertRow = change(({ db, t, p }) =>
  db.insert(t.patients).values({
    id: p('id'),
    branchId: p('branchId'),
    registrationNumber: p('registrationNumber'),
    name: p('name'),
    birthDate: p('birthDate'),
    birthDateEstimated: p('birthDateEstimated'),
    sex: p('sex'),
    phone: p('phone'),
    address: p('address'),
    category: p('category'),
    nextOfKinName: p('nextOfKinName'),
    nextOfKinPhone: p('nextOfKinPhone'),
    notes: p('notes'),
    allergies: p('allergies'),
    identified: p('identified'),
    externalId: p('externalId'),
    archivedAt: p('archivedAt'),
    mergedIntoId: null,
    version: 1,
    createdAt: p('now'),
    updatedAt: p('now'),
  }),
);

export type NewPatient = Omit<PatientRow, 'version' | 'createdAt' | 'updatedAt' | 'mergedIntoId'>;

export async function insertPatient(tx: Tx, patient: NewPatient, now: number): Promise<PatientRow> {
  tx.send(insertRow, { ...patient, now });
  const row = { ...patient, mergedIntoId: null, version: 1, createdAt: now, updatedAt: now };
  await index(tx, row);
  return row;
}

export async function index(tx: Tx, row: PatientRow): Promise<void> {
  const numbers = [row.registrationNumber, ...(row.version === 1 ? [] : await otherNumbers(tx, row.id))];
  const { id: patientId, branchId, name, phone } = row;
  await indexPatient(tx, { patientId, branchId, name, phone, numbers, archived: row.archivedAt !== null });
}

/** The patient's unfinished visit, if they are in the clinic now. */
export async function openVisitOf(
  reader: Readonly<{ t: Reader['t']; db: Pick<Builder, 'select'> }>,
  patientId: string,
) {
  const { t, db } = reader;
  const rows = await db
    .select({ id: t.visits.id, token: t.visits.token })
    .from(t.visits)
    .innerJoin(t.steps, eq(t.steps.id, t.visits.currentStepId))
    .where(and(eq(t.visits.patientId, patientId), inArray(t.steps.state, [...OPEN_STATES])))
    .orderBy(desc(t.visits.arrivedAt))
    .limit(1);
  return rows[0];
}
