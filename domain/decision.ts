import type { CallRun, OrderPolicy } from './queue-order.ts';
import { type Step, type StepState, TRANSITIONS, type Transition, type Visit } from './visit.ts';

/** What is known outside the rows: the time, the person who acts, the clinic day, and fresh ids. */
export type Facts = Readonly<{ now: number; day: string; actorId: string; id: () => string }>;

/** A queue's rules as the decisions need them. */
export type QueueRules = Readonly<{
  id: string;
  branchId: string;
  code: string;
  state: 'open' | 'paused' | 'closed';
  policy: OrderPolicy;
  run: CallRun;
  /** Where someone sent back to waiting stands: their own place, or the end of the line. */
  returnTo: 'place' | 'end';
  /** After how many others a no-show who came back is called. */
  rejoinAfter: number;
}>;

export type RoomRules = Readonly<{ id: string; capacity: number; queueIds: readonly string[] }>;

/** A visit with all its steps, the current one last. */
export type VisitWithSteps = Readonly<{ visit: Visit; steps: readonly Step[] }>;

/** One line of a visit's history. */
export type HistoryEntry = Readonly<{
  visitId: string;
  stepId: string;
  command: Step['lastCommand'] | 'correct-patient';
  from: StepState | null;
  to: StepState;
  reason: string | null;
  outOfOrder: boolean;
}>;

/** What a command changes: whole rows to write, and what they were before (for the audit, and for undo). */
export type Changes = Readonly<{
  visits: readonly Visit[];
  steps: readonly Step[];
  before: Readonly<{ visits: readonly Visit[]; steps: readonly Step[]; runs: Readonly<Record<string, CallRun>> }>;
  runs: Readonly<Record<string, CallRun>>;
  announcements: readonly Readonly<{ visitId: string; stepId: string; roomId: string }>[];
  history: readonly HistoryEntry[];
}>;

export type RefusalCode =
  | 'queue_closed'
  | 'queue_paused'
  | 'queue_empty'
  | 'token_exists'
  | 'invalid_transition'
  | 'stale'
  | 'reason_required'
  | 'room_busy'
  | 'room_not_serving'
  | 'bound_elsewhere'
  | 'same_queue'
  | 'undo_expired';

/** A refusal: its declared code, and facts for the message. */
export type Refusal<C extends RefusalCode = RefusalCode> = Readonly<{
  refused: C;
  details: Readonly<Record<string, string | number | null>>;
}>;
/** A decision names the refusals it may come to, so that a caller which does not declare one does not compile. */
export type Decision<C extends RefusalCode = RefusalCode> = Changes | Refusal<C>;

export const refuse = <C extends RefusalCode>(refused: C, details: Refusal['details'] = {}): Refusal<C> => ({
  refused,
  details,
});
export const isRefusal = <C extends RefusalCode>(decision: Decision<C>): decision is Refusal<C> =>
  'refused' in decision;

export const NOTHING: Changes = {
  visits: [],
  steps: [],
  before: { visits: [], steps: [], runs: {} },
  runs: {},
  announcements: [],
  history: [],
};

export const merge = (a: Changes, b: Changes): Changes => ({
  visits: [...a.visits, ...b.visits],
  steps: [...a.steps, ...b.steps],
  before: {
    visits: [...a.before.visits, ...b.before.visits],
    steps: [...a.before.steps, ...b.before.steps],
    runs: { ...b.before.runs, ...a.before.runs },
  },
  runs: { ...a.runs, ...b.runs },
  announcements: [...a.announcements, ...b.announcements],
  history: [...a.history, ...b.history],
});

export type NewStep = Pick<Step, 'sequence' | 'priority' | 'seniorAt'> & Partial<Step>;

export function newStep(
  visitId: string,
  queue: Pick<QueueRules, 'id' | 'branchId'>,
  facts: Facts,
  given: NewStep,
): Step {
  return {
    id: facts.id(),
    visitId,
    branchId: queue.branchId,
    queueId: queue.id,
    clinicDay: facts.day,
    state: 'waiting',
    version: 1,
    lastCommand: 'issue',
    waitingSince: facts.now,
    behind: 0,
    ahead: false,
    forRoomId: null,
    forStaffId: null,
    returnToStepId: null,
    roomId: null,
    staffId: null,
    callCount: 0,
    calledAt: null,
    enteredAt: null,
    endedAt: null,
    endReason: null,
    estimateLow: null,
    estimateHigh: null,
    ...given,
  };
}

export const entry = (
  step: Step,
  command: HistoryEntry['command'],
  from: StepState | null,
  more: Partial<HistoryEntry> = {},
): HistoryEntry => ({
  visitId: step.visitId,
  stepId: step.id,
  command,
  from,
  to: step.state,
  reason: null,
  outOfOrder: false,
  ...more,
});

/** What the caller believed when deciding; a command on a step that moved on since is stale, never applied. */
export type Expected = Readonly<{ stepId?: string | undefined; expectedVersion?: number | undefined }>;

export const currentStep = ({ visit, steps }: VisitWithSteps): Step => {
  const step = steps.find(({ id }) => id === visit.currentStepId);
  if (!step) throw new Error(`visit ${visit.id} has no step ${visit.currentStepId}`);
  return step;
};

export function staleness(step: Step, expected: Expected): Refusal<'stale'> | null {
  const moved =
    (expected.stepId !== undefined && expected.stepId !== step.id) ||
    (expected.expectedVersion !== undefined && expected.expectedVersion !== step.version);
  if (!moved) return null;
  return refuse('stale', { state: step.state, lastCommand: step.lastCommand, stepId: step.id, version: step.version });
}

export function guard(
  step: Step,
  command: Transition,
  expected: Expected,
): Refusal<'stale' | 'invalid_transition'> | null {
  const stale = staleness(step, expected);
  if (stale) return stale;
  const { from } = TRANSITIONS[command];
  if ((from as readonly StepState[]).includes(step.state)) return null;
  return refuse('invalid_transition', { command, state: step.state, allowed: from.join(', ') });
}

/** The step after a command: the table's state, a version more, and what else changes. */
export const moved = (step: Step, command: Transition, change: Partial<Step> = {}): Step => ({
  ...step,
  state: TRANSITIONS[command].to,
  version: step.version + 1,
  lastCommand: command,
  ...change,
});

export const changed = (before: Step, after: Step, more: Partial<HistoryEntry> = {}): Changes => ({
  ...NOTHING,
  steps: [after],
  before: { visits: [], steps: [before], runs: {} },
  history: [entry(after, after.lastCommand, before.state, more)],
});
