import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Client, createClient } from '../../../contract/client.ts';
import { httpTransport } from '../../../contract/http.ts';
import { api, type MedlaneApi } from '../../../contract/index.ts';

const root = path.join(import.meta.dirname, '../../..');
const program = path.join(root, 'out/server/medlane.js');

export type Api = Client<MedlaneApi>;
type Ready = { url: string; accounts: { username: string; password: string }[] };

/** A clinic's server: the built program, in a process and a data folder of its own. */
export type ClinicServer = Readonly<{
  url: string;
  password: string;
  /** The power goes: no goodbye to anybody. */
  kill: () => Promise<void>;
  /** The same folder, at the same address. */
  restart: () => Promise<void>;
  /** A signed-in client, to set a stage with or to ask what is true. */
  api: (username: string) => Promise<Api>;
  /** Another run of the program on the command line; answers its exit code. */
  run: (...args: string[]) => Promise<number>;
  close: () => Promise<void>;
}>;

export async function startClinic({ demo }: { demo: boolean }): Promise<ClinicServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-browser-'));
  let child: ChildProcess;
  let said = '';

  async function start(port: string): Promise<Ready> {
    const args = ['--data', folder, '--json', 'serve', '--port', port, ...(demo ? ['--demo'] : [])];
    child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      env: { ...process.env, MEDLANE_LOG: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [])])) as string[];
    if (!line) throw new Error(`The server did not start:\n${said}`);
    return JSON.parse(line) as Ready;
  }

  async function end(signal: NodeJS.Signals) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  const ready = await start('0');
  const password = ready.accounts[0]?.password ?? '';
  const clients = new Map<string, Promise<Api>>();
  const signIn = async (username: string): Promise<Api> => {
    const to = (token: string | null) =>
      createClient(
        api,
        httpTransport({
          base: ready.url,
          fetch,
          headers: (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {}),
        }),
      );
    return to((await to(null).auth.login({ identifier: username, password, delivery: 'body' })).accessToken);
  };

  return {
    url: ready.url,
    password,
    kill: () => end('SIGKILL'),
    restart: async () => void (await start(new URL(ready.url).port)),
    api: (username) => {
      const known = clients.get(username) ?? signIn(username);
      clients.set(username, known);
      return known;
    },
    run: async (...args) => {
      const [code] = (await once(spawn(process.execPath, [program, ...args], { stdio: 'ignore' }), 'exit')) as [number];
      return code;
    },
    async close() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
