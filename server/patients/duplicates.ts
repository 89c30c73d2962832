import { inArray } from 'drizzle-orm';
import { ALIKE, closeness } from '../../contract/likeness.ts';
import { summaryOf } from '../../contract/views.ts';
import { likeness, phoneDigits, words } from '../../domain/patient.ts';
import type { Builder, Reader } from '../db/connection.ts';
import { searchPatients } from '../db/search.ts';
import type { PatientRow } from './rows.ts';

type Reading = Omit<Reader, 'db'> & Readonly<{ db: Pick<Builder, 'select' | 'selectDistinct'> }>;
type Person = Parameters<typeof likeness>[0];

/** Who may already be this person, most alike first, with a score out of 100. */
export async function candidatesFor(reader: Reading, branchId: string, person: Person) {
  // Whoever shares a name word, spelt alike, or the phone, may be the same person.
  const queries = [
    person.name,
    ...words(person.name).filter((word) => word.length > 2),
    ...(person.phone && phoneDigits(person.phone).length > 5 ? [phoneDigits(person.phone).slice(-9)] : []),
  ];
  const found = await Promise.all(
    queries.map((q) => searchPatients(reader, { branchId, q, archived: false, limit: 40 })),
  );
  const rows = await rowsById(reader, [...new Set(found.flat())]);
  return rows
    .map((row) => ({ patient: summaryOf(row), score: likeness(person, row, closeness) }))
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5);
}

export async function rowsById({ t, db }: Reading, ids: readonly string[]): Promise<PatientRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select()
    .from(t.patients)
    .where(inArray(t.patients.id, [...ids]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}
