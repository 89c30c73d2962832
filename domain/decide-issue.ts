import { type Decision, entry, type Facts, NOTHING, newStep, type QueueRules, refuse } from './decision.ts';
import { tokenLabel } from './token.ts';
import type { Priority, Visit } from './visit.ts';

export type IssueCommand = Readonly<{
  patientId: string;
  priority: Priority;
  reason: string | null;
  confirmRepeat: boolean;
  estimate: Readonly<{ low: number; high: number }> | null;
}>;

/** A new visit with its first step. `existing` is the patient's unfinished visit in this queue today, `number` the counter's next. */
export function decideIssue(
  slice: Readonly<{ queue: QueueRules; existing: Visit | null; number: number }>,
  command: IssueCommand,
  facts: Facts,
): Decision<'queue_closed' | 'token_exists'> {
  const { queue, existing } = slice;
  if (queue.state === 'closed') return refuse('queue_closed', { queue: queue.code });
  if (existing && !command.confirmRepeat)
    return refuse('token_exists', { token: existing.token, visitId: existing.id });
  const visitId = facts.id();
  const step = newStep(visitId, queue, facts, {
    sequence: 1,
    priority: command.priority,
    seniorAt: facts.now,
    estimateLow: command.estimate?.low ?? null,
    estimateHigh: command.estimate?.high ?? null,
  });
  const visit: Visit = {
    id: visitId,
    branchId: queue.branchId,
    patientId: command.patientId,
    clinicDay: facts.day,
    token: tokenLabel(queue.code, slice.number),
    tokenQueueId: queue.id,
    tokenNumber: slice.number,
    stationCode: null,
    currentStepId: step.id,
    reason: command.reason,
    arrivedAt: facts.now,
    issuedBy: facts.actorId,
  };
  return { ...NOTHING, visits: [visit], steps: [step], history: [entry(step, 'issue', null)] };
}
