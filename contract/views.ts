import type * as z from 'zod';
import type { Placed } from '../domain/queue-order.ts';
import type { Step, Visit } from '../domain/visit.ts';
import type { patientSummary, visit as visitShape } from './shapes.ts';

/** An instant as the wire and the files write it. */
const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export type VisitView = z.input<typeof visitShape>;

/** A visit as it goes over the wire: the visit with its current step. */
export const viewOf = (visit: Visit, step: Step, place: number | null): VisitView => ({
  id: visit.id,
  token: visit.token,
  state: step.state,
  queueId: step.queueId,
  patientId: visit.patientId,
  clinicDay: visit.clinicDay,
  stepId: step.id,
  version: step.version,
  place,
  priority: step.priority,
  reason: visit.reason,
  arrivedAt: iso(visit.arrivedAt),
  waitingSince: iso(step.waitingSince),
  roomId: step.roomId,
  staffId: step.staffId,
  forRoomId: step.forRoomId,
  forStaffId: step.forStaffId,
  callCount: step.callCount,
  calledAt: isoOrNull(step.calledAt),
  enteredAt: isoOrNull(step.enteredAt),
  endedAt: isoOrNull(step.endedAt),
  endReason: step.endReason,
  estimate:
    step.estimateLow === null || step.estimateHigh === null ? null : { low: step.estimateLow, high: step.estimateHigh },
});

type PatientRow = Readonly<{
  id: string;
  registrationNumber: string;
  name: string;
  birthDate: string | null;
  birthDateEstimated: boolean;
  sex: z.input<typeof patientSummary>['sex'];
  phone: string | null;
  identified: boolean;
  archivedAt: number | null;
}>;

export const summaryOf = (row: PatientRow): z.input<typeof patientSummary> => ({
  id: row.id,
  registrationNumber: row.registrationNumber,
  name: row.name,
  birthDate: row.birthDate,
  birthDateEstimated: row.birthDateEstimated,
  sex: row.sex,
  phone: row.phone,
  identified: row.identified,
  archivedAt: isoOrNull(row.archivedAt),
});

/** Why somebody stands where they stand, in one sentence. */
export const SENTENCES: Record<Placed<Step>['reason'], string> = {
  emergency: 'An emergency goes before everyone else.',
  overdue: 'They have waited longer than the queue allows for anyone, so they go to the front.',
  resumed: 'They were set aside and came back, so they are ahead of their class.',
  priority: 'Priority patients go before the others; among them, whoever came first.',
  appointment: 'Their appointment is due; among those, whoever came first.',
  turn: 'It is the turn of somebody without priority.',
  arrival: 'In order of arrival in the clinic.',
  rejoined: 'They missed their call and came back, so they stand behind those who were let ahead.',
};
