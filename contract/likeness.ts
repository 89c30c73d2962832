import { distance } from 'fastest-levenshtein';

/** A candidate whose likeness (of 100) is below this is not worth showing. */
export const ALIKE = 45;

/** How close two words are: 1 for the same one, 0 for one that shares nothing. */
export const closeness = (a: string, b: string): number => {
  const near = 1 - distance(a, b) / Math.max(a.length, b.length);
  return near < 0.6 ? 0 : near;
};
