import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

/** PostgreSQL's programs, wherever this machine keeps them. */
export function postgresPrograms(): string | null {
  const versions = existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
    : [];
  const candidates = [
    ...versions.map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...(process.env['PATH'] ?? '').split(path.delimiter),
  ];
  return candidates.find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null;
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** A real PostgreSQL of its own, in a folder and on a port of its own. It refuses to run as root, so root lends it a user. */
export async function startPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const programs = postgresPrograms();
  if (!programs) throw new Error('PostgreSQL is missing: install the package postgresql.');
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-pg-'));
  const user = lentUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const run = { cwd: folder, stdio: 'ignore' as const, ...user };
  execFileSync(
    path.join(programs, 'initdb'),
    ['-D', `${folder}/data`, '-U', 'medlane', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
    run,
  );
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'max_connections=300', 'fsync=off'].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const child = spawn(
    path.join(programs, 'postgres'),
    ['-D', `${folder}/data`, '-p', String(port), '-k', folder, ...settings],
    run,
  );
  const url = `postgres://medlane@127.0.0.1:${port}/postgres`;
  await untilReady(url);
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function lentUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A fresh database in a running PostgreSQL. */
export async function createDatabase(url: string): Promise<string> {
  const name = `medlane_${process.pid}_${Math.floor(performance.now() * 1000)}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return url.replace(/\/[^/]*$/, `/${name}`);
}
