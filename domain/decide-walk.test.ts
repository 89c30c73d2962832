import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallSlice,
  type Changes,
  type CurrentOutcome,
  currentStep,
  type Decision,
  decideCall,
  decideCallNext,
  decideCloseDay,
  decideCorrectPatient,
  decideIssue,
  decideReasonedStep,
  decideStep,
  decideTransfer,
  decideUndo,
  type Facts,
  isRefusal,
  type QueueRules,
  type SimpleTransition,
  type VisitWithSteps,
} from './decide.ts';
import { type CallRun, DEFAULT_POLICY, NO_RUN, queueOrder } from './queue-order.ts';
import { allowedPairs, isOpen, PRIORITIES, type Priority, type Step, type Visit } from './visit.ts';

/** A clinic in memory that does what the decisions say: two queues, a room for one and a room for two. */
const QUEUES = ['A', 'B'] as const;
const ROOMS = [
  { id: 'room-1', capacity: 1, queueIds: ['A', 'B'] },
  { id: 'room-2', capacity: 2, queueIds: ['A'] },
];
const START = Date.UTC(2026, 10, 21, 8);
const LEGAL = new Set(allowedPairs().map(({ from, command, to }) => `${from} ${command} ${to}`));

type Done = { at: number; changes: Changes };
type Clinic = {
  now: number;
  ids: number;
  numbers: Record<string, number>;
  visits: Map<string, Visit>;
  steps: Map<string, Step>;
  runs: Record<string, CallRun>;
  /** The last command on each visit, when it may be taken back. */
  last: Map<string, Done | undefined>;
};
const newClinic = (): Clinic => ({
  ...{ now: START, ids: 0, numbers: { A: 0, B: 0 }, visits: new Map(), steps: new Map() },
  ...{ runs: { A: NO_RUN, B: NO_RUN }, last: new Map() },
});

const frozen = <T extends object>(row: T): T => Object.freeze(row);
const factsOf = (clinic: Clinic, actorId: string): Facts => ({
  ...{ now: clinic.now, day: '2026-11-21', actorId },
  id: () => {
    clinic.ids += 1;
    return `id-${String(clinic.ids).padStart(5, '0')}`;
  },
});
const queueOf = (clinic: Clinic, id: string): QueueRules => ({
  ...{ id, branchId: 'branch', code: id, state: 'open', run: clinic.runs[id] ?? NO_RUN },
  policy: { ...DEFAULT_POLICY, kind: id === 'A' ? 'absolute' : 'ratio' },
  returnTo: id === 'A' ? 'place' : 'end',
  rejoinAfter: 2,
});
const withSteps = (clinic: Clinic, visit: Visit): VisitWithSteps => ({
  visit,
  steps: [...clinic.steps.values()]
    .filter(({ visitId }) => visitId === visit.id)
    .sort((a, b) => a.sequence - b.sequence),
});
const waitingIn = (clinic: Clinic, queueId: string) =>
  [...clinic.steps.values()].filter((step) => step.queueId === queueId && step.state === 'waiting');
const inRoom = (clinic: Clinic, roomId: string) =>
  [...clinic.steps.values()]
    .filter((step) => step.roomId === roomId && (step.state === 'called' || step.state === 'in_room'))
    .sort((a, b) => (a.calledAt ?? 0) - (b.calledAt ?? 0));
const isInRoom = (clinic: Clinic, visitId: string) =>
  ROOMS.some(({ id }) => inRoom(clinic, id).some((step) => step.visitId === visitId));
const callSlice = (clinic: Clinic, queueId: string, room: (typeof ROOMS)[number]): CallSlice => ({
  ...{ queue: queueOf(clinic, queueId), room, waiting: waitingIn(clinic, queueId) },
  occupants: inRoom(clinic, room.id).map(({ visitId }) => withSteps(clinic, clinic.visits.get(visitId) as Visit)),
  queues: new Map(QUEUES.map((id) => [id, queueOf(clinic, id)])),
});

function apply(clinic: Clinic, changes: Changes): void {
  for (const visit of changes.visits) clinic.visits.set(visit.id, frozen(visit));
  for (const step of changes.steps) clinic.steps.set(step.id, frozen(step));
  Object.assign(clinic.runs, changes.runs);
}

