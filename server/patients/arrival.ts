import type { CommandContext } from '../dispatch.ts';
import { putOnSheet } from '../sheet/sheet.ts';
import { timeOfFact } from '../visits/facts.ts';
import { candidatesFor } from './duplicates.ts';
import { index, type PatientRow } from './rows.ts';

/** From this likeness on two records are taken for the same person's until somebody says otherwise. */
const SAME = 80;
/** What arrives later than this (ms) was done without the server. */
const LATE = 10_000;

/**
 * A patient whom a desk had registered without the server: the number on their papers finds them from now on, and if
 * another desk had registered them as well, people are told.
 */
export async function settleArrival(ctx: CommandContext, row: PatientRow, provisionalNumber: string): Promise<void> {
  const { tx, branchId } = ctx;
  await tx.db
    .insert(tx.t.patientNumbers)
    .values({ branchId, number: provisionalNumber, patientId: row.id })
    .onConflictDoNothing();
  // Its index is written anew with the other number in it.
  await index(tx, { ...row, version: row.version + 1 });
  // At a desk that only waited a little longer for its answer there was nobody else to register them.
  if (!row.identified || timeOfFact(ctx) > ctx.now - LATE) return;
  const [like] = (await candidatesFor(tx, branchId, row)).filter(({ patient }) => patient.id !== row.id);
  if (!like || like.score < SAME) return;
  await putOnSheet(ctx, {
    kind: 'registered_twice',
    operation: 'patients.register',
    refusal: null,
    facts: { likeness: like.score, number: row.registrationNumber, other: like.patient.registrationNumber },
    patientId: row.id,
    otherPatientId: like.patient.id,
    madeAt: timeOfFact(ctx),
  });
}
