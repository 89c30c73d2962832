import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import envPaths from 'env-paths';

/** A clinic's folder on the server's computer. */
export type DataFolder = Readonly<{ path: string; database: string; keyFile: string; runFile: string }>;

/** The platform's own place for data, unless another folder is named; the demonstration has one of its own. */
export function dataFolder(given: string | undefined, demo = false): DataFolder {
  const folder = path.resolve(given ?? path.join(envPaths('Medlane', { suffix: '' }).data, demo ? 'demo' : 'clinic'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const inside = (name: string) => path.join(folder, name);
  return {
    path: folder,
    database: inside('medlane.db'),
    keyFile: inside('master.key'),
    runFile: inside('running.json'),
  };
}

/** The folder is in use by another process. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

/**
 * Holds the folder for this process, by a lock of the operating system on a small database beside the clinic's: it ends
 * with the process, however that ends.
 * @throws FolderInUse
 */
export function lockFolder(folder: DataFolder): () => void {
  const lock = new Database(path.join(folder.path, 'lock'), { timeout: 0 });
  try {
    lock.pragma('locking_mode=EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    const running = runningServer(folder);
    throw new FolderInUse(
      running
        ? `A Medlane server already runs on ${folder.path}, at ${running.url} (process ${running.pid}). Open that address, or stop it first.`
        : `Another program uses ${folder.path}. Stop it first.`,
    );
  }
  return () => lock.close();
}

/** How to reach the server that runs on a folder; only whoever may read the folder's files can. */
export type Running = Readonly<{ pid: number; url: string; token: string }>;

export function runningServer(folder: DataFolder): Running | null {
  if (!existsSync(folder.runFile)) return null;
  try {
    const running = JSON.parse(readFileSync(folder.runFile, 'utf8')) as Running;
    process.kill(running.pid, 0);
    return running;
  } catch {
    return null;
  }
}

export function announceRunning(folder: DataFolder, running: Running): () => void {
  writeFileSync(folder.runFile, JSON.stringify(running), { mode: 0o600 });
  return () => rmSync(folder.runFile, { force: true });
}
