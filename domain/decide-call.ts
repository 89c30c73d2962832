import { decideStep } from './decide-step.ts';
import {
  type Changes,
  changed,
  currentStep,
  type Decision,
  type Expected,
  type Facts,
  guard,
  isRefusal,
  merge,
  moved,
  NOTHING,
  type QueueRules,
  type RoomRules,
  refuse,
  type VisitWithSteps,
} from './decision.ts';
import { queueOrder, runAfter } from './queue-order.ts';
import type { Step } from './visit.ts';

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
