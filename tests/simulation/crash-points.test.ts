import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from './people.ts';
import { type CrashPoint, type Pair, play } from './play.ts';
import { range } from './played-seeds.ts';
import { type PreparedClinic, prepareClinic } from './prepared-clinic.ts';

/** More statements than any command takes. */
const MOST = 120;
/** Each of these is some dozens of runs (ms). */
const PATIENT = 300_000;
/** Somewhere in the first of these each command is done. */
const SEEDS = range(1, 12);

describe('a crash at each statement of a command', () => {
  let prepared: PreparedClinic;
  beforeAll(async () => {
    prepared = await prepareClinic();
  });
  afterAll(() => prepared.close());

  /** From the first statement to the one that is not reached any more; answers how many there are. */
  async function everywhere(crash: Omit<CrashPoint, 'fuse'>): Promise<number> {
    const pair: Pair = `${crash.who} crash × ${crash.command}`;
    for (const seed of SEEDS) {
      let fuse = 0;
      for (let met = true; met && fuse < MOST; ) {
        fuse += 1;
        const { wrong, reached } = await play(seed, { prepared, crash: { ...crash, fuse } });
        expect([fuse, wrong]).toEqual([fuse, []]);
        met = reached.has(pair);
      }
      if (fuse > 1) return fuse - 1;
    }
    return 0;
  }

  it.each(COMMAND_NAMES)(
    'of its desk: %s',
    async (command) => {
      // What a desk cannot do alone is only sent.
      const least = command === 'undo' ? 1 : 3;
      expect(await everywhere({ who: 'desk', command })).toBeGreaterThanOrEqual(least);
    },
    PATIENT,
  );

  it.each(['issue', 'call next'] as const)(
    'of the server: %s',
    async (command) => {
      const many = await everywhere({ who: 'server', command });
      expect(many).toBeGreaterThan(15);
      expect(many).toBeLessThan(MOST);
    },
    PATIENT,
  );
});
