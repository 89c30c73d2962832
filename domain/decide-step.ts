import {
  type Changes,
  changed,
  currentStep,
  type Decision,
  type Expected,
  entry,
  type Facts,
  guard,
  isRefusal,
  merge,
  moved,
  NOTHING,
  newStep,
  type QueueRules,
  refuse,
  staleness,
  type VisitWithSteps,
} from './decision.ts';
import type { Step, Visit } from './visit.ts';

export type SimpleTransition =
  | 'recall'
  | 'enter'
  | 'finish'
  | 'return'
  | 'no-show'
  | 'rejoin'
  | 'park'
  | 'resume'
  | 'cancel';

export function decideStep(
  slice: VisitWithSteps & Readonly<{ queue: QueueRules }>,
  command: Expected & Readonly<{ command: SimpleTransition; reason?: string | undefined }>,
  facts: Facts,
): Decision<'stale' | 'invalid_transition'> {
  const step = currentStep(slice);
  const refusal = guard(step, command.command, command);
  if (refusal) return refusal;
  // A no-show of an earlier day has no line to come back to.
  if (command.command === 'rejoin' && step.clinicDay !== facts.day) {
    return refuse('invalid_transition', {
      command: 'rejoin',
      state: `no_show on ${step.clinicDay}`,
      allowed: 'no_show, today',
    });
  }
  const reason = command.reason || null;
  const after = moved(step, command.command, changeOf(command.command, step, slice.queue, reason, facts));
  const changes = changed(step, after, { reason });
  if (command.command === 'recall' && step.roomId)
    return { ...changes, announcements: [{ visitId: step.visitId, stepId: step.id, roomId: step.roomId }] };
  return command.command === 'finish' ? merge(changes, goBack(slice, step, facts)) : changes;
}

/** Parking and cancelling: `decideStep`, but only with a reason. */
export function decideReasonedStep(
  slice: VisitWithSteps & Readonly<{ queue: QueueRules }>,
  command: Expected & Readonly<{ command: 'park' | 'cancel'; reason?: string | undefined }>,
  facts: Facts,
): Decision<'stale' | 'invalid_transition' | 'reason_required'> {
  const decision = decideStep(slice, command, facts);
  return isRefusal(decision) || command.reason ? decision : refuse('reason_required', { command: command.command });
}

const leftRoom = { roomId: null, staffId: null, calledAt: null, enteredAt: null } as const;

function changeOf(
  command: SimpleTransition,
  step: Step,
  queue: QueueRules,
  reason: string | null,
  facts: Facts,
): Partial<Step> {
  switch (command) {
    case 'recall':
      return { callCount: step.callCount + 1, calledAt: facts.now };
    case 'enter':
      return { enteredAt: facts.now };
    case 'finish':
    case 'no-show':
      return { endedAt: facts.now };
    case 'cancel':
      return { endedAt: facts.now, endReason: reason };
    case 'return':
      return { ...leftRoom, ...(queue.returnTo === 'end' ? { seniorAt: facts.now, waitingSince: facts.now } : {}) };
    case 'rejoin':
      return { ...leftRoom, endedAt: null, behind: queue.rejoinAfter, waitingSince: facts.now };
    case 'park':
      return { ...leftRoom, endReason: reason };
    case 'resume':
      return { endReason: null, ahead: true, waitingSince: facts.now };
  }
}

/** After a step that was to bring the patient back: a new step with the same doctor, ahead of its class. */
function goBack(slice: VisitWithSteps, step: Step, facts: Facts): Changes {
  const origin = slice.steps.find(({ id }) => id === step.returnToStepId);
  if (!origin) return NOTHING;
  const next = newStep(slice.visit.id, { id: origin.queueId, branchId: origin.branchId }, facts, {
    sequence: slice.steps.length + 1,
    lastCommand: 'transfer',
    clinicDay: slice.visit.clinicDay,
    priority: step.priority,
    seniorAt: step.seniorAt,
    ahead: true,
    forStaffId: origin.staffId,
    // Whoever had sent them there still wants them back.
    returnToStepId: origin.returnToStepId,
  });
  return movedTo(slice.visit, next);
}

const movedTo = (visit: Visit, next: Step): Changes => ({
  ...NOTHING,
  visits: [{ ...visit, currentStepId: next.id }],
  before: { visits: [visit], steps: [], runs: {} },
  steps: [next],
  history: [entry(next, 'transfer', null)],
});

export type TransferCommand = Expected &
  Readonly<{
    roomId?: string | undefined;
    staffId?: string | undefined;
    andReturn?: boolean | undefined;
    reason?: string | undefined;
  }>;

/** Ends this step and begins the next in another queue, or for another room or doctor; seniority is kept. */
export function decideTransfer(
  slice: VisitWithSteps & Readonly<{ target: Pick<QueueRules, 'id' | 'branchId' | 'code' | 'state'> }>,
  command: TransferCommand,
  facts: Facts,
): Decision<'stale' | 'invalid_transition' | 'queue_closed' | 'same_queue'> {
  const step = currentStep(slice);
  const refusal = guard(step, 'transfer', command);
  if (refusal) return refusal;
  if (slice.target.state === 'closed') return refuse('queue_closed', { queue: slice.target.code });
  const sameLine = step.queueId === slice.target.id && !command.roomId && !command.staffId;
  if (sameLine) return refuse('same_queue', { queue: slice.target.code });

  const reason = command.reason ?? null;
  const after = moved(step, 'transfer', { endedAt: facts.now, endReason: reason });
  const next = newStep(slice.visit.id, slice.target, facts, {
    sequence: slice.steps.length + 1,
    lastCommand: 'transfer',
    clinicDay: slice.visit.clinicDay,
    priority: step.priority,
    seniorAt: step.seniorAt,
    forRoomId: command.roomId ?? null,
    forStaffId: command.staffId ?? null,
    returnToStepId: command.andReturn ? step.id : step.returnToStepId,
  });
  return merge(changed(step, after, { reason }), movedTo(slice.visit, next));
}

/** The token was given to the wrong record: the visit moves to another patient, its state stays. */
export function decideCorrectPatient(
  slice: VisitWithSteps,
  command: Expected & Readonly<{ patientId: string; reason: string }>,
): Decision<'stale'> {
  const step = currentStep(slice);
  const stale = staleness(step, command);
  if (stale) return stale;
  const after: Step = { ...step, version: step.version + 1 };
  return {
    ...NOTHING,
    visits: [{ ...slice.visit, patientId: command.patientId }],
    steps: [after],
    before: { visits: [slice.visit], steps: [step], runs: {} },
    history: [entry(after, 'correct-patient', step.state, { reason: command.reason })],
  };
}
