import type { Priority, Step } from './visit.ts';

/** How a queue orders its people. `ratio: 3` means three favoured people for every normal one. */
export type OrderPolicy = Readonly<{
  kind: 'absolute' | 'ratio';
  ratio: number;
  /** Minutes after which a person of this class goes to the front whatever the policy: nobody starves. */
  maxWaitMinutes: Readonly<Record<Priority, number>>;
}>;

export const DEFAULT_POLICY: OrderPolicy = {
  kind: 'absolute',
  ratio: 3,
  maxWaitMinutes: { emergency: 10, priority: 60, appointment: 60, normal: 120 },
};

/** What the queue remembers of its last calls: how many emergencies, and favoured people, were called in a row. */
export type CallRun = Readonly<{ emergencies: number; favoured: number }>;
export const NO_RUN: CallRun = { emergencies: 0, favoured: 0 };

/** Why a person stands where they stand. */
export type PlaceReason =
  | 'emergency'
  | 'overdue'
  | 'resumed'
  | 'priority'
  | 'appointment'
  | 'turn'
  | 'arrival'
  | 'rejoined';

export type Placed<S> = Readonly<{ step: S; place: number; reason: PlaceReason }>;

type Waiting = Pick<Step, 'id' | 'priority' | 'seniorAt' | 'waitingSince' | 'behind' | 'ahead'>;

const RANK: Record<Priority, number> = { emergency: 0, priority: 1, appointment: 2, normal: 3 };

const favoured = (priority: Priority) => priority === 'priority' || priority === 'appointment';

const isOverdue = (step: Waiting, policy: OrderPolicy, now: number) =>
  now - step.waitingSince > policy.maxWaitMinutes[step.priority] * 60_000;

/** Ids break ties (they are UUIDv7: earlier made is earlier), so that the order is the same on every machine. */
const bySeniority = (a: Waiting, b: Waiting) => a.seniorAt - b.seniorAt || (a.id < b.id ? -1 : 1);

/**
 * The line: every waiting step once, places 1..n, each with the reason.
 *
 * Front to back: people past their class's maximum wait, by seniority; an emergency passes them, but never two in a row;
 * then the policy: higher class first, or `ratio` favoured people to one normal; inside a class, those resumed from
 * parking first, then by seniority. A no-show who rejoined stands behind as many others as they still owe.
 */
export function queueOrder<S extends Waiting>(
  waiting: readonly S[],
  policy: OrderPolicy,
  now: number,
  run: CallRun = NO_RUN,
): Placed<S>[] {
  const sorted = [...waiting].sort(bySeniority);
  const inTurn = (steps: readonly S[]): Reasoned<S>[] => {
    const emergencies = steps.filter(({ priority }) => priority === 'emergency');
    const others = steps.filter(({ priority }) => priority !== 'emergency');
    const overdue = others.filter((step) => isOverdue(step, policy, now));
    const rest = others.filter((step) => !isOverdue(step, policy, now));
    return [...alternate(emergencies, overdue, run.emergencies), ...byPolicy(rest, policy, run.favoured)];
  };
  // Somebody who missed a call gives up their turn: the order is made among those who are here for theirs.
  const line = inTurn(sorted.filter(({ behind }) => behind === 0));
  for (const [own, late] of inTurn(sorted).entries()) {
    if (late.step.behind === 0) continue;
    const place = Math.min(Math.max(own, late.step.behind), line.length);
    line.splice(place, 0, { step: late.step, reason: 'rejoined' });
  }
  return line.map(({ step, reason }, index) => ({ step, reason, place: index + 1 }));
}

type Reasoned<S> = { step: S; reason: PlaceReason };

/** Emergency, overdue, emergency, overdue …: an emergency waits for one other at most, an overdue person too. */
function alternate<S extends Waiting>(emergencies: S[], overdue: S[], emergenciesInARow: number): Reasoned<S>[] {
  const line: Reasoned<S>[] = [];
  let turn = emergenciesInARow > 0 && overdue.length > 0 ? 'overdue' : 'emergency';
  const left = { emergency: [...emergencies], overdue: [...overdue] };
  while (left.emergency.length + left.overdue.length > 0) {
    const reason =
      left[turn as 'emergency' | 'overdue'].length > 0 ? turn : turn === 'overdue' ? 'emergency' : 'overdue';
    const step = left[reason as 'emergency' | 'overdue'].shift() as S;
    line.push({ step, reason: reason as PlaceReason });
    turn = reason === 'emergency' ? 'overdue' : 'emergency';
  }
  return line;
}

