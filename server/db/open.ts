import { hkdfSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { postgresConnection, reconnecting } from './connection.postgres.ts';
import { sqliteConnection } from './connection.sqlite.ts';
import { type Connection, type Dialect, type Reader, readerOf } from './connection.ts';
import * as postgresTables from './schema.postgres.ts';
import * as sqliteTables from './schema.sqlite.ts';
import type { Tables } from './schema.ts';

/** Where the clinic's rows are: an encrypted file, or a PostgreSQL database whose disk somebody else encrypts. */
export type StoreLocation =
  | Readonly<{ dialect: 'sqlite'; file: string; key: Buffer }>
  | Readonly<{ dialect: 'postgres'; url: string }>;

/** The open store: one connection that writes, one (or a pool) that reads beside it. */
export type Store = Readonly<{
  dialect: Dialect;
  location: StoreLocation;
  writer: Connection;
  reader: Reader;
  close: () => Promise<void>;
}>;

/** Calls back whenever any process has committed to this PostgreSQL database. */
export async function listenPostgres(url: string, channel: string, heard: () => void): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, application_name: 'medlane listener' });
  await client.connect();
  client.on('error', () => {});
  client.on('notification', heard);
  await client.query(`LISTEN ${channel}`);
  return () => client.end();
}

/** What the database must answer when asked how it is set; anything else, and it is not opened. */
const EXPECTED = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  temp_store: 2,
  trusted_schema: 0,
  secure_delete: 1,
};

/**
 * Opens an encrypted SQLite file (SQLCipher 4 format, raw key).
 * @throws when the key does not fit, or the file is not a database.
 */
export function openSqlite(file: string, key: Buffer, mode: 'write' | 'read'): Database.Database {
  if (key.length !== 32) throw new Error('The database needs a 32-byte key.');
  const database = unlocked(file, key, mode);
  if (mode === 'write') database.pragma('journal_mode=WAL');
  // The library is compiled with synchronous=NORMAL for WAL, which loses acknowledged commits at a power cut.
  database.pragma('synchronous=FULL');
  database.pragma('foreign_keys=ON');
  database.pragma('temp_store=MEMORY');
  database.pragma('mmap_size=0');
  database.pragma('trusted_schema=OFF');
  database.pragma('secure_delete=ON');
  database.pragma('cache_size=-16000');
  // Moving the log into the database costs two syncs: every 16 MB, not every 4.
  database.pragma('wal_autocheckpoint=4000');
  if (mode === 'write') checkSettings(database);
  return database;
}

/**
 * The salt is given with the key: in the file it stands in the first sector alone, and a power cut that costs that sector
 * would cost everything. Files from before have a salt that only they know.
 */
function unlocked(file: string, key: Buffer, mode: 'write' | 'read'): Database.Database {
  const salt = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'medlane salt v1', 16)).toString('hex');
  try {
    return unlock(file, key.toString('hex'), salt, mode);
  } catch (error) {
    if (((error as Error).cause as { code?: string }).code !== 'SQLITE_NOTADB') throw error;
    return unlock(file, key.toString('hex'), '', mode);
  }
}

function unlock(file: string, key: string, salt: string, mode: 'write' | 'read'): Database.Database {
  const database = new Database(file, { readonly: mode === 'read', timeout: 5000 });
  try {
    database.pragma(`cipher='sqlcipher'`);
    database.pragma('legacy=4');
    if (salt) database.pragma(`cipher_salt='${salt}'`);
    database.pragma(`key="x'${key}${salt}'"`);
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (cause) {
    database.close();
    throw new Error(`The database ${file} does not open with this key.`, { cause });
  }
}

function checkSettings(database: Database.Database): void {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    const actual = database.pragma(name, { simple: true });
    if (actual !== expected) throw new Error(`The database is set ${name}=${String(actual)} and must be ${expected}.`);
  }
}

/** Opens the store, without looking at what is in it (`migrate` does). */
export async function openStore(location: StoreLocation): Promise<Store> {
  return location.dialect === 'sqlite' ? openSqliteStore(location) : openPostgresStore(location);
}

/** A reading connection alone, for a worker. */
export async function openReader(
  location: StoreLocation,
): Promise<Readonly<{ reader: Reader; execute: Connection['execute']; close: () => Promise<void> }>> {
  const connection =
    location.dialect === 'sqlite'
      ? readSqlite(location, WORKER_CACHE)
      : await connectPostgres(location.url, 'medlane worker');
  return { reader: readerOf(connection), execute: connection.execute, close: connection.close };
}

/** KiB of pages that a worker keeps: it goes through a table once, and would only fill memory with what it has seen. */
const WORKER_CACHE = 2000;

function readSqlite({ file, key }: { file: string; key: Buffer }, cache?: number): Connection {
  const database = openSqlite(file, key, 'read');
  if (cache) database.pragma(`cache_size=-${cache}`);
  return sqliteConnection(database, sqliteTables as unknown as Tables);
}

/** One client: what a transaction needs. `lost` is told when the server ends it. */
async function connectPostgres(url: string, name: string, lost: () => void = () => {}): Promise<Connection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    pipeline: true,
    // A prepared query keeps the plan of its first day, when every table was a page: without this it reads them whole for ever.
    options: '-c enable_seqscan=off',
  });
  await client.connect();
  // Without a listener, a lost connection would end the process; the next command meets the error and says so.
  client.on('error', lost);
  client.on('end', lost);
  return postgresConnection(client, postgresTables as unknown as Tables, () => client.end());
}

async function openSqliteStore(location: Extract<StoreLocation, { dialect: 'sqlite' }>): Promise<Store> {
  mkdirSync(path.dirname(location.file), { recursive: true, mode: 0o700 });
  const writer = sqliteConnection(openSqlite(location.file, location.key, 'write'), sqliteTables as unknown as Tables);
  const reading = readSqlite(location);
  return { dialect: 'sqlite', location, writer, reader: readerOf(reading), close: closing(reading, writer) };
}

async function openPostgresStore(location: Extract<StoreLocation, { dialect: 'postgres' }>): Promise<Store> {
  const writer = await reconnecting((lost) => connectPostgres(location.url, 'medlane writer', lost));
  const pool = new pg.Pool({ connectionString: location.url, max: 4, application_name: 'medlane reader' });
  pool.on('error', () => {});
  const reading = postgresConnection(pool, postgresTables as unknown as Tables, () => pool.end());
  return { dialect: 'postgres', location, writer, reader: readerOf(reading), close: closing(reading, writer) };
}

const closing =
  (...connections: Connection[]) =>
  async () => {
    for (const connection of connections) await connection.close();
  };
