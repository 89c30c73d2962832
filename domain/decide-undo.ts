import {
  type Changes,
  changed,
  currentStep,
  type Decision,
  entry,
  type Facts,
  merge,
  NOTHING,
  refuse,
  type VisitWithSteps,
} from './decision.ts';
import { type CallRun, runAfter } from './queue-order.ts';
import { isOpen, type Step, type StepState, type Visit } from './visit.ts';

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

/** Takes the day's close back for one step: something was done to it before, and is heard of only now. */
export function decideReopen(step: Step, from: StepState): Changes {
  const after: Step = {
    ...step,
    state: from,
    version: step.version + 1,
    lastCommand: 'undo',
    endedAt: null,
    endReason: null,
  };
  return changed(step, after, { reason: 'heard of after the day was closed' });
}
