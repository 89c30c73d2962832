/** Chance that is the same every time for the same seed (mulberry32), so that a bad day can be played again. */
export type Chance = Readonly<{
  /** 0 ≤ x < 1. */
  next: () => number;
  /** Whether something with this probability happens. */
  happens: (probability: number) => boolean;
  between: (low: number, high: number) => number;
  pick: <T>(some: readonly T[]) => T;
  /** A generator of its own: what one person does never depends on how fast the others are. */
  fork: (name: string) => Chance;
}>;

export function createChance(seed: number): Chance {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + (high - low) * next();
  return {
    next,
    between,
    happens: (probability) => next() < probability,
    pick: (some) => some[Math.floor(next() * some.length)] as (typeof some)[number],
    fork: (name) => createChance([...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed)),
  };
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, ms)));
