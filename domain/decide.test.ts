import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallSlice,
  type Changes,
  type Decision,
  decideCall,
  decideCallNext,
  decideIssue,
  decideReasonedStep,
  decideStep,
  decideTransfer,
  decideUndo,
  type Facts,
  isRefusal,
  type QueueRules,
  type VisitWithSteps,
} from './decide.ts';
import { DEFAULT_POLICY, NO_RUN } from './queue-order.ts';
import { PRIORITIES, STEP_STATES, type Step, type StepState, type Visit } from './visit.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
let made = 0;
const at = (now: number, actorId = 'sana'): Facts => ({
  ...{ now, day: '2026-11-21', actorId },
  id: () => {
    made += 1;
    return `made-${String(made).padStart(5, '0')}`;
  },
});

const queue = (change: Partial<QueueRules> = {}): QueueRules => ({
  ...{ id: 'A', branchId: 'branch', code: 'A', state: 'open', policy: DEFAULT_POLICY, run: NO_RUN },
  ...{ returnTo: 'place', rejoinAfter: 2 },
  ...change,
});
const issueWith = (rules: QueueRules, existing: Visit | null, number: number, confirmRepeat = false) =>
  decideIssue(
    { queue: rules, existing, number },
    { patientId: 'patient', priority: 'normal', reason: null, confirmRepeat, estimate: { low: 60_000, high: 120_000 } },
    at(NOW, 'rosa'),
  );

const done = (decision: Decision): Changes => {
  if (isRefusal(decision)) throw new Error(`refused: ${decision.refused}`);
  return decision;
};

/** A waiting visit; `change` puts its step where a test wants it. */
function waiting(number: number, change: Partial<Step> = {}): VisitWithSteps {
  const { visits, steps } = done(issueWith(queue(), null, number));
  const step = { ...(steps[0] as Step), seniorAt: NOW + number, ...change };
  return { visit: visits[0] as Visit, steps: [step] };
}
const stepOf = ({ steps }: VisitWithSteps): Step => steps.at(-1) as Step;
const room = { id: 'room-1', capacity: 1, queueIds: ['A'] };
const inRoom = (number: number, state: 'called' | 'in_room' = 'in_room', change: Partial<Step> = {}) =>
  waiting(number, {
    ...{ state, version: 3, roomId: 'room-1', staffId: 'sana', callCount: 1, calledAt: NOW },
    ...change,
  });

function slice(line: readonly VisitWithSteps[], occupants: readonly VisitWithSteps[] = [], rules = queue()): CallSlice {
  return { queue: rules, room, waiting: line.map(stepOf), occupants, queues: new Map([[rules.id, rules]]) };
}

/** The visits after a change. */
function apply(visits: readonly VisitWithSteps[], { visits: newer, steps }: Changes): VisitWithSteps[] {
  return visits.map(({ visit, steps: before }) => {
    const own = steps.filter(({ visitId }) => visitId === visit.id);
    const kept = before.map((step) => own.find(({ id }) => id === step.id) ?? step);
    const added = own.filter(({ id }) => !before.some((step) => step.id === id));
    return { visit: newer.find(({ id }) => id === visit.id) ?? visit, steps: [...kept, ...added] };
  });
}

function undo(visits: readonly VisitWithSteps[], changes: Changes, secondsLater: number, runs = changes.runs) {
  const known = new Set(changes.before.steps.map(({ id }) => id));
  return decideUndo(
    {
      visits,
      before: changes.before,
      made: changes.steps.filter(({ id }) => !known.has(id)).map(({ id }) => id),
      versions: Object.fromEntries(changes.steps.map(({ id, version }) => [id, version])),
      ...{ doneAt: NOW, runs, capacities: { [room.id]: room.capacity } },
    },
    at(NOW + secondsLater * 1000),
  );
}

