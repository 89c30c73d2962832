import { useEffect, useState } from 'react';

/** The server's time as far as this screen knows: its own clock, corrected. The one place that reads a clock. */
export type Clock = Readonly<{
  now: () => number;
  /** Tells the clock what time the server says it is. */
  agree: (serverTime: number) => void;
}>;

export function createClock(): Clock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    agree: (serverTime) => {
      offset = serverTime - Date.now();
    },
  };
}

export const clock: Clock = createClock();
/** This computer's own, for how long something here took: no server sets it. */
export const ownClock = (): number => Date.now();

/** The time, renewed every so many milliseconds, so that "waiting for 5 min" grows by itself. */
export function useNow(every = 15_000): number {
  const [now, setNow] = useState(clock.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Calls back after so many milliseconds; the answer calls it off. */
export function after(delay: number, run: () => void): () => void {
  const timer = setTimeout(run, delay);
  return () => clearTimeout(timer);
}

export const pause = (delay: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay));
