import type { Columns } from './columns.ts';
import { clinicTables } from './schema/clinic.ts';
import { deviceTables } from './schema/devices.ts';
import { groundOf } from './schema/ground.ts';
import { identityTables } from './schema/identity.ts';
import { patientTables } from './schema/patients.ts';
import { peopleTables } from './schema/people.ts';
import { pharmacyTables } from './schema/pharmacies.ts';
import { queueTables } from './schema/queues.ts';
import { signingInTables } from './schema/signing-in.ts';
import { traceTables } from './schema/traces.ts';
import { visitTables } from './schema/visits.ts';
import { workTables } from './schema/work.ts';

/**
 * Every table, written once over the dialects' columns, by chapter. The branch is on every row that belongs to one.
 * Triggers and full-text tables stand in the hand-written migrations.
 */
export function defineSchema(k: Columns) {
  const ground = groundOf(k);
  const devices = deviceTables(k, ground);
  const people = peopleTables(k, ground, devices);
  const patients = patientTables(k, ground);
  const queues = queueTables(k, ground, people);
  const visits = visitTables(k, ground, { ...patients, ...queues });
  return {
    branches: ground.branches,
    ...clinicTables(k, ground),
    ...devices,
    ...people,
    ...signingInTables(k, ground, { ...people, ...devices }),
    ...patients,
    ...identityTables(k, ground),
    ...pharmacyTables(k, ground),
    ...queues,
    ...visits,
    ...traceTables(k, ground),
    ...workTables(k, ground),
  };
}

export type Tables = ReturnType<typeof defineSchema>;
