import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

const root = path.join(import.meta.dirname, '../..');

export type Desktop = Readonly<{
  app: ElectronApplication;
  page: Page;
  /** Everything of this launch lies in it. */
  folder: string;
  /** The clinic's server, as it says of itself. */
  server: () => { pid: number; url: string };
  close: () => Promise<void>;
}>;

/** The desktop on a demonstration clinic of its own, in folders of its own. */
export async function launchDesktop(): Promise<Desktop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-desktop-'));
  const data = path.join(folder, 'clinic');
  const app = await _electron.launch({
    args: [root, `--user-data-dir=${path.join(folder, 'user')}`, '--data', data, '--demo'],
    env: { ...(process.env as Record<string, string>), MEDLANE_LOG: 'warn' },
    timeout: 60_000,
  });
  app.process().stderr?.on('data', (chunk: Buffer) => process.env['MEDLANE_LOUD'] && process.stderr.write(chunk));
  const page = await app.firstWindow();
  return {
    app,
    page,
    folder,
    server: () => JSON.parse(readFileSync(path.join(data, 'running.json'), 'utf8')),
    async close() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
