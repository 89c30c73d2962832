/** One finished step: how long the room was taken by it (ms), and what it belonged to. */
export type Served = Readonly<{ duration: number; staffId: string | null; weekday: number; hour: number }>;

/** Count, mean and variance of service times (ms, ms²) in one group. */
export type Group = Readonly<{ count: number; mean: number; variance: number }>;

/** A promise about a wait, in ms: half of the people wait less than `low`, nine in ten less than `high`. */
export type WaitRange = Readonly<{ low: number; high: number }>;

/** Fewer finished steps than this, and the clinic says "cannot tell yet". */
export const ENOUGH = 10;

/** A step longer than this many times the median was left open by mistake. */
const FORGOTTEN = 5;

/** How many observations of the wider group weigh as much as the narrow group's own. */
const SHRINKAGE = 8;

export function group(given: readonly number[]): Group {
  const count = given.length;
  if (count === 0) return { count: 0, mean: 0, variance: 0 };
  // A visit that somebody forgot to finish says nothing about how long visits take.
  const longest = FORGOTTEN * ([...given].sort((a, b) => a - b)[Math.floor(count / 2)] as number);
  const durations = given.map((duration) => Math.min(duration, longest));
  const mean = durations.reduce((sum, value) => sum + value, 0) / count;
  const variance = durations.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { count, mean, variance };
}

/** The narrow group drawn towards the wide one: all the more, the fewer observations it has of its own. */
function shrink(narrow: Group, wide: Group): Group {
  const weight = narrow.count / (narrow.count + SHRINKAGE);
  return {
    count: wide.count,
    mean: weight * narrow.mean + (1 - weight) * wide.mean,
    variance: weight * narrow.variance + (1 - weight) * wide.variance,
  };
}

/** Service time for this doctor, weekday and hour: from the whole queue, narrowed step by step as far as the data carry. */
export function serviceTime(history: readonly Served[], now: Pick<Served, 'staffId' | 'weekday' | 'hour'>): Group {
  const durations = (steps: readonly Served[]) => group(steps.map(({ duration }) => duration));
  const ofHour = history.filter(({ hour }) => Math.abs(hour - now.hour) <= 1);
  const ofDay = ofHour.filter(({ weekday }) => weekday === now.weekday);
  const ofStaff = now.staffId === null ? [] : history.filter(({ staffId }) => staffId === now.staffId);
  return [ofHour, ofDay, ofStaff].reduce((wide, narrow) => shrink(durations(narrow), wide), durations(history));
}

/**
 * The wait of someone with `ahead` people before them and `rooms` rooms serving: P50–P90 of a sum of service times,
 * as a gamma distribution (Wilson and Hilferty 1931), so that it is never negative. Null means "cannot tell yet".
 */
export function waitRange(service: Group, ahead: number, rooms: number): WaitRange | null {
  if (service.count < ENOUGH || rooms < 1 || !(service.mean > 0)) return null;
  if (ahead <= 0) return { low: 0, high: Math.round(service.mean / rooms) };
  const mean = (ahead * service.mean) / rooms;
  const variance = Math.max((ahead * service.variance) / rooms ** 2, (0.05 * mean) ** 2);
  const shape = mean ** 2 / variance;
  const quantile = (z: number) => mean * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
  return { low: Math.round(quantile(0)), high: Math.round(quantile(1.2816)) };
}

/** How good the promises were: the share inside their range, and the pinball loss at P90 beside the plain mean's (ms). */
export type Accuracy = Readonly<{ promised: number; kept: number; pinball: number; pinballOfMean: number }>;

export function accuracy(waits: readonly Readonly<{ waited: number; range: WaitRange }>[]): Accuracy | null {
  if (waits.length < ENOUGH) return null;
  const mean = waits.reduce((sum, { waited }) => sum + waited, 0) / waits.length;
  const loss = (waited: number, promised: number) => Math.max(0.9 * (waited - promised), 0.1 * (promised - waited));
  const average = (of: (wait: (typeof waits)[number]) => number) =>
    waits.reduce((sum, wait) => sum + of(wait), 0) / waits.length;
  return {
    promised: waits.length,
    kept: waits.filter(({ waited, range }) => range.low <= waited && waited <= range.high).length,
    pinball: average(({ waited, range }) => loss(waited, range.high)),
    pinballOfMean: average(({ waited }) => loss(waited, mean)),
  };
}
