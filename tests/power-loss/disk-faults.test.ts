import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createChance } from '../day/random.ts';
import { root } from '../support/process.ts';
import { faultsAtServer } from './look.ts';
import { openFolder } from './power.ts';

/** How many of a disk's answers are turned into faults, for each kind; `MEDLANE_DISK_FAULTS=200` for more. */
const FAULTS = Number(process.env['MEDLANE_DISK_FAULTS'] ?? 3);
const SEED = Number(process.env['MEDLANE_SEED'] ?? Date.now() % 1e6);
const TURNS = '24';
/** Fewer times than the server's work asks its disk to sync, and to write. */
const ASKED = { sync: 55, write: 1500 };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs the server's work on a disk of which one answer, or each from one on, is a fault. */
async function work(fault: string): Promise<{ folder: string; said: string[]; code: number | null }> {
  const folder = openFolder('fault');
  folders.push(folder);
  // Of the database and its log: that the name of a file was not written down SQLite forgives by itself.
  const files = ['medlane.db', 'medlane.db-wal'].flatMap((name) => ['-P', path.join(folder, name)]);
  const options = ['-f', '-qq', '-o', '/dev/null', ...files, '-e', `inject=${fault}`, process.execPath];
  const child = spawn('strace', [...options, 'tests/power-loss/server-work.ts', folder, TURNS, 'open'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  // What was not said to its end was not said.
  return { folder, said: out.split('\n').slice(0, -1), code };
}

const chance = createChance(SEED);
const nth = (upTo: number) => Array.from({ length: FAULTS }, () => 1 + Math.floor(chance.next() * upTo));

it.each([
  ...nth(ASKED.sync).map((n) => [`sync ${n} fails`, `fsync,fdatasync:error=EIO:when=${n}`]),
  ...nth(ASKED.write).map((n) => [`write ${n} fails`, `pwrite64:error=EIO:when=${n}`]),
  ...nth(ASKED.write).map((n) => [`the disk is full from write ${n} on`, `pwrite64:error=ENOSPC:when=${n}+`]),
])(`%s, and nothing was answered that is not there (MEDLANE_SEED=${SEED})`, { timeout: 60_000 }, async (_, fault) => {
  const { folder, said, code } = await work(fault as string);
  // It stopped: after such a fault nobody knows what is on the disk.
  expect(code).not.toBe(0);
  expect(faultsAtServer({ folder, said })).toEqual([]);
});
