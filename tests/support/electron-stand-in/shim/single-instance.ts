/**
 * The single-instance lock: a lock file that names the holder's process, and a mailbox folder beside it.
 * Files, not a socket, because `requestSingleInstanceLock` answers at once and the second instance often quits next.
 */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface SecondInstance {
  readonly argv: string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

export interface SingleInstance {
  request(additionalData: unknown): boolean;
  held(): boolean;
  release(): void;
}

export function createSingleInstance(
  folder: () => string,
  onSecond: (instance: SecondInstance) => void,
): SingleInstance {
  let watcher: FSWatcher | undefined;
  let lockFile = '';

  const release = () => {
    if (watcher === undefined) return;
    watcher.close();
    watcher = undefined;
    rmSync(lockFile, { force: true });
  };

  const request = (additionalData: unknown): boolean => {
    if (watcher !== undefined) return true;
    const base = folder();
    const mailbox = join(base, 'stand-in-second-instances');
    mkdirSync(mailbox, { recursive: true });
    lockFile = join(base, 'stand-in-instance.lock');
    if (!take(lockFile)) {
      const letter: SecondInstance = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
      const draft = join(base, `stand-in-letter-${randomUUID()}`);
      writeFileSync(draft, JSON.stringify(letter));
      // Renamed into place, so that the first instance never reads half a letter.
      renameSync(draft, join(mailbox, randomUUID()));
      return false;
    }
    for (const name of readdirSync(mailbox)) rmSync(join(mailbox, name), { force: true });
    watcher = watch(mailbox, () => {
      if (!existsSync(mailbox)) return;
      for (const name of readdirSync(mailbox)) {
        const letter = JSON.parse(readFileSync(join(mailbox, name), 'utf8')) as SecondInstance;
        rmSync(join(mailbox, name), { force: true });
        onSecond(letter);
      }
    });
    watcher.unref();
    process.once('exit', release);
    return true;
  };

  return { request, held: () => watcher !== undefined, release };
}

function take(lockFile: string): boolean {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isHeld(lockFile)) return false;
    // Its holder died without releasing it.
    rmSync(lockFile, { force: true });
    return take(lockFile);
  }
}

function isHeld(lockFile: string): boolean {
  try {
    const pid = readFileSync(lockFile, 'utf8');
    // A recycled process id must not keep the app from starting for ever, hence the look at what runs under it.
    return pid === '' || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('electron-stand-in');
  } catch {
    return false;
  }
}
