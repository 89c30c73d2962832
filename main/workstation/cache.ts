import type { RowOf, SyncRow, SyncTable } from '../../contract/sync.ts';
import { fold, phoneDigits } from '../../domain/patient.ts';
import type { Memory } from './memory.ts';

/** Everything but the patients is small enough to be kept at hand; they may be twenty thousand. */
type Small = Exclude<SyncTable, 'patient'>;
type Tables = { [T in Small]: Map<string, RowOf<T>> };

export type Cache = Readonly<{
  /** Takes rows as the server gave them; one that is null is forgotten. All or none. */
  take: (rows: readonly SyncRow[], mark?: Mark) => void;
  mark: () => Mark | null;
  table: <T extends Small>(table: T) => ReadonlyMap<string, RowOf<T>>;
  patient: (id: string) => RowOf<'patient'> | null;
  /** Patients in whose text every one of these fragments stands. */
  find: (fragments: readonly string[], limit: number) => RowOf<'patient'>[];
  /** Keeps the server's last answer to a question that is about no record; null when there is none. */
  remember: (question: string, answer: unknown) => void;
  remembered: (question: string) => unknown;
  counts: () => Readonly<{ visits: number; patients: number }>;
  clear: () => void;
}>;

/**
 * How far this desk has read: which timeline, up to which change, and where a fill that is not at its end goes on; and how
 * far (ms) its clock was ahead of the server's then.
 */
export type Mark = Readonly<{ epoch: string; seq: number; cursor: string | null; at: number; skew: number }>;

/** What the server has confirmed, as this desk may keep it. */
export function createCache(memory: Memory): Cache {
  memory.exec(`
    CREATE TABLE IF NOT EXISTS rows (tbl TEXT NOT NULL, id TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (tbl, id)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS patients (id TEXT PRIMARY KEY, text TEXT NOT NULL, row TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS answers (question TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), mark TEXT NOT NULL);
  `);
  const put = memory.prepare('INSERT OR REPLACE INTO rows (tbl, id, row) VALUES (?, ?, ?)');
  const drop = memory.prepare('DELETE FROM rows WHERE tbl = ? AND id = ?');
  const putPatient = memory.prepare('INSERT OR REPLACE INTO patients (id, text, row) VALUES (?, ?, ?)');
  const dropPatient = memory.prepare('DELETE FROM patients WHERE id = ?');
  const getPatient = memory.prepare('SELECT row FROM patients WHERE id = ?').pluck();
  const setMark = memory.prepare('INSERT OR REPLACE INTO mark (one, mark) VALUES (1, ?)');
  const getMark = memory.prepare('SELECT mark FROM mark').pluck();
  const setAnswer = memory.prepare(
    'INSERT INTO answers (question, answer) VALUES (?, ?) ON CONFLICT DO UPDATE SET answer = excluded.answer WHERE answer <> excluded.answer',
  );
  const getAnswer = memory.prepare('SELECT answer FROM answers WHERE question = ?').pluck();
  const countPatients = memory.prepare('SELECT count(*) FROM patients').pluck();

  /** Counted once: going through twenty thousand sealed rows takes a while. */
  let patients: number | null = null;
  const tables = emptyTables();
  for (const { tbl, id, row } of memory.prepare('SELECT tbl, id, row FROM rows').all() as Stored[])
    (tables[tbl] as Map<string, unknown>)?.set(id, JSON.parse(row));

  const write = memory.transaction((rows: readonly SyncRow[], mark: Mark | undefined) => {
    for (const { table, id, row } of rows) {
      if (table === 'patient') {
        if (row) putPatient.run(id, textOf(row), JSON.stringify(row));
        else dropPatient.run(id);
      } else if (row) put.run(table, id, JSON.stringify(row));
      else drop.run(table, id);
    }
    if (mark) setMark.run(JSON.stringify(mark));
  });

  return {
    take(rows, mark) {
      write(rows, mark);
      if (rows.some(({ table }) => table === 'patient')) patients = null;
      for (const { table, id, row } of rows) {
        if (table === 'patient') continue;
        const at = tables[table] as Map<string, unknown>;
        if (row) at.set(id, row);
        else at.delete(id);
      }
    },
    mark: () => {
      const text = getMark.get() as string | undefined;
      return text ? (JSON.parse(text) as Mark) : null;
    },
    table: (table) => tables[table],
    patient(id) {
      const row = getPatient.get(id) as string | undefined;
      return row ? (JSON.parse(row) as RowOf<'patient'>) : null;
    },
    find(fragments, limit) {
      const where = fragments.map(() => 'text LIKE ?').join(' AND ') || '1';
      const rows = memory.prepare(`SELECT row FROM patients WHERE ${where} LIMIT ?`).pluck();
      const found = rows.all(...fragments.map((part) => `%${part}%`), limit) as string[];
      return found.map((row) => JSON.parse(row) as RowOf<'patient'>);
    },
    remember: (question, answer) => void setAnswer.run(question, JSON.stringify(answer)),
    remembered(question) {
      const answer = getAnswer.get(question) as string | undefined;
      return answer === undefined ? null : JSON.parse(answer);
    },
    counts() {
      patients ??= Number(countPatients.get());
      return { visits: tables.visit.size, patients };
    },
    clear() {
      memory.exec('DELETE FROM rows; DELETE FROM patients; DELETE FROM answers; DELETE FROM mark');
      for (const table of Object.values(tables)) table.clear();
      patients = null;
    },
  };
}

type Stored = { tbl: Small; id: string; row: string };

const emptyTables = (): Tables => ({
  clinic: new Map(),
  queue: new Map(),
  room: new Map(),
  board: new Map(),
  boardView: new Map(),
  person: new Map(),
  visit: new Map(),
  notes: new Map(),
});

/** What a patient is found by: the name without its accents, the number with and without its dashes, the phone's digits. */
export const textOf = ({ name, registrationNumber, otherNumbers, phone }: RowOf<'patient'>): string => {
  const numbers = [registrationNumber, ...otherNumbers].flatMap((number) => [fold(number), number.replace(/\W/g, '')]);
  return [fold(name), ...numbers, phone ? phoneDigits(phone) : ''].join(' ').toLowerCase().replace(/[%_]/g, ' ');
};
