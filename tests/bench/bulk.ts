import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { v7 } from 'uuid';
import { fold, phoneDigits, spellingKeys, words } from '../../domain/patient.ts';
import { canonical, chainHash, detailHash, sealDetail } from '../../server/audit/chain.ts';
import { openSqlite } from '../../server/db/open.ts';
import { deriveKey, seal, unseal } from '../../server/keys.ts';
import { createChance } from '../day/random.ts';
import { root } from '../day/server.ts';
import { databaseOf, masterOf } from './clinic-folder.ts';

/**
 * Rows by the hundred thousand, as the server itself would have written them, faster than it would. Without ANALYZE: the
 * server does not do it either, and with its statistics (STAT4) SQLite plans every query anew at every run.
 */
function inOneGo(folder: string, write: (database: Database.Database) => void): void {
  const { file, key } = databaseOf(folder);
  const database = openSqlite(file, key, 'write');
  try {
    database.pragma('cache_size=-200000');
    database.transaction(() => write(database))();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

const insertInto = (database: Database.Database, table: string, columns: readonly string[]) =>
  database.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );

const PATIENT = [
  'id',
  'branch_id',
  'registration_number',
  'name',
  'birth_date',
  'birth_date_estimated',
  'sex',
  'phone',
  'category',
  'allergies',
  'identified',
  'version',
  'created_at',
  'updated_at',
] as const;

/** Patients with the names of the demonstration's, mixed, each with a key of their own. */
function* madeUpPatients(count: number, master: Buffer, branchId: string) {
  const rows = parse(readFileSync(path.join(root, 'resources/demo/patients.csv')), {
    columns: true,
    bom: true,
  }) as Record<'FIRST' | 'LAST', string>[];
  const wrapping = deriveKey(master, 'wrapping');
  const chance = createChance(7);
  for (let index = 1; index <= count; index += 1) {
    const name = `${chance.pick(rows).FIRST} ${chance.pick(rows).LAST}`;
    const phone = `+92 3${String(Math.floor(chance.next() * 1e9)).padStart(9, '0')}`;
    const number = `77-${String(Math.floor(index / 1000)).padStart(3, '0')}-${String(index % 1000).padStart(3, '0')}`;
    const [id, now] = [v7(), Date.now()];
    const wrapped = seal(wrapping, randomBytes(32), id);
    yield {
      id,
      name,
      phone,
      number,
      wrapped,
      row: [id, branchId, number, name, '1980-01-01', false, 'unknown', phone, '01', '[]', true, 1, now, now],
    };
  }
}

/** Into SQLite, with the search index as `server/db/search.ts` makes it. Answers their ids. */
export function addPatients(folder: string, count: number): string[] {
  const ids: string[] = [];
  inOneGo(folder, (database) => {
    const branchId = database.prepare('SELECT id FROM branches').pluck().get() as string;
    const begin = database.prepare('SELECT max("row") FROM patient_search').pluck().get() as number;
    const patient = insertInto(database, 'patients', PATIENT);
    const key = insertInto(database, 'patient_keys', ['patient_id', 'branch_id', 'wrapped']);
    const search = insertInto(database, 'patient_search', ['"row"', 'patient_id', 'branch_id', 'text', 'archived']);
    const word = insertInto(database, 'patient_words', ['word', 'start', '"row"']);
    const spelling = insertInto(database, 'spellings', ['"key"', 'word']);
    const spelt = new Set<string>();
    for (const { id, name, phone, number, wrapped, row } of madeUpPatients(count, masterOf(folder), branchId)) {
      ids.push(id);
      patient.run(...row.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
      key.run(id, branchId, wrapped);
      search.run(
        begin + ids.length,
        id,
        branchId,
        [fold(name), phoneDigits(phone), `${number} ${number.replaceAll('-', '')}`].join(' · '),
        0,
      );
      for (const one of words(name)) {
        word.run(one, one.slice(0, 2), begin + ids.length);
        if (spelt.has(one)) continue;
        spelt.add(one);
        for (const letters of spellingKeys(one)) spelling.run(letters, one);
      }
    }
    database.prepare("UPDATE counters SET value = ? WHERE series LIKE '%patient-row%'").run(begin + count);
  });
  return ids;
}

/** Into PostgreSQL, for giving tokens to: records and keys, not to be searched for. */
export async function addPatientsToPostgres(url: string, folder: string, count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const branchId = (await client.query<{ id: string }>('SELECT id FROM branches')).rows[0]?.id as string;
  const made = [...madeUpPatients(count, masterOf(folder), branchId)];
  const insert = async (table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]) => {
    for (let at = 0; at < rows.length; at += 500) {
      const some = rows.slice(at, at + 500);
      const marks = some.map(
        (_, row) => `(${columns.map((_name, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
      );
      await client.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${marks.join(', ')}`, some.flat());
    }
  };
  await insert(
    'patients',
    PATIENT,
    made.map(({ row }) => row),
  );
  await insert(
    'patient_keys',
    ['patient_id', 'branch_id', 'wrapped'],
    made.map(({ id, wrapped }) => [id, branchId, wrapped]),
  );
  await client.query('ANALYZE');
  await client.end();
  return made.map(({ id }) => id);
}

/** Audit entries that go on where the chain ends, each with a sealed detail. */
export function addAudit(folder: string, count: number): void {
  const wrapping = deriveKey(masterOf(folder), 'wrapping');
  inOneGo(folder, (database) => {
    const branchId = database.prepare('SELECT id FROM branches').pluck().get() as string;
    const detailKey = unseal(
      wrapping,
      database.prepare("SELECT wrapped FROM secrets WHERE name = 'detail'").pluck().get() as Buffer,
      'detail',
    );
    const head = database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as {
      seq: number;
      hash: string;
    };
    const audit = insertInto(database, 'audit', [
      'seq',
      'branch_id',
      'at',
      'actor_id',
      'patient_id',
      'action',
      'outcome',
      'record',
      'detail',
      'hash',
    ]);
    let { hash } = head;
    for (let seq = head.seq + 1; seq <= head.seq + count; seq += 1) {
      const [now, commandId] = [Date.now(), v7()];
      // A salt without the letters that a spreadsheet guards against, so that it is the scan that is measured.
      const detail = {
        salt: commandId,
        changes: JSON.stringify({
          state: ['waiting', 'called'],
          roomId: [null, commandId],
          callCount: [0, 1],
          priority: [null, 'normal'],
        }),
      };
      const record = canonical({
        ...{
          seq,
          at: new Date(now).toISOString(),
          actorId: 'doctor',
          actor: 'doctor',
          roles: ['doctor'],
          deviceId: commandId,
          branchId,
          origin: 'local',
          action: 'visits.call',
        },
        ...{
          resource: 'visit',
          resourceId: commandId,
          patientId: null,
          outcome: 'ok',
          requestId: commandId,
          commandId,
          detailHash: detailHash(detail),
        },
      });
      hash = chainHash(hash, record);
      audit.run(
        seq,
        branchId,
        now,
        'doctor',
        null,
        'visits.call',
        'ok',
        record,
        sealDetail(detailKey, seq, detail),
        hash,
      );
    }
  });
}
