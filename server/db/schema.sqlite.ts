import { sqliteColumns } from './columns.ts';
import { defineSchema } from './schema.ts';

/** For drizzle-kit, which reads tables from a module's exports. */
export const {
  meta, branches, counters, closedDays, users, devices, sessions, patients, patientSearch, patientWords, spellings,
  patientNumbers, merges, patientKeys, queues, rooms, roomWorkers, boards, visits, steps, stepTransitions,
  visitHistory, undoable, calls, audit, auditCheckpoints, feed, commands, jobs, backups, secrets,
} = defineSchema(sqliteColumns);
