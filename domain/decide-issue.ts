import {
  type Changes,
  type Decision,
  entry,
  type Facts,
  isRefusal,
  NOTHING,
  newStep,
  type QueueRules,
  refuse,
} from './decision.ts';
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
  slice: Readonly<{
    queue: QueueRules;
    existing: Pick<Visit, 'id' | 'token'> | null;
    number: number;
    stationCode?: string | null;
  }>,
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
    token: tokenLabel(queue.code, slice.number, slice.stationCode),
    tokenQueueId: queue.id,
    tokenNumber: slice.number,
    stationCode: slice.stationCode ?? null,
    currentStepId: step.id,
    reason: command.reason,
    arrivedAt: facts.now,
    issuedBy: facts.actorId,
  };
  return { ...NOTHING, visits: [visit], steps: [step], history: [entry(step, 'issue', null)] };
}

/**
 * A token that was given without the server: what was printed stands. Its place in the line is that of its time; whether
 * the queue was closed by then, or the patient had another token, is for people to settle, and changes nothing here.
 */
export function decideIssueOffline(
  slice: Readonly<{ queue: QueueRules; number: number; stationCode: string | null }>,
  command: Omit<IssueCommand, 'confirmRepeat' | 'estimate'>,
  facts: Facts,
): Changes {
  const queue = { ...slice.queue, state: 'open' } as const;
  const decision = decideIssue(
    { ...slice, queue, existing: null },
    { ...command, confirmRepeat: true, estimate: null },
    facts,
  );
  if (isRefusal(decision)) throw new Error(`A printed token was refused: ${decision.refused}.`);
  return decision;
}
