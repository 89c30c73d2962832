type Options = Readonly<{
  /** The first pause, and the longest, in ms. */
  first: number;
  longest: number;
  /** What ran this long did not die of its start, in ms. */
  settled: number;
  now: () => number;
}>;

export type BackOff = Readonly<{
  /** It runs. */
  began: () => void;
  /** It ended, or did not start: how long to wait before the next attempt, and the how manieth in a row that is. */
  next: () => { pause: number; attempt: number };
}>;

/** Pauses between attempts to start something again: each twice as long, and short again once it has run for a while. */
export function createBackOff({ first, longest, settled, now }: Options): BackOff {
  let attempt = 0;
  let since: number | null = null;
  return {
    began() {
      since = now();
    },
    next() {
      if (since !== null && now() - since > settled) attempt = 0;
      since = null;
      attempt += 1;
      return { pause: Math.min(first * 2 ** Math.min(attempt - 1, 20), longest), attempt };
    },
  };
}