/** What must hold of every change that was allowed. */
function checkChange(clinic: Clinic, changes: Changes): void {
  for (const step of changes.steps) {
    const before = clinic.steps.get(step.id);
    if (!before) {
      expect(step).toMatchObject({ state: 'waiting', version: 1 });
      continue;
    }
    const quiet = before.version === step.version;
    if (quiet) expect(step).toEqual({ ...before, behind: step.behind });
    else expect(step.version).toBe(before.version + 1);
    if (before.state !== step.state) expect(LEGAL).toContain(`${before.state} ${step.lastCommand} ${step.state}`);
    // What a step is never changes.
    const { id, visitId, queueId, clinicDay, sequence, returnToStepId } = before;
    expect(step).toMatchObject({ id, visitId, queueId, clinicDay, sequence, returnToStepId });
  }
  for (const visit of changes.visits) {
    const { token, tokenNumber, arrivedAt, clinicDay } = clinic.visits.get(visit.id) ?? visit;
    expect(visit).toMatchObject({ token, tokenNumber, arrivedAt, clinicDay });
  }
  for (const step of changes.before.steps)
    if (clinic.steps.has(step.id)) expect(clinic.steps.get(step.id)).toEqual(step);
}

/** What must hold of the clinic at any time. */
function checkClinic(clinic: Clinic): void {
  for (const visit of clinic.visits.values()) {
    const { steps } = withSteps(clinic, visit);
    expect(steps.map(({ sequence }) => sequence)).toEqual(steps.map((_, index) => index + 1));
    const current = currentStep({ visit, steps });
    for (const step of steps) if (step.id !== current.id) expect(isOpen(step.state)).toBe(false);
  }
  for (const id of QUEUES) {
    const placed = queueOrder(waitingIn(clinic, id), queueOf(clinic, id).policy, clinic.now, clinic.runs[id]);
    expect(placed.map(({ place }) => place)).toEqual(placed.map((_, index) => index + 1));
  }
  const tokens = [...clinic.visits.values()].map(({ token }) => token);
  expect(new Set(tokens).size).toBe(tokens.length);
}

// --- commands --------------------------------------------------------------------------------------------------------

const SIMPLE = ['recall', 'enter', 'finish', 'return', 'no-show', 'rejoin', 'resume'] as const;
type Order =
  | { do: 'issue'; queue: number; priority: Priority }
  | { do: 'call-next'; queue: number; room: number; current: CurrentOutcome | undefined }
  | { do: 'call'; visit: number; room: number; current: CurrentOutcome | undefined; reason: boolean; stale: boolean }
  | { do: 'step'; visit: number; command: SimpleTransition; stale: boolean }
  | { do: 'reasoned'; visit: number; command: 'park' | 'cancel'; reason: boolean }
  | { do: 'transfer'; visit: number; queue: number; andReturn: boolean; toRoom: boolean; stale: boolean }
  | { do: 'correct'; visit: number }
  | { do: 'undo'; visit: number };

const index = fc.nat(5);
const queue = fc.nat(1);
const room = fc.nat(1);
const current = fc.constantFrom<CurrentOutcome | undefined>(undefined, 'finish', 'return', 'no-show');
const yes = fc.boolean();
const stale = fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const is = <const T extends string>(name: T) => fc.constant(name);
const simple = fc.constantFrom<SimpleTransition>(...SIMPLE);
const reasoned = fc.constantFrom('park' as const, 'cancel' as const);
const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: is('issue'), queue, priority: fc.constantFrom(...PRIORITIES) }) },
  { weight: 4, arbitrary: fc.record({ do: is('call-next'), queue, room, current }) },
  { weight: 1, arbitrary: fc.record({ do: is('call'), visit: index, room, current, reason: yes, stale }) },
  { weight: 8, arbitrary: fc.record({ do: is('step'), visit: index, command: simple, stale }) },
  { weight: 2, arbitrary: fc.record({ do: is('reasoned'), visit: index, command: reasoned, reason: yes }) },
  { weight: 2, arbitrary: fc.record({ do: is('transfer'), visit: index, queue, andReturn: yes, toRoom: yes, stale }) },
  { weight: 1, arbitrary: fc.record({ do: is('correct'), visit: index }) },
  { weight: 3, arbitrary: fc.record({ do: is('undo'), visit: index }) },
);
const walk = fc.array(
  fc.tuple(order, fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 20 * 60_000 }))),
  { minLength: 30, maxLength: 60 },
);

