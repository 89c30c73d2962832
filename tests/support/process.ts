import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The built server as a process of its own, as it runs in a clinic. */
export type ServerProcess = Readonly<{
  url: string;
  port: number;
  ready: Record<string, unknown>;
  kill: () => Promise<void>;
  stop: () => Promise<number | null>;
}>;

export async function startProcess(
  data: string,
  options: Readonly<{ port?: number; demo?: boolean; env?: Record<string, string> }> = {},
): Promise<ServerProcess> {
  const args = [
    'out/server/medlane.js',
    '--data',
    data,
    '--json',
    'serve',
    '--port',
    String(options.port ?? 0),
    ...(options.demo ? ['--demo'] : []),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MEDLANE_LOG: 'error', ...options.env },
  });
  const ready = await firstLine(child);
  const url = String(ready['url']);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    url,
    ready,
    port: Number(new URL(url).port),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  const problems: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => problems.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', (line) =>
      resolve(JSON.parse(line) as Record<string, unknown>),
    );
    child.once('exit', (code) => reject(new Error(`The server ended (${code}): ${problems.join('')}`)));
  });
}

/** Runs the command line to its end. */
export function medlane(
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['out/server/medlane.js', ...args], {
    cwd: root,
    env: { ...process.env, MEDLANE_LOG: 'silent' },
  });
  child.stdin.end(input);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, out, err })));
}
