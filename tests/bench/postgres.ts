import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Postgres = Readonly<{
  url: string;
  version: string;
  env: Readonly<Record<string, string>>;
  stop: () => Promise<void>;
}>;

/** Where distributions put the programs that are not on the path. */
const PLACES = ['/usr/lib/postgresql', '/opt/homebrew/opt'];

function programs(): { folder: string; version: string } | null {
  for (const place of PLACES.filter((folder) => existsSync(folder))) {
    for (const name of readdirSync(place).sort().reverse()) {
      const folder = path.join(place, name, 'bin');
      if (existsSync(path.join(folder, 'initdb'))) return { folder, version: name };
    }
  }
  return null;
}

/** A PostgreSQL of its own in a temporary folder; null where there is none. Durable as in a clinic: fsync stays on. */
export async function startPostgres(env: Readonly<Record<string, string>> = {}): Promise<Postgres | null> {
  const found = programs();
  if (!found) return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'medlane-postgres-'));
  const port = await freePort();
  // PostgreSQL refuses to run as root.
  const asRoot = process.getuid?.() === 0;
  if (asRoot) chownSync(folder, Number(idOf('-u')), Number(idOf('-g')));
  const run = (program: string, args: string[]) => {
    const command = path.join(found.folder, program);
    const [file, given] = asRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args];
    execFileSync(file, given, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  };
  const data = path.join(folder, 'data');
  run('initdb', ['-D', data, '-U', 'medlane', '--auth=trust', '-E', 'UTF8', '--no-sync']);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c logging_collector=off`;
  run('pg_ctl', ['-D', data, '-w', '-l', path.join(folder, 'log'), '-o', options, 'start']);
  run('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'medlane', 'medlane']);
  const url = `postgres://medlane@127.0.0.1:${port}/medlane`;
  const stop = () => {
    process.removeListener('exit', stop);
    run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  return {
    url,
    version: found.version,
    env: { MEDLANE_DATABASE: url, MEDLANE_DATABASE_DISK_IS_ENCRYPTED: 'yes' },
    stop: async () => stop(),
  };
}

const idOf = (flag: string): string => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim();

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
