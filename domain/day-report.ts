import { LEFT_UNSEEN } from './reasons.ts';
import type { StepState } from './visit.ts';
import { ENOUGH } from './wait-estimate.ts';

/** A step as the report reads it; instants in ms. */
export type ReportedStep = Readonly<{
  visitId: string;
  queueId: string;
  /** The visit stands where its last step stands. */
  last: boolean;
  state: StepState;
  waitingSince: number;
  calledAt: number | null;
  endReason: string | null;
}>;

export type Outcome = 'done' | 'no_show' | 'left' | 'cancelled' | 'open';
export type Outcomes = Readonly<Record<Outcome, number>>;

/** Waiting times of one group, in ms; the percentiles are null when there are too few to tell. */
export type WaitFigures = Readonly<{
  calls: number;
  median: number | null;
  p90: number | null;
  longest: number | null;
}>;

export type QueueFigures = Readonly<{ queueId: string; came: number; outcomes: Outcomes; waits: WaitFigures }>;
export type HourFigures = Readonly<{ hour: number; tokens: number; calls: number }>;
export type DayFigures = Readonly<{
  issued: number;
  outcomes: Outcomes;
  waits: WaitFigures;
  /** Calls that passed others who were before them. */
  outOfOrder: number;
  queues: readonly QueueFigures[];
  /** From the first hour in which something happened to the last, in the order of the clinic day. */
  hours: readonly HourFigures[];
}>;

type Given = Readonly<{
  /** When each visit of the day began. */
  arrivals: readonly number[];
  steps: readonly ReportedStep[];
  outOfOrder: number;
  /** The hour on the clinic's wall, and the one at which its day begins. */
  hourOf: (instant: number) => number;
  rollOverHour: number;
}>;

/** What a clinic day came to. Pure: the same rows give the same figures. */
export function dayFigures({ arrivals, steps, outOfOrder, hourOf, rollOverHour }: Given): DayFigures {
  const queueIds = [...new Set(steps.map(({ queueId }) => queueId))];
  return {
    issued: arrivals.length,
    outcomes: countOutcomes(steps.filter(({ last }) => last).map(outcomeOf)),
    waits: waitFigures(steps),
    outOfOrder,
    queues: queueIds.map((queueId) => {
      const own = steps.filter((step) => step.queueId === queueId);
      return { queueId, came: own.length, outcomes: countOutcomes(own.map(outcomeOf)), waits: waitFigures(own) };
    }),
    hours: hourFigures(
      arrivals.map(hourOf),
      callsOf(steps).map(({ calledAt }) => hourOf(calledAt)),
      rollOverHour,
    ),
  };
}

/** Somebody who went on to another queue has finished this one. */
function outcomeOf({ state, endReason }: ReportedStep): Outcome {
  if (state === 'done' || state === 'transferred') return 'done';
  if (state === 'no_show') return 'no_show';
  if (state === 'cancelled') return endReason === LEFT_UNSEEN ? 'left' : 'cancelled';
  return 'open';
}

function countOutcomes(outcomes: readonly Outcome[]): Outcomes {
  const counts = { done: 0, no_show: 0, left: 0, cancelled: 0, open: 0 };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

/** The steps whose last wait ended with a call. Who was sent back to wait again has not been called since. */
const callsOf = (steps: readonly ReportedStep[]) =>
  steps.flatMap(({ waitingSince, calledAt }) =>
    calledAt === null || calledAt < waitingSince ? [] : [{ calledAt, waited: calledAt - waitingSince }],
  );

export function waitFigures(steps: readonly ReportedStep[]): WaitFigures {
  const waits = callsOf(steps)
    .map(({ waited }) => waited)
    .sort((a, b) => a - b);
  const enough = waits.length >= ENOUGH;
  return {
    calls: waits.length,
    median: enough ? percentile(waits, 0.5) : null,
    p90: enough ? percentile(waits, 0.9) : null,
    longest: waits.at(-1) ?? null,
  };
}

/** The nearest rank: the smallest value that so large a share does not exceed. */
const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;

function hourFigures(tokens: readonly number[], calls: readonly number[], rollOverHour: number): HourFigures[] {
  const ofDay = (hour: number) => (hour - rollOverHour + 24) % 24;
  const all = [...tokens, ...calls].map(ofDay);
  if (all.length === 0) return [];
  const [first, last] = [Math.min(...all), Math.max(...all)];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = (first + index + rollOverHour) % 24;
    const count = (hours: readonly number[]) => hours.filter((one) => one === hour).length;
    return { hour, tokens: count(tokens), calls: count(calls) };
  });
}
