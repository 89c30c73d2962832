import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Chance } from '../day/random.ts';
import { createDisk } from './disk.ts';
import type { Recorded } from './recording.ts';

/** A folder in memory, where there is such: what is written there need not outlive anything. */
export const openFolder = (name: string): string =>
  mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `medlane-${name}-`));

export const filesIn = (folder: string): Map<string, Buffer> =>
  new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
      .map(({ name }) => [path.join(folder, name), readFileSync(path.join(folder, name))]),
  );

/** What a process did to the files of a folder, and what was in it before. */
export type Recording = Readonly<{
  folder: string;
  before: ReadonlyMap<string, Buffer>;
  events: readonly Recorded[];
}>;
/** What is found when the power is back, and what had been said by then. */
export type Loss = Readonly<{ folder: string; said: readonly string[] }>;

/** Lets the power go at moments of a recording, and has each disk looked at that may be found then. */
export async function losePower(
  { before, events, folder }: Recording,
  { times, chance }: Readonly<{ times: number; chance: Chance }>,
  look: (loss: Loss) => Promise<string[]> | string[],
): Promise<string[]> {
  const moments = Array.from({ length: times }, () => Math.floor(chance.next() * (events.length + 1)));
  const disk = createDisk(before);
  const said: string[] = [];
  const faults: string[] = [];
  let done = 0;
  for (const moment of moments.sort((a, b) => a - b)) {
    for (; done < moment; done += 1) {
      const event = events[done] as Recorded;
      disk.apply(event);
      if (event.did === 'say') said.push(...event.text.trim().split('\n'));
    }
    const found = openFolder('loss');
    for (const [file, bytes] of disk.afterPowerLoss(chance)) {
      const copy = path.join(found, path.relative(folder, file));
      mkdirSync(path.dirname(copy), { recursive: true });
      writeFileSync(copy, bytes, { mode: 0o600 });
    }
    const wrong = await look({ folder: found, said });
    faults.push(...wrong.map((fault) => `after ${moment} of ${events.length}: ${fault}`));
    rmSync(found, { recursive: true, force: true });
  }
  return faults;
}