describe('calling the next', () => {
  it('refuses a full room until it is said what becomes of the person there', () => {
    const [next, there] = [waiting(2), inRoom(1)];
    const decision = decideCallNext(slice([next], [there]), {}, at(NOW));
    expect(decision).toMatchObject({ refused: 'room_busy', details: { token: 'A-001' } });
  });

  it.each([
    ['finish', 'in_room', 'done'],
    ['return', 'in_room', 'waiting'],
    ['return', 'called', 'waiting'],
    ['no-show', 'called', 'no_show'],
  ] as const)('with %s ends the one %s as %s and calls the next', (current, state, to) => {
    const [next, there] = [waiting(2), inRoom(1, state)];
    const { steps, announcements } = done(decideCallNext(slice([next], [there]), { current }, at(NOW)));
    expect(steps.find(({ visitId }) => visitId === there.visit.id)?.state).toBe(to);
    expect(steps.find(({ visitId }) => visitId === next.visit.id)).toMatchObject({ state: 'called', roomId: 'room-1' });
    expect(announcements).toEqual([{ visitId: next.visit.id, stepId: stepOf(next).id, roomId: 'room-1' }]);
  });

  it('does not finish somebody who was only called, nor give up somebody who is in the room', () => {
    const next = waiting(2);
    const finish = decideCallNext(slice([next], [inRoom(1, 'called')]), { current: 'finish' }, at(NOW));
    expect(finish).toMatchObject({ refused: 'invalid_transition' });
    const noShow = decideCallNext(slice([next], [inRoom(1)]), { current: 'no-show' }, at(NOW));
    expect(noShow).toMatchObject({ refused: 'invalid_transition' });
  });

  it('never calls again the one who was just sent back', () => {
    const there = inRoom(1);
    const alone = decideCallNext(slice([], [there]), { current: 'return' }, at(NOW));
    expect(alone).toMatchObject({ refused: 'queue_empty' });
  });

  it('passes over people who wait for another room or doctor', () => {
    const elsewhere = waiting(1, { forRoomId: 'room-2' });
    const forOther = waiting(2, { forStaffId: 'omar' });
    const [mine, line] = [waiting(3), [elsewhere, forOther]];
    expect(decideCallNext(slice(line), {}, at(NOW))).toMatchObject({ refused: 'queue_empty' });
    const { announcements } = done(decideCallNext(slice([...line, mine]), {}, at(NOW)));
    expect(announcements[0]?.visitId).toBe(mine.visit.id);
  });

  it('is refused while the queue is paused, and in a room that does not serve it', () => {
    const line = [waiting(1)];
    expect(decideCallNext(slice(line, [], queue({ state: 'paused' })), {}, at(NOW))).toMatchObject({
      refused: 'queue_paused',
    });
    const elsewhere = { ...slice(line), room: { ...room, queueIds: ['B'] } };
    expect(decideCallNext(elsewhere, {}, at(NOW))).toMatchObject({ refused: 'room_not_serving' });
  });

  it('of somebody who is not next needs a reason, which is kept with the mark that others were passed', () => {
    const [first, second] = [waiting(1), waiting(2)];
    const given = { ...slice([first, second]), target: second };
    expect(decideCall(given, {}, at(NOW))).toMatchObject({ refused: 'reason_required' });
    const { history } = done(decideCall(given, { reason: 'feels faint' }, at(NOW)));
    expect(history).toMatchObject([{ reason: 'feels faint', outOfOrder: true }]);
    const inTurn = done(decideCall({ ...given, target: first }, {}, at(NOW)));
    expect(inTurn.history).toMatchObject([{ outOfOrder: false }]);
  });

  it('never leaves more people in a room than its capacity, also after it was lowered', () => {
    const two = [inRoom(1), inRoom(2)];
    const next = waiting(3);
    const decision = decideCallNext(slice([next], two), { current: 'finish' }, at(NOW));
    const there = isRefusal(decision)
      ? 1
      : apply([...two, next], decision)
          .map(stepOf)
          .filter(isThere).length;
    expect(there).toBeLessThanOrEqual(room.capacity);
  });
});

const isThere = ({ state }: Step) => state === 'called' || state === 'in_room';

describe('transferring', () => {
  const laboratory = queue({ id: 'L', code: 'L' });

  it('keeps the token and the seniority, and ends the old step', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PRIORITIES), fc.integer({ min: 0, max: 1e7 }), (priority, ago) => {
        const visit = waiting(1, { priority, seniorAt: NOW - ago });
        const changes = done(decideTransfer({ ...visit, target: laboratory }, {}, at(NOW)));
        const [moved] = apply([visit], changes) as [VisitWithSteps];
        expect(moved.visit).toMatchObject({ token: 'A-001', currentStepId: stepOf(moved).id });
        expect(stepOf(moved)).toMatchObject({ queueId: 'L', state: 'waiting', priority, seniorAt: NOW - ago });
        expect(moved.steps[0]).toMatchObject({ state: 'transferred', endedAt: NOW });
      }),
      { numRuns: 1000 },
    );
  });

  it('and back brings the patient to the same doctor, ahead of the others', () => {
    const visit = inRoom(1);
    const sent = done(decideTransfer({ ...visit, target: laboratory }, { andReturn: true }, at(NOW)));
    const [there] = apply([visit], sent) as [VisitWithSteps];
    const taken = { ...there, steps: [there.steps[0] as Step, { ...stepOf(there), state: 'in_room' as const }] };
    const back = done(decideStep({ ...taken, queue: laboratory }, { command: 'finish' }, at(NOW + 1)));
    const [returned] = apply([taken], back) as [VisitWithSteps];
    expect(stepOf(returned)).toMatchObject({ queueId: 'A', state: 'waiting', forStaffId: 'sana', ahead: true });
    expect(returned.visit).toMatchObject({ currentStepId: stepOf(returned).id, token: 'A-001' });
    // Ahead of one who came earlier.
    const earlier = waiting(2, { seniorAt: NOW - 5000 });
    const next = done(decideCallNext(slice([earlier, returned]), {}, at(NOW + 2)));
    expect(next.announcements[0]?.visitId).toBe(visit.visit.id);
  });

  it('is refused to a closed queue, and to the line where they already wait', () => {
    const visit = waiting(1);
    const closed = { ...laboratory, state: 'closed' as const };
    expect(decideTransfer({ ...visit, target: closed }, {}, at(NOW))).toMatchObject({ refused: 'queue_closed' });
    expect(decideTransfer({ ...visit, target: queue() }, {}, at(NOW))).toMatchObject({ refused: 'same_queue' });
    const toDoctor = decideTransfer({ ...visit, target: queue() }, { staffId: 'omar' }, at(NOW));
    expect(stepOf(apply([visit], done(toDoctor))[0] as VisitWithSteps).forStaffId).toBe('omar');
  });
});

