import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Doors } from './arguments.ts';

export type Run = Readonly<{
  /** The Node that comes with the product, and the server's file for it. */
  node: string;
  script: string;
  folder: string;
  demo: boolean;
  port: number;
  doors: Doors;
  key: Buffer | null;
  /** Where the server's log goes. */
  log: Writable;
  after: (ms: number, run: () => void) => () => void;
}>;

export type RunningServer = Readonly<{
  url: string;
  /** Fulfilled when the process is gone, for whatever reason. */
  gone: Promise<void>;
  stop: () => Promise<void>;
}>;

/** The server ended before it was ready; the message is its own. */
export class ServerFailed extends Error {
  override name = 'ServerFailed';
  readonly inUse: boolean;
  constructor(message: string, inUse: boolean) {
    super(message);
    this.inUse = inUse;
  }
}

const EXIT_IN_USE = 4;
/** A migration of a large clinic takes its time; a server that hangs must still be noticed. */
const READY_WITHIN = 180_000;
const STOP_WITHIN = 15_000;

/** Starts the clinic's server and waits until it answers. @throws ServerFailed */
export async function runServer(run: Run): Promise<RunningServer> {
  const { child, gone } = start(run);
  const reason = watchErrors(child.stderr as Readable, run.log);
  const overdue = run.after(READY_WITHIN, () => child.kill('SIGKILL'));
  const url = await Promise.race([readyLine(child.stdout as Readable), gone.then(() => null)]);
  overdue();
  if (url === null) {
    throw new ServerFailed(
      reason() ?? `The clinic’s server ended at once (${child.exitCode ?? child.signalCode}).`,
      child.exitCode === EXIT_IN_USE,
    );
  }
  return { url, gone, stop: () => stop(child, gone, run.after) };
}

function start({ node, script, folder, demo, port, doors, key }: Run): { child: ChildProcess; gone: Promise<void> } {
  const args = [
    script,
    '--json',
    '--data',
    folder,
    ...(demo ? ['--demo'] : []),
    'serve',
    '--port',
    String(port),
    ...(demo ? ['--demo'] : []),
    ...Object.entries(doors).flatMap(([door, at]) => [`--${door}`, ...(at === true ? [] : [String(at)])]),
  ];
  const child = spawn(node, args, {
    env: { ...cleanEnvironment(), MEDLANE_PARENT: 'pipe', ...(key ? { MEDLANE_KEY_FD: '3' } : {}) },
    stdio: ['pipe', 'pipe', 'pipe', ...(key ? (['pipe'] as const) : [])],
    windowsHide: true,
  });
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    // No such program: there is no exit to wait for.
    child.once('error', () => child.pid === undefined && resolve());
  });
  // A server that dies while being written to says so by ending.
  for (const pipe of child.stdio) pipe?.on('error', () => undefined);
  if (key) (child.stdio[3] as Writable).end(key.toString('hex'));
  return { child, gone };
}

/** Ours without what could make the server load or run something else. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_|ELECTRON_|MEDLANE_KEY_FD$|MEDLANE_PARENT$)/i.test(name)),
  );
}

/** The one line of JSON that says where the server is. */
function readyLine(output: Readable): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: output }).on('line', (line) => {
      const url = parse(line)?.['url'];
      if (typeof url === 'string') resolve(url);
    });
  });
}

/** Passes the log on, and remembers the sentence with which the command line gives up. */
function watchErrors(errors: Readable, log: Writable): () => string | null {
  let reason: string | null = null;
  createInterface({ input: errors }).on('line', (line) => {
    log.write(`${line}\n`);
    const said = parse(line);
    if (said && typeof said['error'] === 'string' && !('level' in said)) reason = said['error'];
  });
  return () => reason;
}

function parse(line: string): Record<string, unknown> | null {
  try {
    return line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Closing its input asks the server to end, on every system alike; it finishes what it has begun. */
async function stop(child: ChildProcess, gone: Promise<void>, after: Run['after']): Promise<void> {
  child.stdin?.end();
  const overdue = after(STOP_WITHIN, () => child.kill('SIGKILL'));
  await gone;
  overdue();
}
