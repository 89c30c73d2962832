import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const builtServer = path.join(root, 'out/server/medlane.js');

export type Account = Readonly<{ username: string; password: string; roles: readonly string[] }>;
export type ServerProcess = Readonly<{
  url: string;
  pid: number;
  accounts: readonly Account[];
  /** Where its doors are, by their names. */
  doors: Readonly<Record<string, string>>;
  /** What it said on standard error, for whoever must find out why it fell. */
  said: () => string;
  /** SIGKILL: no goodbye, as when the power goes. */
  kill: () => Promise<void>;
  stop: () => Promise<void>;
}>;

type Start = Readonly<{
  entry?: string;
  folder: string;
  port?: number;
  demo?: boolean;
  env?: Readonly<Record<string, string>>;
  /** More options of `serve`. */
  serve?: readonly string[];
  /** Options of Node itself, for profiling. */
  node?: readonly string[];
}>;

/** Starts the built server as a process of its own, and waits until it says that it is open. */
export async function startServer({
  entry = builtServer,
  folder,
  port = 0,
  demo = false,
  env = {},
  serve = [],
  node = [],
}: Start): Promise<ServerProcess> {
  const args = [
    ...node,
    entry,
    '--data',
    folder,
    '--json',
    'serve',
    '--port',
    String(port),
    ...(demo ? ['--demo'] : []),
    ...serve,
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MEDLANE_LOG: 'error', ...env },
  });
  // A run that is stopped in the middle leaves no server behind.
  const orphan = () => child.kill('SIGKILL');
  process.once('exit', orphan);
  child.once('exit', () => process.removeListener('exit', orphan));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-20_000);
  });
  const { url, accounts, doors } = await ready(child, () => stderr);
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    url,
    accounts,
    doors,
    pid: child.pid as number,
    said: () => stderr,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

type Ready = Pick<ServerProcess, 'url' | 'accounts' | 'doors'>;

async function ready(child: ChildProcess, stderr: () => string): Promise<Ready> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => resolve(JSON.parse(line) as Ready));
    child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it was open.\n${stderr()}`)));
  });
}
