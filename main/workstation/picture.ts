import type { RowOf } from '../../contract/sync.ts';
import { viewOf } from '../../contract/views.ts';
import { dayOfInstant } from '../../domain/clinic-day.ts';
import type { Changes, QueueRules, VisitWithSteps } from '../../domain/decide.ts';
import { type Placed, queueOrder } from '../../domain/queue-order.ts';
import type { Step } from '../../domain/visit.ts';

/** The clinic as this desk sees it: what the server has confirmed, with what was done here laid over it. */
export type Picture = Readonly<{
  clinic: RowOf<'clinic'> | null;
  queues: Map<string, RowOf<'queue'>>;
  rooms: ReadonlyMap<string, RowOf<'room'>>;
  visits: Map<string, VisitWithSteps>;
  /** What clinicians wrote, by patient; only where clinicians work. */
  notes: Map<string, RowOf<'notes'>>;
  /** Registered here, and not confirmed yet. */
  newPatients: Map<string, RowOf<'patient'>>;
  patient: (id: string) => RowOf<'patient'> | null;
  people: ReadonlyMap<string, RowOf<'person'>>;
}>;

/** Lays a decision over the picture. */
export function lay(picture: Picture, changes: Changes, patient: RowOf<'patient'> | null = null): void {
  if (patient) picture.newPatients.set(patient.id, patient);
  for (const visit of changes.visits)
    picture.visits.set(visit.id, { visit, steps: picture.visits.get(visit.id)?.steps ?? [] });
  for (const step of changes.steps) {
    const found = picture.visits.get(step.visitId);
    if (!found) continue;
    const others = found.steps.filter(({ id }) => id !== step.id);
    const steps = [...others, step].sort((a, b) => a.sequence - b.sequence);
    picture.visits.set(step.visitId, { visit: found.visit, steps });
  }
  for (const [queueId, run] of Object.entries(changes.runs)) {
    const queue = picture.queues.get(queueId);
    if (queue) picture.queues.set(queueId, { ...queue, run });
  }
}

/** The clinic day of an instant; never one before the day that the clinic has begun. */
export function dayOn({ clinic }: Picture, instant: number): string {
  if (!clinic) return '1970-01-01';
  const day = dayOfInstant(clinic, instant);
  return day > clinic.openDay ? day : clinic.openDay;
}

/** The clinic day that something belongs to which was done here: the server believes its time, whatever it has begun since. */
export function dayOfFact({ clinic }: Picture, madeAt: number, visit?: VisitWithSteps): string {
  const day = clinic ? dayOfInstant(clinic, madeAt) : '1970-01-01';
  // Nothing was done to a visit before its own day.
  return visit && visit.visit.clinicDay > day ? visit.visit.clinicDay : day;
}

export const stepOf = ({ visit, steps }: VisitWithSteps): Step | undefined =>
  steps.find(({ id }) => id === visit.currentStepId);

/** Who waits in a queue on a day. */
export const waitingIn = (picture: Picture, queueId: string, day: string): Step[] =>
  [...picture.visits.values()].flatMap((visit) => {
    const step = stepOf(visit);
    return step?.queueId === queueId && step.state === 'waiting' && step.clinicDay === day ? [step] : [];
  });

export const occupantsOf = (picture: Picture, roomId: string, day: string): VisitWithSteps[] =>
  [...picture.visits.values()]
    .filter((visit) => {
      const step = stepOf(visit);
      return step?.roomId === roomId && ['called', 'in_room'].includes(step.state) && step.clinicDay === day;
    })
    .sort((a, b) => (stepOf(a)?.calledAt ?? 0) - (stepOf(b)?.calledAt ?? 0));

export const rulesOf = (picture: Picture, queueId: string): QueueRules | null => picture.queues.get(queueId) ?? null;

export function lineOf(picture: Picture, queueId: string, day: string, now: number): Placed<Step>[] {
  const queue = picture.queues.get(queueId);
  return queue ? queueOrder(waitingIn(picture, queueId, day), queue.policy, now, queue.run) : [];
}

/** A visit as the contract answers it. */
export function answerOf(picture: Picture, visitId: string, now: number) {
  const found = picture.visits.get(visitId);
  const step = found && stepOf(found);
  if (!found || !step) return null;
  const place =
    step.state === 'waiting'
      ? (lineOf(picture, step.queueId, step.clinicDay, now).find((placed) => placed.step.id === step.id)?.place ?? null)
      : null;
  return viewOf(found.visit, step, place);
}
