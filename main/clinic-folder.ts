import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';
import { serviceNote } from '../contract/service.ts';
import type { Keychain } from './keychain.ts';

/** The folder of the clinic that this computer hosts: the server's own place, unless another is named. */
export function clinicFolder(given: string | undefined, demo: boolean): string {
  const home = () => path.join(envPaths('Medlane', { suffix: '' }).data, demo ? 'demo' : 'clinic');
  return path.resolve(given ?? (process.env['MEDLANE_DATA'] || home()));
}

/** Where the service of this computer is, if one was installed: then its clinic is this computer's. */
export function installedService(note = serviceNote(process.platform)): string | null {
  try {
    const { url } = JSON.parse(readFileSync(note, 'utf8'));
    return new URL(url).hostname === '127.0.0.1' ? new URL(url).origin : null;
  } catch {
    return null;
  }
}

/** How a server on the folder is reached; only whoever may read its files knows the token. */
export type Running = Readonly<{ url: string; token: string }>;

export function runningServer(folder: string): Running | null {
  try {
    const { pid, url, token } = JSON.parse(readFileSync(path.join(folder, 'running.json'), 'utf8'));
    process.kill(pid as number, 0);
    return new URL(url).hostname === '127.0.0.1' ? { url, token: String(token) } : null;
  } catch {
    return null;
  }
}

/**
 * The folder's master key out of the keychain; null when its key is a file, which the server reads itself. The
 * demonstration leaves the keychain alone: it holds nobody's data.
 * @throws with what to do, when the key is in the keychain and cannot be had.
 */
export async function keyOf(folder: string, demo: boolean, keychain: Keychain): Promise<Buffer | null> {
  if (demo || existsSync(path.join(folder, 'master.key'))) return null;
  const known = existsSync(path.join(folder, 'medlane.db'));
  const key = known ? await keychain.read() : await keychain.readOrCreate();
  if (key.state === 'available') return key.secret;
  if (key.state === 'locked' || key.state === 'silent') {
    const why = key.state === 'locked' ? 'is locked' : 'does not answer';
    throw new Error(`The keychain of this computer ${why}, and holds the clinic’s key. Unlock it and try again.`);
  }
  // A new clinic without a keychain: the server makes a key file, and its screens say what that means.
  if (!known) return null;
  throw new Error(
    `The clinic’s key is not in the keychain of this computer. Sign in to the computer as the person who set the clinic up, or restore a backup with the recovery kit.`,
  );
}
