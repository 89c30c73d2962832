import { CALLERS, ISSUERS, type Role } from './people.ts';

/** The states of a step: one stretch of a visit in one queue. */
export const STEP_STATES = [
  'waiting',
  'called',
  'in_room',
  'parked',
  'done',
  'no_show',
  'transferred',
  'cancelled',
] as const;
export type StepState = (typeof STEP_STATES)[number];

/** Someone in one of these states is in the clinic and not finished. */
export const OPEN_STATES = ['waiting', 'called', 'in_room', 'parked'] as const satisfies readonly StepState[];
export const isOpen = (state: StepState): boolean => (OPEN_STATES as readonly StepState[]).includes(state);

/** Priority classes, most urgent first. */
export const PRIORITIES = ['emergency', 'priority', 'appointment', 'normal'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One patient's journey through the clinic on one clinic day. Times are ms since 1970. */
export type Visit = Readonly<{
  id: string;
  branchId: string;
  patientId: string;
  clinicDay: string;
  token: string;
  tokenQueueId: string;
  tokenNumber: number;
  stationCode: string | null;
  currentStepId: string;
  reason: string | null;
  arrivedAt: number;
  issuedBy: string;
}>;

/** One stretch of a visit in one queue. A transfer ends one step and begins the next; history is never rewritten. */
export type Step = Readonly<{
  id: string;
  visitId: string;
  branchId: string;
  queueId: string;
  clinicDay: string;
  sequence: number;
  state: StepState;
  version: number;
  lastCommand: StepCommand;
  priority: Priority;
  /** Seniority in the line: the first arrival in the clinic, kept over transfers. */
  seniorAt: number;
  /** Since when this stretch of waiting lasts; the maximum wait counts from here. */
  waitingSince: number;
  /** How many others go first (after a no-show rejoined). */
  behind: number;
  /** Resumed after being parked: ahead of its class. */
  ahead: boolean;
  /** Only this room, or this member of staff, may call the step. */
  forRoomId: string | null;
  forStaffId: string | null;
  /** After this step the patient goes back to this step's doctor. */
  returnToStepId: string | null;
  roomId: string | null;
  staffId: string | null;
  callCount: number;
  calledAt: number | null;
  enteredAt: number | null;
  endedAt: number | null;
  endReason: string | null;
  /** The wait that was promised at issue, in ms. */
  estimateLow: number | null;
  estimateHigh: number | null;
}>;

type Rule = Readonly<{ from: readonly StepState[]; to: StepState; who: readonly Role[] }>;

const caller: readonly Role[] = CALLERS;
const callerOrReception: readonly Role[] = [...CALLERS, 'receptionist'];

/** The one table of allowed transitions. The database refuses what it does not know. */
export const TRANSITIONS = {
  call: { from: ['waiting'], to: 'called', who: caller },
  recall: { from: ['called'], to: 'called', who: caller },
  enter: { from: ['called'], to: 'in_room', who: caller },
  finish: { from: ['in_room'], to: 'done', who: caller },
  return: { from: ['called', 'in_room'], to: 'waiting', who: caller },
  'no-show': { from: ['called'], to: 'no_show', who: callerOrReception },
  rejoin: { from: ['no_show'], to: 'waiting', who: callerOrReception },
  park: { from: ['waiting', 'called', 'in_room'], to: 'parked', who: caller },
  resume: { from: ['parked'], to: 'waiting', who: callerOrReception },
  transfer: { from: ['waiting', 'called', 'in_room'], to: 'transferred', who: callerOrReception },
  cancel: { from: ['waiting', 'called', 'parked', 'no_show'], to: 'cancelled', who: ['receptionist', 'doctor'] },
  /** The day's end, done by the system (`decideCloseDay`): someone who was called becomes a no-show instead. */
  'close-day': { from: ['waiting', 'called', 'in_room', 'parked'], to: 'cancelled', who: [] },
} as const satisfies Record<string, Rule>;

export type Transition = keyof typeof TRANSITIONS;
export const TRANSITION_NAMES = Object.keys(TRANSITIONS) as Transition[];
export type StepCommand = Transition | 'issue' | 'undo' | 'close-day';

export const issuers: readonly Role[] = ISSUERS;

/** Every (from, command, to) that the database accepts: the table above, its reverse for undo, and the day's end. */
export function allowedPairs(): { from: StepState; command: StepCommand; to: StepState }[] {
  const pairs: { from: StepState; command: StepCommand; to: StepState }[] = [];
  for (const command of TRANSITION_NAMES) {
    const rule: Rule = TRANSITIONS[command];
    for (const from of rule.from) pairs.push({ from, command, to: rule.to });
  }
  pairs.push({ from: 'called', command: 'close-day', to: 'no_show' });
  // Taking back a command that made a step (a transfer) cancels that step.
  pairs.push({ from: 'waiting', command: 'undo', to: 'cancelled' });
  for (const { from, to } of [...pairs]) {
    const known = pairs.some((pair) => pair.command === 'undo' && pair.from === to && pair.to === from);
    if (!known && from !== to) pairs.push({ from: to, command: 'undo', to: from });
  }
  return pairs;
}
