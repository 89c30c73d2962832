import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ApiError } from '../../contract/kit.ts';
import { type RunningServer, startServer } from '../clinic-server.ts';
import { optionsFor, type Place } from './options.ts';

export type ServeOptions = Place & Readonly<{ port: number; lan?: number; stations?: number; waitingRoom?: number }>;

/** Runs the server until a signal, or until whoever started it is gone. */
export async function serve(options: ServeOptions): Promise<void> {
  const given = optionsFor(options);
  const server = await startServer(given, { ...options, advertise: true });
  const stop = createStop(server);
  try {
    const accounts = options.demo ? await demoAccounts(server) : [];
    tellReady(server, options, accounts);
  } catch (error) {
    await server.close();
    throw error;
  }
  given.ports.after(1000, giveBackMemory);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // A parent that vanished closes the pipe: the server must not stay behind alone.
  if (process.env['MEDLANE_PARENT'] === 'pipe') process.stdin.on('end', stop).resume();
}

/**
 * Starting needs memory that running does not, and without this the system never gets it back: 17 of 120 MiB. Holds the
 * server for about 50 ms, once.
 */
function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: { type: string; flavor: string }) => void;
  collect({ type: 'major', flavor: 'last-resort' });
}

function createStop(server: RunningServer): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
}

type Account = { username: string; password: string; roles: readonly string[] };

/** Makes the demonstration clinic when the folder is empty, and tells its accounts. */
async function demoAccounts(server: RunningServer): Promise<Account[]> {
  const response = await fetch(`${server.url}/api/v1/setup/demo`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const answer = (await response.json()) as { error?: { code: string; message: string } };
  if (!response.ok && answer.error?.code !== 'already_set_up')
    throw new ApiError('internal', { message: answer.error?.message ?? 'The demonstration could not be made.' });
  const { data } = (await (await fetch(`${server.url}/api/v1/setup`)).json()) as {
    data: { accounts: Account[] | null };
  };
  return data.accounts ?? [];
}

function tellReady(server: RunningServer, { json, demo }: ServeOptions, accounts: readonly Account[]): void {
  const { local: _local, ...others } = server.doors;
  if (json) return void process.stdout.write(`${JSON.stringify({ url: server.url, accounts, doors: server.doors })}\n`);
  const lines = [
    `Medlane is open at ${server.url}`,
    ...Object.entries(others).map(([name, url]) => `  ${name}: ${url}`),
    ...(demo && accounts.length > 0
      ? [
          '',
          'Accounts of the demonstration clinic:',
          ...accounts.map((one) => `  ${one.username.padEnd(12)} ${one.password}   ${one.roles.join(', ')}`),
        ]
      : []),
    ...(demo && accounts.length === 0 ? ['', 'This folder holds a clinic of its own, not the demonstration.'] : []),
    '',
    'Stop it with Ctrl-C.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
