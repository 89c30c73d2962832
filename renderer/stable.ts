import { useCallback, useRef } from 'react';

/** A function that stays the same and does what the newest render says: so that a list need not be drawn anew for it. */
export function useStable<A extends unknown[], R>(run: (...given: A) => R): (...given: A) => R {
  const latest = useRef(run);
  latest.current = run;
  return useCallback((...given: A) => latest.current(...given), []);
}
