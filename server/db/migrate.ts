import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connection, Dialect } from './connection.ts';

export type Migration = Readonly<{ number: number; name: string; hash: string; statements: readonly string[] }>;

/** A database that this program must not touch, with what to do about it. */
export class UnusableDatabase extends Error {
  override name = 'UnusableDatabase';
}

/** The numbered migrations of a dialect, from the files beside this one. */
export function migrationsOf(dialect: Dialect): Migration[] {
  const folder = new URL(`./migrations/${dialect}/`, import.meta.url);
  if (!existsSync(fileURLToPath(folder))) throw new Error(`No migrations at ${fileURLToPath(folder)}.`);
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8')) as {
    entries: { idx: number; tag: string }[];
  };
  return journal.entries.map(({ idx, tag }) => {
    const text = readFileSync(new URL(`${tag}.sql`, folder), 'utf8');
    return {
      number: idx,
      name: tag,
      hash: createHash('sha256').update(text.replace(/\r\n/g, '\n')).digest('hex'),
      statements: text
        .split('--> statement-breakpoint')
        .map((part) => part.trim())
        .filter(Boolean),
    };
  });
}

const HISTORY =
  'CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL, hash text NOT NULL, applied_at text NOT NULL)';

type Applied = { number: number; name: string; hash: string };

/**
 * Brings the database to this program's schema, each migration in a transaction of its own, and answers how many ran.
 * `beforeFirst` makes the safety copy of a database that already holds something.
 * @throws UnusableDatabase when the database is newer than the program, or its history is not this program's.
 */
export async function migrate(
  connection: Connection,
  options: Readonly<{ now: number; migrations?: readonly Migration[]; beforeFirst?: (from: number) => Promise<void> }>,
): Promise<number> {
  const migrations = options.migrations ?? migrationsOf(connection.dialect);
  await connection.execute(HISTORY);
  const applied = await connection.raw<Applied>('SELECT number, name, hash FROM schema_migrations ORDER BY number', []);
  checkHistory(applied, migrations);
  const pending = migrations.slice(applied.length);
  if (pending.length > 0 && applied.length > 0) await options.beforeFirst?.(applied.length);
  for (const migration of pending) await apply(connection, migration, options.now);
  return pending.length;
}

function checkHistory(applied: readonly Applied[], migrations: readonly Migration[]): void {
  if (applied.length > migrations.length) {
    throw new UnusableDatabase(
      `This database was made by a newer Medlane (schema ${applied.length}, this one knows ${migrations.length}). Install the newer version; nothing was changed.`,
    );
  }
  const strange = applied.find(({ number, hash }) => migrations[number]?.hash !== hash);
  if (strange) {
    throw new UnusableDatabase(
      `This database has an unknown history (at ${strange.name}). It was not made by a released Medlane; restore a backup. Nothing was changed.`,
    );
  }
}

async function apply(connection: Connection, migration: Migration, now: number): Promise<void> {
  // Foreign keys must be off outside the transaction: a table rebuild with them on empties the child tables in silence.
  if (connection.dialect === 'sqlite') await connection.execute('PRAGMA foreign_keys=OFF');
  await connection.execute(connection.dialect === 'sqlite' ? 'BEGIN EXCLUSIVE' : 'BEGIN');
  try {
    for (const statement of migration.statements) await connection.execute(statement);
    await checkForeignKeys(connection, migration);
    await connection.raw('INSERT INTO schema_migrations (number, name, hash, applied_at) VALUES (?, ?, ?, ?)', [
      migration.number,
      migration.name,
      migration.hash,
      new Date(now).toISOString(),
    ]);
    await connection.execute('COMMIT');
  } catch (cause) {
    await connection.execute('ROLLBACK');
    throw new Error(`Migration ${migration.name} failed; the database is as it was.`, { cause });
  } finally {
    if (connection.dialect === 'sqlite') await connection.execute('PRAGMA foreign_keys=ON');
  }
}

async function checkForeignKeys(connection: Connection, migration: Migration): Promise<void> {
  if (connection.dialect !== 'sqlite') return;
  const broken = await connection.raw<{ table: string }>('PRAGMA foreign_key_check', []);
  if (broken[0]) throw new Error(`${migration.name} leaves rows of ${broken[0].table} without what they refer to.`);
}
