import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { databaseKey } from '../../server/backup/copy.ts';
import { readerOf } from '../../server/db/connection.ts';
import { migrate, migrationsOf } from '../../server/db/migrate.ts';
import { openSqlite, openStore } from '../../server/db/open.ts';
import { fromRecoveryKit, keyFromFile, recoveryKit } from '../../server/keys.ts';
import { codeOf, DIALECTS } from '../support/clinic.ts';
import { MASTER, storeBench } from '../support/store.ts';

describe('the encrypted database', () => {
  it('holds no readable text, and opens with no other key', async () => {
    const bench = await storeBench('sqlite');
    await bench.committer.submit(
      bench.work((tx) => tx.db.insert(tx.t.meta).values({ key: 'canary', value: 'CANARY-7316-SECRET' })),
    );
    const file = path.join(bench.folder, 'medlane.db');
    for (const suffix of ['', '-wal']) {
      const bytes = readFileSync(file + suffix);
      expect(bytes.includes('CANARY-7316')).toBe(false);
      expect(bytes.includes('SQLite format 3')).toBe(false);
    }
    expect(() => openSqlite(file, Buffer.alloc(32, 8), 'read')).toThrow(/does not open with this key/);
    expect(() => openSqlite(file, Buffer.alloc(16), 'read')).toThrow(/32-byte key/);
    expect(() => new Database(file).prepare('SELECT * FROM meta').all()).toThrow(/not a database/);
    await bench.close();
  });

  it('opens also one from before its salt was given with the key, and what its log holds', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'medlane-older-'));
    const key = Buffer.alloc(32, 5);
    const [file, copy] = [path.join(folder, 'older.db'), path.join(folder, 'copy.db')];
    const older = new Database(file);
    for (const set of [`cipher='sqlcipher'`, 'legacy=4', `key="x'${key.toString('hex')}'"`, 'journal_mode=WAL'])
      older.pragma(set);
    older.exec('CREATE TABLE kept (what TEXT)');
    older.pragma('wal_checkpoint(TRUNCATE)');
    older.exec(`INSERT INTO kept VALUES ('in the log')`);
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
    older.close();
    for (const mode of ['write', 'read'] as const) {
      const opened = openSqlite(copy, key, mode);
      expect(opened.prepare('SELECT what FROM kept').pluck().all()).toEqual(['in the log']);
      opened.close();
    }
    rmSync(folder, { recursive: true });
  });

  it('syncs every commit to the disk', async () => {
    const bench = await storeBench('sqlite');
    const pragma = await bench.store.writer.raw<{ synchronous: number }>('PRAGMA synchronous', []);
    expect(pragma).toEqual([{ synchronous: 2 }]);
    expect(await bench.store.writer.raw('PRAGMA journal_mode', [])).toEqual([{ journal_mode: 'wal' }]);
    await bench.close();
  });

  it('finds a flipped bit', async () => {
    const bench = await storeBench('sqlite');
    await bench.committer.close();
    await bench.store.close();
    const file = path.join(bench.folder, 'medlane.db');
    const bytes = readFileSync(file);
    const at = 4096 * 3 + 100;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const damaged = openSqlite(file, databaseKey(MASTER), 'read');
    const read = () => damaged.pragma('integrity_check', { simple: true });
    let verdict: unknown;
    try {
      verdict = read();
    } catch (error) {
      verdict = (error as Error).message;
    }
    expect(verdict).not.toBe('ok');
  });
});

describe('the key', () => {
  it('is refused when others can read it, when it is missing beside data, and when it is damaged', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'medlane-key-'));
    const file = path.join(folder, 'master.key');
    expect(() => keyFromFile(file, true)).toThrow(/missing.*recovery kit/);
    const made = keyFromFile(file, false);
    expect(keyFromFile(file, true).bytes).toEqual(made.bytes);
    writeFileSync(path.join(folder, 'open.key'), made.bytes.toString('hex'), { mode: 0o644 });
    expect(() => keyFromFile(path.join(folder, 'open.key'), true)).toThrow(/chmod 600/);
    writeFileSync(path.join(folder, 'short.key'), 'abc', { mode: 0o600 });
    expect(() => keyFromFile(path.join(folder, 'short.key'), true)).toThrow(/damaged/);
  });

  it('can be written on paper and read back, and a misread letter is noticed', () => {
    const kit = recoveryKit(MASTER);
    expect(fromRecoveryKit(kit)).toEqual(MASTER);
    expect(fromRecoveryKit(kit.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o'))).toEqual(MASTER);
    const misread = kit.replace(/[0-9A-HJKMNP-TV-Z]/, (letter) => (letter === '7' ? '8' : '7'));
    expect(() => fromRecoveryKit(misread)).toThrow(/letter by letter/);
  });
});

