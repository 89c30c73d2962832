import { existsSync } from 'node:fs';
import path from 'node:path';
import { createCache } from '../../main/workstation/cache.ts';
import { openMemory } from '../../main/workstation/memory.ts';
import { createOutbox } from '../../main/workstation/outbox.ts';
import { databaseKey } from '../../server/backup/copy.ts';
import { openSqlite } from '../../server/db/open.ts';
import { keyFromFile } from '../../server/keys.ts';
import type { Loss } from './power.ts';

export const DESK_KEY = Buffer.alloc(32, 9);

/** What is wrong with a desk's files after a loss: nothing, or what was shown and is not there. */
export const faultsAtDesk = ({ folder, said }: Loss): string[] =>
  faultsIn(() => {
    createCache(openMemory(path.join(folder, 'cache.db'), DESK_KEY));
    const items = createOutbox(openMemory(path.join(folder, 'outbox.db'), DESK_KEY)).all();
    const lines = items
      .filter(({ shown }) => shown)
      .map(({ label, visitId, patientId, operation }) =>
        operation === 'patients.register' ? `${label} ${patientId}` : `${label} ${visitId}`,
      );
    return missingOf(said, lines);
  });

/** The same of the clinic's own. */
export const faultsAtServer = ({ folder, said }: Loss): string[] =>
  faultsIn(() => {
    const file = path.join(folder, 'medlane.db');
    if (!existsSync(file)) return missingOf(said, []);
    const master = keyFromFile(path.join(folder, 'master.key'), true);
    const database = openSqlite(file, databaseKey(master.bytes), 'write');
    try {
      const check = database.pragma('integrity_check', { simple: true });
      if (check !== 'ok') return [`integrity_check says ${String(check)}`];
      if (said.length === 0) return [];
      const idsOf = (table: string) => database.prepare(`SELECT id FROM ${table}`).pluck().all() as string[];
      const [patients, visits] = [idsOf('patients'), idsOf('visits')];
      return missingOf(said, [
        'clinic hosted',
        ...patients.map((id) => `patient ${id}`),
        ...visits.map((id) => `visit ${id}`),
      ]);
    } finally {
      database.close();
    }
  });

function faultsIn(look: () => string[]): string[] {
  try {
    return look();
  } catch (error) {
    return [`${String(error)} ${String((error as Error).cause ?? '')}`];
  }
}

function missingOf(said: readonly string[], there: readonly string[]): string[] {
  const known = new Set(there);
  return said.filter((line) => !known.has(line)).map((line) => `“${line}” was said, and is not there`);
}
