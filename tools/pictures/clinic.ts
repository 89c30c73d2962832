import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Client, createClient } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api, type MedlaneApi } from '../../contract/index.ts';
import { root } from '../bootstrap.mjs';

export type Api = Client<MedlaneApi>;

/** A clinic to be photographed: the built server, on a port and in a folder of its own. */
export type Clinic = Readonly<{
  url: string;
  timeZone: string;
  password: string;
  as: (username: string) => Promise<Api>;
  /** The server is gone, and the screens are left alone. */
  stop: () => Promise<void>;
  close: () => Promise<void>;
}>;

/** A zone in which it is eleven in the morning: whenever the pictures are taken, the demo's day is in full swing. */
function lateMorning(): string {
  const now = new Date();
  const hour = (timeZone: string) => new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric' }).format(now);
  return Intl.supportedValuesOf('timeZone').find((zone) => hour(zone) === '11') ?? 'UTC';
}

export async function openClinic({ demo }: { demo: boolean }): Promise<Clinic> {
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-pictures-'));
  const timeZone = lateMorning();
  const args = ['--data', folder, '--json', 'serve', '--port', '0', ...(demo ? ['--demo'] : [])];
  const server = spawn(process.execPath, [path.join(root, 'out/server/medlane.js'), ...args], {
    env: { ...process.env, TZ: timeZone, MEDLANE_LOG: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([
    once(createInterface({ input: server.stdout }), 'line'),
    once(server, 'exit').then(() => []),
  ])) as [string?];
  if (!line) throw new Error('The clinic’s server did not start.');
  const { url, accounts } = JSON.parse(line) as { url: string; accounts: { password: string }[] };
  const password = accounts[0]?.password ?? '';

  const client = (token?: string) =>
    createClient(
      api,
      httpTransport({
        base: url,
        fetch,
        headers: (): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : {}),
      }),
    );
  async function stop() {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  return {
    url,
    timeZone,
    password,
    async as(username) {
      const { accessToken } = await client().auth.login({ identifier: username, password, delivery: 'body' });
      return client(accessToken);
    },
    stop,
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
