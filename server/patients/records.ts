import { and, desc, eq, inArray, lte, sql } from 'drizzle-orm';
import type * as z from 'zod';
import type { patientRecord } from '../../contract/shapes.ts';
import type { Reader } from '../db/connection.ts';
import { type PatientRow, viewPatient } from './rows.ts';

export type PatientRecord = z.input<typeof patientRecord>;

/** How many earlier visits a record shows. */
const VISITS = 5;

/** Patients as somebody opens them: with their last visits, and the numbers that still find them. */
export async function recordsOf(reader: Reader, rows: readonly PatientRow[]): Promise<PatientRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [visits, numbers] = await Promise.all([lastVisits(reader, ids), otherNumbers(reader, ids)]);
  const visitsOf = Map.groupBy(visits, ({ patientId }) => patientId);
  const numbersOf = Map.groupBy(numbers, ({ patientId }) => patientId);
  return rows.map((row) => ({
    ...viewPatient(row),
    lastVisits: (visitsOf.get(row.id) ?? []).map(({ patientId: _, ...visit }) => visit),
    otherNumbers: (numbersOf.get(row.id) ?? []).map(({ number }) => number),
  }));
}

async function lastVisits({ t, db }: Reader, ids: readonly string[]) {
  const nth = sql<number>`row_number() over (partition by ${t.visits.patientId} order by ${t.visits.arrivedAt} desc)`;
  const latest = db
    .select({ id: t.visits.id, nth: nth.as('nth') })
    .from(t.visits)
    .where(inArray(t.visits.patientId, [...ids]))
    .as('latest');
  return db
    .select({
      patientId: t.visits.patientId,
      id: t.visits.id,
      day: t.visits.clinicDay,
      token: t.visits.token,
      reason: t.visits.reason,
      queueId: t.steps.queueId,
      state: t.steps.state,
    })
    .from(t.visits)
    .innerJoin(latest, and(eq(latest.id, t.visits.id), lte(latest.nth, VISITS)))
    .innerJoin(t.steps, eq(t.steps.id, t.visits.currentStepId))
    .orderBy(desc(t.visits.arrivedAt));
}

const otherNumbers = ({ t, db }: Reader, ids: readonly string[]) =>
  db
    .select({ patientId: t.patientNumbers.patientId, number: t.patientNumbers.number })
    .from(t.patientNumbers)
    .where(inArray(t.patientNumbers.patientId, [...ids]));
