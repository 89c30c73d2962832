import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED_BUGS, plant } from './planted-bugs.ts';
import { PAIRS, play } from './play.ts';
import { REGRESSIONS, range } from './played-seeds.ts';
import { type PreparedClinic, prepareClinic } from './prepared-clinic.ts';

/** Within how many seeds a planted bug must be found. */
const SEEDS = 25;

describe('the simulator', () => {
  let prepared: PreparedClinic;
  beforeAll(async () => {
    prepared = await prepareClinic();
  });
  afterAll(() => prepared.close());

  it.each(REGRESSIONS.filter((seed) => seed > 500))('plays seed %i again, which once found something', async (seed) => {
    expect((await play(seed, { prepared })).wrong).toEqual([]);
  });

  it.each([3, 12, 47])('does the same again for the same seed (%i)', async (seed) => {
    const first: string[] = [];
    const again: string[] = [];
    const one = await play(seed, { prepared, tell: (line) => first.push(line) });
    // Also on a clinic that was prepared anew, as another run of the tests would.
    const other = await prepareClinic();
    const two = await play(seed, { prepared: other, tell: (line) => again.push(line) });
    other.close();
    expect(again).toEqual(first);
    expect(two.digest).toBe(one.digest);
    expect((await play(seed + 1, { prepared })).digest).not.toBe(one.digest);
  });

  it.each(Object.keys(PLANTED_BUGS))('finds it when %s', async (name) => {
    const { aim } = plant(name);
    const first = aim ? PAIRS.indexOf(aim) : 1;
    const found: string[] = [];
    for (const seed of range(first, first + SEEDS - 1)) {
      if (found.length > 0) break;
      found.push(...(await play(seed, { prepared, planted: plant(name) })).wrong);
    }
    expect(found).not.toEqual([]);
  });
});
