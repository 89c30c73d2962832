import { timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { operator } from './actor.ts';
import { type App, createApp } from './app.ts';
import { copyDatabase, databaseKey } from './backup/copy.ts';
import { announceRunning, type DataFolder, lockFolder } from './data-folder.ts';
import { migrate } from './db/migrate.ts';
import { openStore, type StoreLocation } from './db/open.ts';
import { metaOf } from './feed/feed.ts';
import { keyFromFile, type MasterKey } from './keys.ts';
import { createLog, errorForLog } from './log.ts';
import type { Ports } from './ports.ts';
import { type DoorsAsked, openDoors } from './transport/doors.ts';
import { openVault } from './vault.ts';

export type ServerOptions = Readonly<{
  folder: DataFolder;
  ports: Ports;
  version: string;
  resources: URL;
  screens: URL | null;
  logLevel: string;
  /** A `postgres://` URL; the embedded database when absent. */
  database: string | undefined;
  /** The master key from the OS keychain, as the desktop passes it; its file otherwise. */
  key?: Buffer | undefined;
}>;

/** The clinic without a door: what the command line uses when no server runs. */
export type OpenClinic = Readonly<{ app: App; master: MasterKey; clinicId: string; close: () => Promise<void> }> &
  Pick<Parts, 'vault' | 'store' | 'log'>;
type Parts = Awaited<ReturnType<typeof openParts>>;

/** Opens the folder's clinic: lock, key, database, migrations, secrets. @throws with a sentence that says what to do. */
export async function openClinic(options: ServerOptions): Promise<OpenClinic> {
  const unlock = lockFolder(options.folder);
  try {
    const parts = await openParts(options);
    const close = async () => {
      await parts.app.close();
      unlock();
    };
    return { ...parts, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openParts({ folder, ports, version, resources, logLevel, database, key }: ServerOptions) {
  const log = createLog(logLevel);
  const master: MasterKey = key
    ? { bytes: key, from: 'keychain' }
    : keyFromFile(folder.keyFile, existsSync(folder.database));
  const location: StoreLocation = database
    ? { dialect: 'postgres', url: database }
    : { dialect: 'sqlite', file: folder.database, key: databaseKey(master.bytes) };
  const store = await openStore(location);
  await migrate(store.writer, {
    now: ports.now(),
    beforeFirst: async (from) =>
      void (await copyDatabase(location, master.bytes, `${folder.path}/backups/before-schema-${from}.backup`)),
  });
  const clinicId = await once(store, 'clinicId', ports.id());
  const epoch = await once(store, 'epoch', ports.id());
  const vault = await openVault(store, master.bytes, ports);
  const onBug = (error: unknown, operation: string, requestId: string) =>
    log.error({ operation, requestId, error: errorForLog(error) }, 'a bug, or a machine that fails');
  const app = await createApp({
    store,
    vault,
    master,
    ports,
    version,
    folder: folder.path,
    resources,
    clinicId,
    epoch,
    onBug,
  });
  return { app, vault, store, master, clinicId, log };
}

/** A fact that is decided once, at the first start. */
async function once(store: Awaited<ReturnType<typeof openStore>>, key: string, value: string): Promise<string> {
  const { db, t } = store.writer;
  await db.insert(t.meta).values({ key, value }).onConflictDoNothing();
  return (await metaOf(store.reader, key)) ?? value;
}

export type RunningServer = Readonly<{
  url: string;
  doors: Readonly<Record<string, string>>;
  app: App;
  clinicId: string;
  close: () => Promise<void>;
}>;

/** Opens the clinic and its doors. */
export async function startServer(options: ServerOptions, asked: DoorsAsked): Promise<RunningServer> {
  const clinic = await openClinic(options);
  try {
    const token = options.ports.random(32).toString('base64url');
    const asOperator = async (given: string) =>
      same(given, token) ? operator(await metaOf(clinic.app.reader, 'setUp')) : null;
    const doors = await openDoors({ ...options, ...clinic }, asked, asOperator);
    const forget = announceRunning(options.folder, { pid: process.pid, url: doors.urls['local'] as string, token });
    clinic.log.info({ doors: Object.keys(doors.urls), database: clinic.store.dialect }, 'the clinic is open');
    return {
      url: doors.urls['local'] as string,
      doors: doors.urls,
      app: clinic.app,
      clinicId: clinic.clinicId,
      async close() {
        forget();
        const closing = doors.close();
        await clinic.close();
        await closing;
        clinic.log.info('the clinic is closed');
      },
    };
  } catch (error) {
    await clinic.close();
    throw error;
  }
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
