import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ApiError } from '../../contract/kit.ts';
import { type Actor, nobody } from '../../server/actor.ts';
import { type App, createApp } from '../../server/app.ts';
import { copyDatabase, databaseKey } from '../../server/backup/copy.ts';
import { restoreBackup } from '../../server/backup/restore.ts';
import { dataFolder } from '../../server/data-folder.ts';
import { sqliteConnection } from '../../server/db/connection.sqlite.ts';
import { readerOf } from '../../server/db/connection.ts';
import { migrate } from '../../server/db/migrate.ts';
import { openSqlite, type Store } from '../../server/db/open.ts';
import * as sqliteTables from '../../server/db/schema.sqlite.ts';
import type { Tables } from '../../server/db/schema.ts';
import { deskActor, stationOf } from '../../server/devices/stations.ts';
import { metaOf } from '../../server/feed/feed.ts';
import type { Ports } from '../../server/ports.ts';
import { actorAt } from '../../server/transport/station-door.ts';
import { openVault, type Vault } from '../../server/vault.ts';
import type { Chance } from '../day/random.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { CHEAP, MASTER, RESOURCES, VERSION } from './prepared-clinic.ts';
import { createIds, randomBytes, type VirtualTime } from './virtual-time.ts';
import { end, type Life, newLife, watched } from './watched-database.ts';

/** An operation that every desk hands in. */
const HANDED_IN = 'visits.issue';

/** Nobody is there who could answer: the connection is refused, or was cut. */
export class Gone extends Error {}

/** One request as it arrives: from which desk, and what that says of itself. */
export type Request = Readonly<{
  deviceId: string;
  name: string;
  input: Readonly<Record<string, unknown>>;
  commandId: string | undefined;
  headers: Readonly<Record<string, string>>;
}>;

export type SimServer = Readonly<{
  start: () => Promise<void>;
  /** The process ends without a word. */
  crash: () => void;
  /** Makes a backup of what is there now. */
  backUp: () => Promise<void>;
  /** Before the next start the last backup takes the place of what is there. */
  restoreNext: () => void;
  /** @throws ApiError as the wire would bring it, or Gone. */
  serve: (request: Request) => Promise<unknown>;
  running: () => boolean;
  life: () => Life;
  /** How far its clock is ahead of the true time, ms. */
  clock: { ahead: number };
  parts: () => Readonly<{ app: App; store: Store; vault: Vault; epoch: string }>;
  /** Where its rows are. */
  file: string;
  /** What went wrong inside that no fault of the world explains. */
  bugs: unknown[];
}>;

type Options = Readonly<{
  file: string;
  folder: string;
  time: VirtualTime;
  chance: Chance;
  planted: PlantedBug | null;
  /** Something was committed: whoever listens is told. */
  committed: () => void;
  /** The process ended by itself. */
  ended: () => void;
  /** The disk refused something. */
  refused: () => void;
}>;