function byPolicy<S extends Waiting>(steps: S[], policy: OrderPolicy, favouredInARow: number): Reasoned<S>[] {
  const inClass = (a: S, b: S) =>
    RANK[a.priority] - RANK[b.priority] || Number(b.ahead) - Number(a.ahead) || bySeniority(a, b);
  const sorted = [...steps].sort(inClass).map((step) => ({ step, reason: reasonOf(step) }));
  if (policy.kind === 'absolute') return sorted;

  const first = sorted.filter(({ step }) => favoured(step.priority));
  const normal = sorted.filter(({ step }) => !favoured(step.priority));
  const line: Reasoned<S>[] = [];
  let inARow = favouredInARow;
  while (first.length > 0 && normal.length > 0) {
    if (inARow < policy.ratio) {
      line.push(first.shift() as Reasoned<S>);
      inARow += 1;
    } else {
      line.push({ step: (normal.shift() as Reasoned<S>).step, reason: 'turn' });
      inARow = 0;
    }
  }
  return [...line, ...first, ...normal];
}

function reasonOf(step: Waiting): PlaceReason {
  if (step.ahead) return 'resumed';
  return favoured(step.priority) ? (step.priority as 'priority' | 'appointment') : 'arrival';
}

/** What the queue remembers after a call: the run that `queueOrder` continues from. */
export function runAfter(run: CallRun, called: Waiting): CallRun {
  if (called.priority === 'emergency') return { ...run, emergencies: run.emergencies + 1 };
  return { emergencies: 0, favoured: favoured(called.priority) ? run.favoured + 1 : 0 };
}

/** How many wait, by class, and how many of them are past their maximum wait: enough to place a newcomer. */
export type Tally = Readonly<Record<Priority, Readonly<{ waiting: number; overdue: number }>>>;

/**
 * The place that a newcomer of this class gets, from counts alone: what `queueOrder` would say of a step that is junior
 * to everyone, as long as nobody in the line has rejoined or resumed (then ask `queueOrder`).
 */
export function placeOfNewcomer(tally: Tally, policy: OrderPolicy, priority: Priority, run: CallRun = NO_RUN): number {
  const overdue = tally.priority.overdue + tally.appointment.overdue + tally.normal.overdue;
  const emergencies = tally.emergency.waiting;
  if (priority === 'emergency') {
    const before = emergencies + (run.emergencies > 0 && overdue > 0 ? 1 : 0);
    return emergencies + Math.min(overdue, before) + 1;
  }
  const notOverdue = (p: Priority) => tally[p].waiting - tally[p].overdue;
  const front = emergencies + overdue;
  if (policy.kind === 'absolute') {
    const higher = (['priority', 'appointment', 'normal'] as const).filter((p) => RANK[p] <= RANK[priority]);
    return front + higher.reduce((sum, p) => sum + notOverdue(p), 0) + 1;
  }
  const favouredBefore = notOverdue('priority') + (priority === 'priority' ? 0 : notOverdue('appointment'));
  return front + placeByRatio(favoured(priority), favouredBefore, notOverdue('normal'), policy.ratio, run.favoured);
}

/** Walks the merge as `byPolicy` does, until the newcomer is the next of their kind. */
function placeByRatio(mine: boolean, favouredBefore: number, normalBefore: number, ratio: number, run: number): number {
  let [favouredLeft, normalLeft, inARow] = [favouredBefore, normalBefore, run];
  for (let place = 1; ; place += 1) {
    const favouredNext = favouredLeft > 0 || mine;
    const normalNext = normalLeft > 0 || !mine;
    if (favouredNext && (!normalNext || inARow < ratio)) {
      if (mine && favouredLeft === 0) return place;
      favouredLeft -= 1;
      inARow += 1;
    } else {
      if (!mine && normalLeft === 0) return place;
      normalLeft -= 1;
      inARow = 0;
    }
  }
}