describe('taking a command back', () => {
  it('of call-next restores both visits, their seniority, and what the queue remembers', () => {
    const rules = queue({ run: { emergencies: 0, favoured: 2 } });
    const all = [inRoom(1), waiting(2), waiting(3, { behind: 2 })];
    const [there, ...line] = all as [VisitWithSteps, ...VisitWithSteps[]];
    const changes = done(decideCallNext(slice(line, [there], rules), { current: 'finish' }, at(NOW)));
    const undone = done(undo(apply(all, changes), changes, 59));
    const restored = apply(apply(all, changes), undone).map(stepOf);
    const plain = (step: Step) => ({ ...step, version: 0, lastCommand: '' });
    expect(restored.map(plain)).toEqual(all.map(stepOf).map(plain));
    expect(undone.runs).toEqual({ A: rules.run });
  });

  it('of a transfer brings the old step back and cancels the new one', () => {
    const visit = inRoom(1);
    const changes = done(decideTransfer({ ...visit, target: queue({ id: 'L' }) }, {}, at(NOW)));
    const moved = apply([visit], changes);
    const [back] = apply(moved, done(undo(moved, changes, 1))) as [VisitWithSteps];
    expect(back.visit.currentStepId).toBe(stepOf(visit).id);
    expect(back.steps.map(({ state }) => state)).toEqual(['in_room', 'cancelled']);
  });

  it('is refused after 60 seconds, and when something happened since', () => {
    const [there, line] = [inRoom(1), [waiting(2)]];
    const changes = done(decideCallNext(slice(line, [there]), { current: 'finish' }, at(NOW)));
    const now = apply([there, ...line], changes);
    expect(isRefusal(undo(now, changes, 60))).toBe(false);
    expect(undo(now, changes, 61)).toMatchObject({ refused: 'undo_expired' });
    const entered = done(decideStep({ ...(now[1] as VisitWithSteps), queue: queue() }, { command: 'enter' }, at(NOW)));
    expect(undo(apply(now, entered), changes, 5)).toMatchObject({ refused: 'stale', details: { state: 'in_room' } });
  });

  it('never fills a room beyond its capacity', () => {
    const [there, next] = [inRoom(1), waiting(2)];
    const finished = done(decideStep({ ...there, queue: queue() }, { command: 'finish' }, at(NOW)));
    const afterFinish = apply([there, next], finished);
    const called = done(decideCallNext(slice([next]), {}, at(NOW)));
    const afterCall = apply(afterFinish, called);
    const undone = undo(afterCall, finished, 5);
    const people = isRefusal(undone) ? afterCall : apply(afterCall, undone);
    expect(people.map(stepOf).filter(isThere)).toHaveLength(1);
  });

  it('keeps what the queue remembers of calls from other rooms since', () => {
    const [first, second] = [waiting(1, { priority: 'priority' }), waiting(2, { priority: 'priority' })];
    const one = done(decideCallNext(slice([first]), {}, at(NOW)));
    const two = done(decideCallNext(slice([second], [], queue({ run: one.runs['A'] ?? NO_RUN })), {}, at(NOW)));
    const undone = done(undo(apply([first, second], one), one, 5, two.runs));
    expect(undone.runs['A']).toEqual({ emergencies: 0, favoured: 1 });
  });
});

describe('the guard', () => {
  it('refuses a command on a step that moved on, whatever else is true', () => {
    fc.assert(
      fc.property(fc.constantFrom<StepState>(...STEP_STATES), fc.boolean(), (state, byVersion) => {
        const visit = waiting(1, { state, version: 4 });
        const expected = byVersion ? { expectedVersion: 3 } : { stepId: 'another', expectedVersion: 4 };
        const decision = decideStep({ ...visit, queue: queue() }, { command: 'finish', ...expected }, at(NOW));
        expect(decision).toMatchObject({ refused: 'stale', details: { state, version: 4 } });
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['park', 'cancel'] as const)('asks for a reason to %s', (command) => {
    const given = { ...waiting(1), queue: queue() };
    expect(decideReasonedStep(given, { command }, at(NOW))).toMatchObject({ refused: 'reason_required' });
    const { steps } = done(decideReasonedStep(given, { command, reason: 'went to pray' }, at(NOW)));
    expect(steps[0]).toMatchObject({ endReason: 'went to pray', version: 2 });
  });

  it('says which states a command may start from', () => {
    const decision = decideStep({ ...waiting(1), queue: queue() }, { command: 'return' }, at(NOW));
    expect(decision).toMatchObject({ details: { state: 'waiting', allowed: 'called, in_room' } });
  });
});