/** The production server from the dispatch down to its SQLite file, in a process of its own that may end at any statement. */
export function createSimServer(options: Options): SimServer {
  const { file, folder, time, chance, planted, committed } = options;
  const clock = { ahead: 0 };
  const bugs: unknown[] = [];
  let running: Readonly<{ app: App; store: Store; vault: Vault; epoch: string; life: Life; ports: Ports }> | null =
    null;
  const cut: (() => void)[] = [];
  const newId = createIds(chance.fork('server ids'), () => Math.trunc(time.now() + clock.ahead));
  const salt = chance.fork('server salt');

  function portsOf(life: Life): Ports {
    const later = (ms: number, run: () => void) => time.after(ms, () => life.alive && run());
    return {
      now: () => time.now() + clock.ahead,
      id: newId,
      random: (many) => randomBytes(salt, many),
      hashing: CHEAP,
      after: later,
      soon: (run) => void later(0, run),
      die: (why) => {
        bugs.push(new Error(why));
        end(life);
        throw new Gone();
      },
    };
  }

  const backup = path.join(folder, 'made.backup');
  let restoring = false;

  async function restore(): Promise<void> {
    const at = dataFolder(folder);
    writeFileSync(at.keyFile, MASTER.toString('hex'), { mode: 0o600 });
    const ports = portsOf(newLife({ ended: () => undefined, refused: () => undefined }));
    const common = { version: VERSION, resources: RESOURCES, screens: null, logLevel: 'silent', database: undefined };
    await restoreBackup({ folder: at, ports, ...common }, { file: backup });
    restoring = false;
  }

  async function start(): Promise<void> {
    if (restoring) await restore();
    const key = databaseKey(MASTER);
    const databases = [openSqlite(file, key, 'write'), openSqlite(file, key, 'read')] as const;
    databases[0].pragma('synchronous=OFF');
    const life = newLife({
      refused: options.refused,
      planted: planted?.database?.(time, () => life),
      ended: () => {
        running = null;
        // What it had not committed goes with it.
        time.after(0, () => {
          for (const database of databases) database.close();
        });
        for (const told of cut.splice(0)) told();
        options.ended();
      },
    });
    const ports = portsOf(life);
    const [writer, reading] = databases.map((database) =>
      sqliteConnection(watched(database, life), sqliteTables as unknown as Tables),
    ) as [Store['writer'], Store['writer']];
    const store: Store = {
      ...{ dialect: 'sqlite', location: { dialect: 'sqlite', file, key }, reader: readerOf(reading) },
      writer: {
        ...writer,
        send(query, params) {
          writer.send(query, params);
          if (query === 'COMMIT' && life.alive) committed();
        },
      },
      close: async () => undefined,
    };
    await migrate(store.writer, { now: ports.now() });
    const epoch = (await metaOf(store.reader, 'epoch')) ?? '';
    const clinicId = (await metaOf(store.reader, 'clinicId')) ?? '';
    const vault = await openVault(store, MASTER, ports);
    const app = await createApp({
      ...{ store, vault, ports, clinicId, epoch, folder, resources: RESOURCES, version: VERSION },
      master: { bytes: MASTER, from: 'keychain' },
      onBug: (error) => {
        if (life.alive && (error as { code?: string }).code !== 'SQLITE_FULL') bugs.push(error);
      },
    });
    if (life.alive) running = { app, store, vault, epoch, life, ports };
  }

  /**
   * As the door of the stations does it, with the certificate left out, and with the tokens of whoever is signed in: all that a
   * desk sends is believed as what it hands in is.
   */
  async function answer({ deviceId, name, input, commandId, headers }: Request): Promise<unknown> {
    if (!running) throw new Gone();
    const { app, ports, epoch } = running;
    const station = await stationOf(app.reader, deviceId);
    if (!station) throw new ApiError('not_this_clinic');
    let actor: Actor = await actorAt({ app, ports, epoch }, deskActor(station, 'simulated'), headers, HANDED_IN);
    actor = planted?.actor?.(actor, headers) ?? actor;
    return app.dispatch({
      ...{ name, input, actor: actor ?? nobody('simulated'), commandId, requestId: ports.id() },
      web: { cookies: {}, csrf: undefined, origin: 'http://127.0.0.1', userAgent: '', setCookie: () => undefined },
      signal: new AbortController().signal,
    });
  }

  return {
    start,
    crash: () => running && end(running.life),
    backUp: async () => {
      rmSync(backup, { force: true });
      await copyDatabase({ dialect: 'sqlite', file, key: databaseKey(MASTER) }, MASTER, backup);
    },
    restoreNext: () => {
      restoring = true;
    },
    serve: (request) =>
      new Promise((resolve, reject) => {
        if (!running) return reject(new Gone());
        const { life, epoch } = running;
        cut.push(() => reject(new Gone()));
        const asGiven = JSON.parse(JSON.stringify(request)) as Request;
        answer(planted?.request?.(asGiven, epoch) ?? asGiven).then(
          (value) => life.alive && resolve(JSON.parse(JSON.stringify(value ?? null))),
          (error: unknown) => life.alive && reject(overTheWire(error)),
        );
      }),
    running: () => running !== null,
    life: () => (running as NonNullable<typeof running>).life,
    clock,
    parts: () => running as NonNullable<typeof running>,
    file,
    bugs,
  };

  function overTheWire(error: unknown): ApiError {
    if (error instanceof ApiError) {
      const { code, facts, fields } = JSON.parse(JSON.stringify(error)) as ApiError;
      return new ApiError(code, { facts, fields });
    }
    bugs.push(error);
    return new ApiError('internal');
  }
}
