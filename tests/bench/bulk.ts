import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type Database from 'better-sqlite3';
import { v7 } from 'uuid';
import { fold, phoneDigits, spellingKeys, words } from '../../domain/patient.ts';
import { canonical, chainHash, detailHash, sealDetail } from '../../server/audit/chain.ts';
import { openSqlite } from '../../server/db/open.ts';
import { deriveKey, unseal } from '../../server/keys.ts';
import { createChance } from '../day/random.ts';
import { root } from '../day/server.ts';
import { databaseOf, masterOf } from './clinic-folder.ts';

/** Rows by the hundred thousand, as the server itself would have written them, faster than it would. */
function inOneGo(folder: string, write: (database: Database.Database) => void): void {
  const { file, key } = databaseOf(folder);
  const database = openSqlite(file, key, 'write');
  try {
    database.pragma('cache_size=-200000');
    database.transaction(() => write(database))();
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.exec('ANALYZE');
  } finally {
    database.close();
  }
}

const insertInto = (database: Database.Database, table: string, columns: readonly string[]) =>
  database.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);

/** Patients with the names of the demonstration's, mixed; the index as `server/db/search.ts` makes it. */
export function addPatients(folder: string, count: number): void {
  const rows = parse(readFileSync(path.join(root, 'resources/demo/patients.csv')), { columns: true, bom: true }) as Record<'FIRST' | 'LAST', string>[];
  const chance = createChance(7);
  inOneGo(folder, (database) => {
    const branchId = database.prepare('SELECT id FROM branches').pluck().get() as string;
    const begin = database.prepare('SELECT max("row") FROM patient_search').pluck().get() as number;
    const patient = insertInto(database, 'patients', ['id', 'branch_id', 'registration_number', 'name', 'birth_date', 'birth_date_estimated', 'sex', 'phone', 'category', 'allergies', 'identified', 'version', 'created_at', 'updated_at']);
    const search = insertInto(database, 'patient_search', ['"row"', 'patient_id', 'branch_id', 'text', 'archived']);
    const word = insertInto(database, 'patient_words', ['word', 'start', '"row"']);
    const spelling = insertInto(database, 'spellings', ['"key"', 'word']);
    const spelt = new Set<string>();
    for (let index = 1; index <= count; index += 1) {
      const name = `${chance.pick(rows).FIRST} ${chance.pick(rows).LAST}`;
      const phone = `+92 3${String(Math.floor(chance.next() * 1e9)).padStart(9, '0')}`;
      const number = `77-${String(Math.floor(index / 1000)).padStart(3, '0')}-${String(index % 1000).padStart(3, '0')}`;
      const [id, now, row] = [v7(), Date.now(), begin + index];
      patient.run(id, branchId, number, name, '1980-01-01', 0, 'unknown', phone, '01', '[]', 1, 1, now, now);
      search.run(row, id, branchId, [fold(name), phoneDigits(phone), `${number} ${number.replaceAll('-', '')}`].join(' · '), 0);
      for (const one of words(name)) {
        word.run(one, one.slice(0, 2), row);
        if (spelt.has(one)) continue;
        spelt.add(one);
        for (const key of spellingKeys(one)) spelling.run(key, one);
      }
    }
    database.prepare("UPDATE counters SET value = ? WHERE series LIKE '%patient-row%'").run(begin + count);
  });
}

/** Audit entries that go on where the chain ends, each with a sealed detail. */
export function addAudit(folder: string, count: number): void {
  const wrapping = deriveKey(masterOf(folder), 'wrapping');
  inOneGo(folder, (database) => {
    const branchId = database.prepare('SELECT id FROM branches').pluck().get() as string;
    const detailKey = unseal(wrapping, database.prepare("SELECT wrapped FROM secrets WHERE name = 'detail'").pluck().get() as Buffer, 'detail');
    const head = database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as { seq: number; hash: string };
    const audit = insertInto(database, 'audit', ['seq', 'branch_id', 'at', 'actor_id', 'patient_id', 'action', 'outcome', 'record', 'detail', 'hash']);
    let { hash } = head;
    for (let seq = head.seq + 1; seq <= head.seq + count; seq += 1) {
      const [now, commandId] = [Date.now(), v7()];
      // A salt without the letters that a spreadsheet guards against, so that it is the scan that is measured.
      const detail = { salt: commandId, changes: JSON.stringify({ state: ['waiting', 'called'], roomId: [null, commandId], callCount: [0, 1], priority: [null, 'normal'] }) };
      const record = canonical({
        ...{ seq, at: new Date(now).toISOString(), actorId: commandId, actor: 'doctor', roles: ['doctor'], deviceId: commandId, branchId, origin: 'local', action: 'visits.call' },
        ...{ resource: 'visit', resourceId: commandId, patientId: null, outcome: 'ok', requestId: commandId, commandId, detailHash: detailHash(detail) },
      });
      hash = chainHash(hash, record);
      audit.run(seq, branchId, now, 'doctor', null, 'visits.call', 'ok', record, sealDetail(detailKey, seq, detail), hash);
    }
  });
}
