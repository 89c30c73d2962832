/** Finds, starts and ends the Chromium that shows the windows. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type Connection, connect, forget } from './cdp.ts';

const CLOSE_TIMEOUT_MS = 3000;

export interface Chromium {
  readonly connection: Connection;
  readonly version: string;
  /** Chromium's line "DevTools listening on ws://…"; undefined without a debugging port. */
  readonly devToolsLine: string | undefined;
  close(): Promise<void>;
}

export interface ChromiumOptions {
  readonly profileDir: string;
  readonly switches: readonly string[];
  readonly debuggingPort: string | undefined;
}

export async function startChromium({ profileDir, switches, debuggingPort }: ChromiumOptions): Promise<Chromium> {
  const args = [
    '--headless=new',
    '--no-startup-window',
    '--remote-debugging-pipe',
    ...(debuggingPort === undefined ? [] : [`--remote-debugging-port=${debuggingPort}`]),
    `--user-data-dir=${profileDir}`,
    '--screen-info={1920x1080}',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-popup-blocking',
    '--no-default-browser-check',
    '--no-first-run',
    // Chromium refuses to run its sandbox as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...switches,
  ];
  // Not detached: Playwright ends a stuck app by killing the host's process group, and Chromium should be in it.
  const child = spawn(findChromium(), [...new Set(args)], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`Chromium ended at once (${signal ?? code})`)));
  });
  failed.catch(() => undefined);

  const loud = process.env.ELECTRON_ENABLE_LOGGING !== undefined;
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stderr as Readable }).on('line', (line) => {
    if (line.startsWith('DevTools listening on ')) listening.resolve(line);
    else if (loud) process.stderr.write(`${line}\n`);
  });

  const connection = connect(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const { product } = await Promise.race([connection.browser.send('Browser.getVersion'), failed]);
  return {
    connection,
    version: product.replace(/^.*\//, ''),
    devToolsLine: debuggingPort === undefined ? undefined : await Promise.race([listening.promise, failed]),
    close: async () => {
      forget(connection.browser.send('Browser.close'));
      const kill = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
      await exited;
      clearTimeout(kill);
    },
  };
}

function findChromium(): string {
  const named = process.env.MEDLANE_CHROMIUM;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  if (found === undefined)
    throw new Error('No Chromium: install Debian’s "chromium", or name one in MEDLANE_CHROMIUM.');
  return found;
}
