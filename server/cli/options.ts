import { readFileSync } from 'node:fs';
import type { ServerOptions } from '../clinic-server.ts';
import { dataFolder } from '../data-folder.ts';
import { realPorts } from '../ports.ts';

/** What every command takes. */
export type Place = Readonly<{ data?: string; demo?: boolean; json?: boolean }>;

/** The product's folder: two above `server/cli/` in the sources, and two above `out/server/` when built. */
const root = new URL('../../', import.meta.url);

/** The server's options from the command line and the environment. */
export function optionsFor({ data, demo }: Place): ServerOptions {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  const env = process.env;
  const database = env['MEDLANE_DATABASE'] || undefined;
  if (database && env['MEDLANE_DATABASE_DISK_IS_ENCRYPTED'] !== 'yes') {
    throw new Error(
      'PostgreSQL is not encrypted by Medlane. When the disk under it is, say so: MEDLANE_DATABASE_DISK_IS_ENCRYPTED=yes',
    );
  }
  return {
    folder: dataFolder(data ?? env['MEDLANE_DATA'], demo),
    ports: realPorts,
    version,
    resources: new URL('resources/', root),
    screens: new URL('out/renderer/', root),
    logLevel: env['MEDLANE_LOG'] ?? 'info',
    database,
    key: env['MEDLANE_KEY_FD'] ? readKey(Number(env['MEDLANE_KEY_FD'])) : undefined,
  };
}

/** The master key from the desktop, which holds the keychain, over a pipe. */
function readKey(descriptor: number): Buffer {
  const key = Buffer.from(readFileSync(descriptor, 'utf8').trim(), 'hex');
  if (key.length !== 32) throw new Error('The desktop did not hand over the key.');
  return key;
}