function decide(clinic: Clinic, given: Order): { decision: Decision; stale: boolean } | null {
  const facts = factsOf(clinic, 'doctor');
  if (given.do === 'issue') {
    const rules = queueOf(clinic, QUEUES[given.queue] as string);
    const number = (clinic.numbers[rules.id] ?? 0) + 1;
    clinic.numbers[rules.id] = number;
    const { priority } = given;
    const command = { patientId: 'patient', priority, reason: null, confirmRepeat: false, estimate: null };
    return { decision: decideIssue({ queue: rules, existing: null, number }, command, facts), stale: false };
  }
  if (given.do === 'call-next') {
    const slice = callSlice(clinic, QUEUES[given.queue] as string, ROOMS[given.room] as (typeof ROOMS)[number]);
    return { decision: decideCallNext(slice, given, facts), stale: false };
  }
  const all = [...clinic.visits.values()];
  const visit = all[given.visit % Math.max(1, all.length)];
  if (!visit) return null;
  if (given.do === 'undo') return undo(clinic, visit, facts);
  const target = withSteps(clinic, visit);
  const step = currentStep(target);
  const slice = { ...target, queue: queueOf(clinic, step.queueId) };
  const isStale = 'stale' in given && given.stale;
  const expected = { stepId: step.id, expectedVersion: isStale ? step.version - 1 : step.version };
  switch (given.do) {
    case 'call': {
      const place = callSlice(clinic, step.queueId, ROOMS[given.room] as (typeof ROOMS)[number]);
      const reason = given.reason ? 'because' : undefined;
      const command = { ...expected, current: given.current, reason };
      return { decision: decideCall({ ...place, target }, command, facts), stale: isStale };
    }
    case 'step':
      return { decision: decideStep(slice, { ...expected, command: given.command }, facts), stale: isStale };
    case 'reasoned': {
      const reason = given.reason ? 'because' : undefined;
      return {
        decision: decideReasonedStep(slice, { ...expected, command: given.command, reason }, facts),
        stale: false,
      };
    }
    case 'transfer': {
      const to = queueOf(clinic, QUEUES[given.queue] as string);
      const roomId = given.toRoom ? 'room-1' : undefined;
      const command = { ...expected, andReturn: given.andReturn, roomId };
      return { decision: decideTransfer({ ...target, target: to }, command, facts), stale: isStale };
    }
    case 'correct': {
      const command = { ...expected, patientId: 'another', reason: 'wrong record' };
      return { decision: decideCorrectPatient(target, command), stale: false };
    }
  }
}

function undo(clinic: Clinic, visit: Visit, facts: Facts): { decision: Decision; stale: boolean } | null {
  const last = clinic.last.get(visit.id);
  if (!last) return null;
  const known = new Set(last.changes.before.steps.map(({ id }) => id));
  const concerned = new Set(last.changes.steps.map(({ visitId }) => visitId));
  const slice = {
    visits: [...clinic.visits.values()]
      .filter(({ id }) => concerned.has(id) || isInRoom(clinic, id))
      .map((visit) => withSteps(clinic, visit)),
    before: last.changes.before,
    made: last.changes.steps.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    versions: Object.fromEntries(last.changes.steps.map(({ id, version }) => [id, version])),
    ...{ doneAt: last.at, runs: clinic.runs },
    capacities: Object.fromEntries(ROOMS.map(({ id, capacity }) => [id, capacity])),
  };
  return { decision: decideUndo(slice, facts), stale: false };
}

describe('whatever people do, in any order', () => {
  it('no step reaches a state that the table does not know, and no room holds more than it can', () => {
    const seen = { done: new Set<string>(), refused: new Set<string>() };
    fc.assert(
      fc.property(walk, (orders) => {
        const clinic = newClinic();
        for (const [given, passed] of orders) {
          clinic.now += passed;
          const taken = decide(clinic, given);
          if (!taken) continue;
          const { decision, stale: wasStale } = taken;
          if (wasStale) expect(decision).toMatchObject({ refused: 'stale' });
          if (isRefusal(decision)) {
            seen.refused.add(decision.refused);
            continue;
          }
          checkChange(clinic, decision);
          apply(clinic, decision);
          checkClinic(clinic);
          for (const { id, capacity } of ROOMS) expect(inRoom(clinic, id).length).toBeLessThanOrEqual(capacity);
          seen.done.add('command' in given ? given.command : given.do);
          const undoable = !['issue', 'undo'].includes(given.do);
          for (const { visitId } of decision.history)
            clinic.last.set(visitId, undoable ? { at: clinic.now, changes: decision } : undefined);
        }
        const closing = decideCloseDay([...clinic.steps.values()], clinic.now);
        checkChange(clinic, closing);
        apply(clinic, closing);
        checkClinic(clinic);
        expect([...clinic.steps.values()].filter(({ state }) => isOpen(state))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    // Not vacuous: the walks did everything, and met every refusal that this clinic can give.
    expect([...seen.done].sort()).toEqual(
      ['call', 'call-next', 'cancel', 'correct', 'issue', 'park', 'transfer', 'undo', ...SIMPLE].sort(),
    );
    for (const refusal of ['stale', 'invalid_transition', 'room_busy', 'reason_required', 'undo_expired', 'same_queue'])
      expect(seen.refused).toContain(refusal);
  });
});
