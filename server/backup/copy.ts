import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { eq, getTableColumns, getTableName } from 'drizzle-orm';
import { sqliteConnection } from '../db/connection.sqlite.ts';
import type { Connection } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { openReader, openSqlite, openStore, type StoreLocation } from '../db/open.ts';
import * as sqliteTables from '../db/schema.sqlite.ts';
import type { Tables } from '../db/schema.ts';
import { syncFile, syncFolder } from '../files/durable.ts';
import { deriveKey } from '../keys.ts';
import { realPorts } from '../ports.ts';

/** The key of the database file, and of every backup: whoever holds the recovery kit can derive it. */
export const databaseKey = (master: Buffer): Buffer => deriveKey(master, 'database');

/** Tables in an order in which each refers only to those before it. */
const ORDER = [
  'meta',
  'branches',
  'letterheads',
  'mailServers',
  'counters',
  'closedDays',
  'users',
  'signInNames',
  'pins',
  'recoveryCodes',
  'securityKeys',
  'profiles',
  'tickets',
  'accountRequests',
  'mailedCodes',
  'devices',
  'stations',
  'devicePeople',
  'ownDesks',
  'sessions',
  'signIns',
  'patients',
  'patientSearch',
  'patientWords',
  'spellings',
  'patientNumbers',
  'merges',
  'patientKeys',
  'verifications',
  'pharmacies',
  'identityNumbers',
  'identityFiles',
  'queues',
  'rooms',
  'roomWorkers',
  'boards',
  'visits',
  'steps',
  'visitHistory',
  'visitNotes',
  'undoable',
  'calls',
  'sheet',
  'audit',
  'auditCheckpoints',
  'feed',
  'commands',
  'jobs',
  'backups',
  'secrets',
] as const satisfies readonly (keyof Tables)[];
/** A table that a backup leaves out is lost with the clinic: one that stands nowhere here does not compile. */
type LeftOut = Exclude<keyof Tables, (typeof ORDER)[number] | 'stepTransitions'>;
const nothingLeftOut: [LeftOut] extends [never] ? true : LeftOut = true;
void nothingLeftOut;

/**
 * Writes a backup: one encrypted SQLite file, whichever database the clinic runs on, checked by opening it.
 * It appears under its name only when it is whole.
 */
export async function copyDatabase(
  location: StoreLocation,
  master: Buffer,
  target: string,
): Promise<{ bytes: number; auditEntries: number }> {
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  const key = databaseKey(master);
  try {
    if (location.dialect === 'sqlite') {
      const source = openSqlite(location.file, location.key, 'read');
      source.exec(`VACUUM INTO '${partial.replaceAll("'", "''")}'`);
      source.close();
    } else await copyRows(location, { dialect: 'sqlite', file: partial, key });
    const auditEntries = checkBackup(partial, key);
    syncFile(partial);
    renameSync(partial, target);
    syncFolder(path.dirname(target));
    return { bytes: statSync(target).size, auditEntries };
  } catch (cause) {
    rmSync(partial, { force: true });
    throw new Error(`The backup could not be made: ${rootOf(cause as Error).message}`, { cause });
  }
}

/** What went wrong first: an error about a query quotes the rows that it was to write. */
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

/** Opens a copy and looks through all of it. @throws when anything is wrong. */
export function checkBackup(file: string, key: Buffer): number {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const copy = openSqlite(file, key, 'read');
  try {
    const integrity = copy.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw new Error(`The copy is damaged: ${String(integrity)}`);
    if ((copy.pragma('foreign_key_check') as unknown[]).length > 0)
      throw new Error('The copy has rows without what they refer to.');
    return (copy.prepare('SELECT count(*) AS n FROM audit').get() as { n: number }).n;
  } finally {
    copy.close();
  }
}

/** Copies every row of one store into another, empty one, from one snapshot. */
export async function copyRows(from: StoreLocation, to: StoreLocation): Promise<void> {
  const source = await openReader(from);
  const target = await openStore(to);
  try {
    await migrate(target.writer, { now: realPorts.now() });
    if (from.dialect === 'postgres') await source.execute('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await target.writer.execute('BEGIN');
    await target.writer.raw("INSERT INTO meta (key, value) VALUES ('restoring', 'yes')", []);
    for (const name of ORDER) await copyTable(source.reader, target.writer, name);
    await target.writer.raw("DELETE FROM meta WHERE key = 'restoring'", []);
    await target.writer.execute('COMMIT');
  } finally {
    await source.close();
    await target.close();
  }
}

type Source = Awaited<ReturnType<typeof openReader>>['reader'];

async function copyTable(source: Source, target: Connection, name: (typeof ORDER)[number]): Promise<void> {
  const [from, into] = [source.t[name], target.t[name]];
  if (name === 'identityFiles') return copyFiles(source, target);
  const rows = await source.db.select().from(from);
  const perInsert = Math.max(1, Math.floor(30_000 / Object.keys(getTableColumns(from)).length / 4));
  for (let at = 0; at < rows.length; at += perInsert) {
    const some = rows
      .slice(at, at + perInsert)
      .filter((row) => getTableName(from) !== 'meta' || (row as { key: string }).key !== 'restoring');
    if (some.length > 0) await target.db.insert(into).values(some as never);
  }
}

/** One by one: all of them together would not fit into memory. */
async function copyFiles({ db, t }: Source, target: Connection): Promise<void> {
  for (const { id } of await db.select({ id: t.identityFiles.id }).from(t.identityFiles))
    await target.db
      .insert(target.t.identityFiles)
      .values(await db.select().from(t.identityFiles).where(eq(t.identityFiles.id, id)));
}

/** A backup opened for reading. */
export function openBackup(file: string, master: Buffer): Connection {
  return sqliteConnection(openSqlite(file, databaseKey(master), 'read'), sqliteTables as unknown as Tables);
}
