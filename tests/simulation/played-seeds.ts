import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { PAIRS, type Pair, type Played, play } from './play.ts';
import { createClinics } from './prepared-clinic.ts';

/** Seeds that once found something: they are always played. */
export const REGRESSIONS = JSON.parse(
  readFileSync(new URL('regressions.json', import.meta.url), 'utf8'),
) as readonly number[];

/** So many more seeds aim at a pair that none has met. */
const MORE_TRIES = 12;

/** Plays these seeds, each a test of its own, and holds that together they tried every fault on every command. */
export function playedSeeds(seeds: readonly number[]): void {
  describe(`seeds ${seeds[0]} to ${seeds.at(-1)}`, () => {
    const clinics = createClinics();
    const reached = new Set<Pair>();
    const all: Played[] = [];
    afterAll(clinics.close);

    it.each(seeds)('nothing is lost, doubled, or different (npm run simulate -- --seed %i)', async (seed) => {
      const played = await play(seed, { prepared: await clinics.for(seed) });
      expect(played.wrong).toEqual([]);
      for (const pair of played.reached) reached.add(pair);
      all.push(played);
    });

    it('every fault met every command', async () => {
      const missing = PAIRS.filter((pair) => !reached.has(pair));
      for (const pair of missing) {
        // Seeds aim at the pairs in turn; an aim may miss, so the next ones that aim at the same pair are played.
        for (let turn = 1; turn <= MORE_TRIES && !reached.has(pair); turn += 1) {
          const seed = 10_000 * PAIRS.length + turn * PAIRS.length + PAIRS.indexOf(pair);
          const played = await play(seed, { prepared: await clinics.for(seed) });
          expect(played.wrong).toEqual([]);
          for (const met of played.reached) reached.add(met);
        }
      }
      expect(PAIRS.filter((pair) => !reached.has(pair))).toEqual([]);
      // Nearly all of them by the seeds themselves: else the aims no longer aim.
      expect(missing.length).toBeLessThan(PAIRS.length / 20);
    });

    it('people worked, with the server and without', () => {
      const sum = (key: 'shown' | 'alone') => all.reduce((total, one) => total + one[key], 0);
      expect(sum('shown')).toBeGreaterThan(seeds.length * 20);
      expect(sum('alone')).toBeGreaterThan(seeds.length * 5);
      expect(sum('shown') - sum('alone')).toBeGreaterThan(seeds.length * 5);
    });
  });
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
