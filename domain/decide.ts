import { type CallRun, type OrderPolicy, queueOrder, runAfter } from './queue-order.ts';
import { tokenLabel } from './token.ts';
import { isOpen, type Priority, type Step, type StepState, TRANSITIONS, type Transition, type Visit } from './visit.ts';

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

const refuse = <C extends RefusalCode>(refused: C, details: Refusal['details'] = {}): Refusal<C> => ({
  refused,
  details,
});
export const isRefusal = <C extends RefusalCode>(decision: Decision<C>): decision is Refusal<C> =>
  'refused' in decision;

const NOTHING: Changes = {
  visits: [],
  steps: [],
  before: { visits: [], steps: [], runs: {} },
  runs: {},
  announcements: [],
  history: [],
};

const merge = (a: Changes, b: Changes): Changes => ({
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

// --- issue -----------------------------------------------------------------------------------------------------------

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

type NewStep = Pick<Step, 'sequence' | 'priority' | 'seniorAt'> & Partial<Step>;

function newStep(visitId: string, queue: Pick<QueueRules, 'id' | 'branchId'>, facts: Facts, given: NewStep): Step {
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

const entry = (
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

// --- the guard that every transition passes --------------------------------------------------------------------------

/** What the caller believed when deciding; a command on a step that moved on since is stale, never applied. */
export type Expected = Readonly<{ stepId?: string | undefined; expectedVersion?: number | undefined }>;

export const currentStep = ({ visit, steps }: VisitWithSteps): Step => {
  const step = steps.find(({ id }) => id === visit.currentStepId);
  if (!step) throw new Error(`visit ${visit.id} has no step ${visit.currentStepId}`);
  return step;
};

function staleness(step: Step, expected: Expected): Refusal<'stale'> | null {
  const moved =
    (expected.stepId !== undefined && expected.stepId !== step.id) ||
    (expected.expectedVersion !== undefined && expected.expectedVersion !== step.version);
  if (!moved) return null;
  return refuse('stale', { state: step.state, lastCommand: step.lastCommand, stepId: step.id, version: step.version });
}

function guard(step: Step, command: Transition, expected: Expected): Refusal<'stale' | 'invalid_transition'> | null {
  const stale = staleness(step, expected);
  if (stale) return stale;
  const { from } = TRANSITIONS[command];
  if ((from as readonly StepState[]).includes(step.state)) return null;
  return refuse('invalid_transition', { command, state: step.state, allowed: from.join(', ') });
}

/** The step after a command: the table's state, a version more, and what else changes. */
const moved = (step: Step, command: Transition, change: Partial<Step> = {}): Step => ({
  ...step,
  state: TRANSITIONS[command].to,
  version: step.version + 1,
  lastCommand: command,
  ...change,
});

const changed = (before: Step, after: Step, more: Partial<HistoryEntry> = {}): Changes => ({
  ...NOTHING,
  steps: [after],
  before: { visits: [], steps: [before], runs: {} },
  history: [entry(after, after.lastCommand, before.state, more)],
});

// --- calling ---------------------------------------------------------------------------------------------------------

/** What becomes of the person in a full room when the next one is called. */
export type CurrentOutcome = 'finish' | 'return' | 'no-show';

export type CallSlice = Readonly<{
  queue: QueueRules;
  room: RoomRules;
  /** Everyone waiting in the queue today. */
  waiting: readonly Step[];
  /** Who is called to, or in, the room; earliest first. */
  occupants: readonly VisitWithSteps[];
  /** The queues of the occupants, for their send-back policy. */
  queues: ReadonlyMap<string, QueueRules>;
}>;

const mayBeCalled = (step: Step, room: RoomRules, actorId: string) =>
  (step.forRoomId === null || step.forRoomId === room.id) && (step.forStaffId === null || step.forStaffId === actorId);

/** Calls the person whose turn it is; `current` says what becomes of the one in the room. */
export function decideCallNext(
  slice: CallSlice,
  command: Readonly<{ current?: CurrentOutcome | undefined }>,
  facts: Facts,
): Decision<PlaceRefusal | 'queue_empty'> {
  const place = makePlace(slice, command.current, facts);
  if (isRefusal(place)) return place;
  const returned = place.steps.filter((step) => step.state === 'waiting' && step.queueId === slice.queue.id);
  const line = queueOrder([...slice.waiting, ...returned], slice.queue.policy, facts.now, slice.queue.run);
  const next = line.find(({ step }) => mayBeCalled(step, slice.room, facts.actorId) && !returned.includes(step));
  if (!next) return refuse('queue_empty', { queue: slice.queue.code });
  return merge(place, callOf(slice, next.step, facts, null, false));
}

/** Calls this person. Passing others needs a reason, which the audit and the daily fairness figures keep. */
export function decideCall(
  slice: CallSlice & Readonly<{ target: VisitWithSteps }>,
  command: Expected & Readonly<{ current?: CurrentOutcome | undefined; reason?: string | undefined }>,
  facts: Facts,
): Decision<PlaceRefusal | 'stale' | 'bound_elsewhere' | 'reason_required'> {
  const step = currentStep(slice.target);
  const refusal = guard(step, 'call', command);
  if (refusal) return refusal;
  if (!mayBeCalled(step, slice.room, facts.actorId))
    return refuse('bound_elsewhere', { roomId: step.forRoomId, staffId: step.forStaffId });
  const place = makePlace(slice, command.current, facts);
  if (isRefusal(place)) return place;
  const line = queueOrder(slice.waiting, slice.queue.policy, facts.now, slice.queue.run);
  const first = line.find((placed) => mayBeCalled(placed.step, slice.room, facts.actorId));
  const outOfOrder = first?.step.id !== step.id;
  if (outOfOrder && !command.reason)
    return refuse('reason_required', { ahead: line.findIndex((p) => p.step.id === step.id) });
  return merge(place, callOf(slice, step, facts, command.reason ?? null, outOfOrder));
}

type PlaceRefusal = 'queue_paused' | 'room_not_serving' | 'room_busy' | 'invalid_transition';

/** Room for one more: nothing to do, or what the caller said becomes of the earliest occupant. */
function makePlace(slice: CallSlice, current: CurrentOutcome | undefined, facts: Facts): Decision<PlaceRefusal> {
  const { queue, room, occupants } = slice;
  if (queue.state === 'paused') return refuse('queue_paused', { queue: queue.code });
  if (!room.queueIds.includes(queue.id)) return refuse('room_not_serving', { queue: queue.code });
  // One too many leaves as well, when the room's capacity was lowered while it was full.
  const leaving = occupants.slice(0, Math.max(0, occupants.length - room.capacity + 1));
  const [first] = leaving;
  if (!first) return NOTHING;
  if (!current) return refuse('room_busy', { token: first.visit.token, visitId: first.visit.id });
  let place = NOTHING;
  for (const occupant of leaving) {
    const rules = slice.queues.get(currentStep(occupant).queueId) ?? queue;
    const left = decideStep({ ...occupant, queue: rules }, { command: current }, facts);
    if (isRefusal(left)) return refuse('invalid_transition', left.details);
    place = merge(place, left);
  }
  return place;
}

function callOf(slice: CallSlice, step: Step, facts: Facts, reason: string | null, outOfOrder: boolean): Changes {
  const after = moved(step, 'call', {
    roomId: slice.room.id,
    staffId: facts.actorId,
    callCount: step.callCount + 1,
    calledAt: facts.now,
    behind: 0,
    ahead: false,
  });
  // Those who rejoined owe one other less, now that one was called.
  const owing = slice.waiting.filter((other) => other.behind > 0 && other.id !== step.id);
  return {
    ...changed(step, after, { reason, outOfOrder }),
    steps: [after, ...owing.map((other) => ({ ...other, behind: other.behind - 1 }))],
    before: { visits: [], steps: [step, ...owing], runs: { [slice.queue.id]: slice.queue.run } },
    runs: { [slice.queue.id]: runAfter(slice.queue.run, step) },
    announcements: [{ visitId: step.visitId, stepId: step.id, roomId: slice.room.id }],
  };
}

// --- the other transitions -------------------------------------------------------------------------------------------

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

// --- undo and the day's end ------------------------------------------------------------------------------------------

/** For how long the same person may take a command back, in ms. */
export const UNDO_WINDOW = 60_000;

/**
 * The reverse of a whole command: each row as it was, as new versions; a step that the command made is cancelled.
 * `before` is what the command recorded, `now` the rows of today. Refused when anything happened since.
 */
export function decideUndo(
  slice: Readonly<{
    visits: readonly VisitWithSteps[];
    before: Changes['before'];
    made: readonly string[];
    versions: Readonly<Record<string, number>>;
    doneAt: number;
    runs: Readonly<Record<string, CallRun>>;
    /** How many a room holds; `visits` includes everyone who is in those rooms now. */
    capacities: Readonly<Record<string, number>>;
  }>,
  facts: Facts,
): Decision<'stale' | 'undo_expired' | 'room_busy'> {
  if (facts.now - slice.doneAt > UNDO_WINDOW) return refuse('undo_expired', { seconds: UNDO_WINDOW / 1000 });
  const steps = slice.visits.flatMap((visit) => visit.steps);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const touched = Object.keys(slice.versions)
    .map((id) => byId.get(id))
    .filter((step) => step !== undefined);
  const movedOn = touched.find((step) => step.version !== slice.versions[step.id]);
  if (movedOn)
    return refuse('stale', {
      state: movedOn.state,
      lastCommand: movedOn.lastCommand,
      stepId: movedOn.id,
      version: movedOn.version,
    });

  const undone = (before: Step): Step => {
    const now = byId.get(before.id) ?? before;
    // A row whose version did not move only owed one other less: it owes it again.
    if (now.version === before.version) return { ...now, behind: now.behind + 1 };
    return { ...before, version: now.version + 1, lastCommand: 'undo' };
  };
  const withdrawn = slice.made
    .map((id) => byId.get(id))
    .filter((step) => step !== undefined)
    .map(
      (step): Step => ({
        ...step,
        state: 'cancelled',
        version: step.version + 1,
        lastCommand: 'undo',
        endedAt: facts.now,
        endReason: 'undone',
      }),
    );
  const restored = [...slice.before.steps.map(undone), ...withdrawn];
  const busy = crowded(slice.visits, restored, slice.capacities);
  if (busy) return refuse('room_busy', { token: busy.token, visitId: busy.id });
  const visits = slice.visits.map(({ visit }) => visit);
  return {
    visits: slice.before.visits,
    steps: restored,
    before: { visits, steps: touched, runs: slice.runs },
    runs: runsWithout(slice.before, byId, slice.runs),
    announcements: [],
    history: restored
      .filter((step) => step.version !== (byId.get(step.id)?.version ?? 0))
      .map((step) => entry(step, 'undo', byId.get(step.id)?.state ?? null)),
  };
}

const inRoom = (step: Step) => step.state === 'called' || step.state === 'in_room';

/** Who is in the way when the restored steps come back to their rooms; nobody is put in beside them. */
function crowded(
  visits: readonly VisitWithSteps[],
  restored: readonly Step[],
  capacities: Readonly<Record<string, number>>,
): Visit | null {
  const coming = restored.filter(inRoom);
  const changing = new Set(restored.map(({ id }) => id));
  for (const { roomId } of coming) {
    const others = visits.filter((visit) => {
      const step = currentStep(visit);
      return inRoom(step) && step.roomId === roomId && !changing.has(step.id);
    });
    const together = others.length + coming.filter((step) => step.roomId === roomId).length;
    if (others[0] && together > (capacities[roomId ?? ''] ?? 1)) return others[0].visit;
  }
  return null;
}

/** What the queues remember without the call that is taken back: as before it, or, when others were called since, one less. */
function runsWithout(
  before: Changes['before'],
  now: ReadonlyMap<string, Step>,
  runs: Changes['runs'],
): Changes['runs'] {
  return Object.fromEntries(
    Object.entries(before.runs).map(([queueId, was]) => {
      const called = before.steps.find((step) => step.queueId === queueId && now.get(step.id)?.lastCommand === 'call');
      const left = called ? runAfter(was, called) : was;
      const is = runs[queueId] ?? left;
      if (is.emergencies === left.emergencies && is.favoured === left.favoured) return [queueId, was];
      const less = (key: keyof CallRun) => Math.max(0, is[key] - Math.max(0, left[key] - was[key]));
      return [queueId, { emergencies: less('emergencies'), favoured: less('favoured') }];
    }),
  );
}

/** Closes what an old day left open, dated to that day's end: whoever was called did not come; the others are cancelled with the reason. */
export function decideCloseDay(steps: readonly Step[], dayEnd: number): Changes {
  return steps
    .filter(({ state }) => isOpen(state))
    .reduce<Changes>((all, step) => {
      const state: StepState = step.state === 'called' ? 'no_show' : 'cancelled';
      const after: Step = {
        ...step,
        state,
        version: step.version + 1,
        lastCommand: 'close-day',
        endedAt: dayEnd,
        endReason: 'day closed',
      };
      return merge(all, changed(step, after, { reason: 'day closed' }));
    }, NOTHING);
}