describe.each(DIALECTS)('migrations on %s', (dialect) => {
  it('run once, refuse a database from the future and an unknown history, and change nothing then', async () => {
    const bench = await storeBench(dialect);
    const { writer } = bench.store;
    const own = migrationsOf(dialect);
    expect(await migrate(writer, { now: 0 })).toBe(0);
    await expect(migrate(writer, { now: 0, migrations: own.slice(0, -1) })).rejects.toThrow(/newer Medlane/);
    const other = own.map((one, index) => (index === 0 ? { ...one, hash: 'other' } : one));
    await expect(migrate(writer, { now: 0, migrations: other })).rejects.toThrow(/unknown history/);
    expect(await migrate(writer, { now: 0 })).toBe(0);
    await bench.close();
  });

  it('leave the database as it was when one fails half way', async () => {
    const bench = await storeBench(dialect);
    const { writer } = bench.store;
    const own = migrationsOf(dialect);
    const broken = {
      number: own.length,
      name: 'broken',
      hash: 'x',
      statements: ['CREATE TABLE half (id text PRIMARY KEY)', 'SELECT nonsense FROM nowhere'],
    };
    let copied = 0;
    const beforeFirst = async () => {
      copied += 1;
    };
    await expect(migrate(writer, { now: 0, migrations: [...own, broken], beforeFirst })).rejects.toThrow(/as it was/);
    expect(copied).toBe(1);
    await expect(writer.raw('SELECT * FROM half', [])).rejects.toThrow();
    expect(await migrate(writer, { now: 0, migrations: own })).toBe(0);
    await bench.close();
  });

  it('give both dialects the same tables', async () => {
    const bench = await storeBench(dialect);
    const reader = readerOf(bench.store.writer);
    for (const table of Object.values(reader.t)) await reader.db.select().from(table).limit(1);
    await bench.close();
  });
});

describe('the writing and the reading connection', () => {
  it('a reader sees what was committed, and cannot write', async () => {
    const bench = await storeBench('sqlite');
    await bench.committer.submit(bench.work((tx) => tx.db.insert(tx.t.meta).values({ key: 'seen', value: '1' })));
    const { t } = bench.store.reader;
    expect((await bench.store.reader.db.select().from(t.meta)).some(({ key }) => key === 'seen')).toBe(true);
    const reading = await openStore(bench.store.location);
    await expect(reading.reader.raw("INSERT INTO meta VALUES ('x', 'y')", [])).rejects.toThrow(/readonly/);
    await reading.close();
    await bench.close();
  });
});

describe('a PostgreSQL that ends the connection', () => {
  it('fails what was under way, and the next command goes on', async () => {
    const bench = await storeBench('postgres');
    const put = (key: string) => bench.work((tx) => tx.db.insert(tx.t.meta).values({ key, value: '1' }));
    await bench.committer.submit(put('before'));
    const ended = bench.work(async (tx) => {
      await tx.db.insert(tx.t.meta).values({ key: 'during', value: '1' });
      await bench.store.reader.raw(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'medlane writer' AND datname = current_database()",
        [],
      );
      await tx.raw('SELECT 1', []);
    });
    expect(await codeOf(bench.committer.submit(ended))).toBe('unavailable');
    await bench.committer.submit(put('after'));
    const { t, db } = bench.store.reader;
    const keys = (await db.select().from(t.meta)).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['before', 'after']));
    expect(keys).not.toContain('during');
    await bench.close();
  });
});
