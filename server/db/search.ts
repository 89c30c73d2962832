import { and, desc, eq, inArray } from 'drizzle-orm';
import { distance } from 'fastest-levenshtein';
import { fold, phoneDigits, spellingKeys, words } from '../../domain/patient.ts';
import { nextNumber } from '../clinic.ts';
import { change, type Reader, statement } from './connection.ts';
import type { Tx } from './scope.ts';

/*
 * Finding patients while somebody types. Parts of three letters and more are found anywhere by full text (FTS5 trigram,
 * pg_trgm), two letters at the beginnings of words, and a misspelt word through the words that differ by one letter.
 */

/** What is indexed of a patient. */
export type Findable = Readonly<{
  patientId: string;
  branchId: string;
  name: string;
  phone: string | null;
  numbers: readonly string[];
  archived: boolean;
}>;

const textOf = ({ name, phone, numbers }: Findable): string =>
  [
    fold(name),
    phone ? phoneDigits(phone) : '',
    ...numbers.map((number) => `${number.toLowerCase()} ${number.replace(/[^0-9a-z]/gi, '').toLowerCase()}`),
  ]
    .filter(Boolean)
    .join(' · ');

const findRow = statement(({ db, t, p }) =>
  db
    .select({ row: t.patientSearch.row })
    .from(t.patientSearch)
    .where(eq(t.patientSearch.patientId, p('patientId'))),
);
const insertRow = change(({ db, t, p }) =>
  db.insert(t.patientSearch).values({
    row: p('row'),
    patientId: p('patientId'),
    branchId: p('branchId'),
    text: p('text'),
    archived: p('archived'),
  }),
);
const insertWord = change(({ db, t, p }) =>
  db
    .insert(t.patientWords)
    .values({ row: p('row'), word: p('word'), start: p('start') })
    .onConflictDoNothing(),
);
const findWord = statement(({ db, t, p }) =>
  db
    .select({ word: t.spellings.word })
    .from(t.spellings)
    .where(and(eq(t.spellings.key, p('word')), eq(t.spellings.word, p('word')))),
);
const insertSpelling = change(({ db, t, p }) =>
  db
    .insert(t.spellings)
    .values({ key: p('key'), word: p('word') })
    .onConflictDoNothing(),
);

/** Makes a patient findable, or findable by what changed. */
export async function indexPatient(tx: Tx, patient: Findable): Promise<void> {
  const { t } = tx;
  const known = await tx.row(findRow, { patientId: patient.patientId });
  const row = known?.row ?? (await nextNumber(tx, patient.branchId, 'patient-row'));
  const { patientId, branchId, archived } = patient;
  const text = textOf(patient);
  if (known) {
    await tx.db.update(t.patientSearch).set({ text, archived }).where(eq(t.patientSearch.row, row));
    await tx.db.delete(t.patientWords).where(eq(t.patientWords.row, row));
  } else {
    tx.send(insertRow, { row, patientId, branchId, text, archived });
  }
  for (const word of words(patient.name)) {
    tx.send(insertWord, { row, word, start: word.slice(0, 2) });
    if (await tx.row(findWord, { word })) continue;
    for (const key of spellingKeys(word)) tx.send(insertSpelling, { key, word });
  }
}

export type Search = Readonly<{ branchId: string; q: string; archived: boolean; limit: number }>;

/** Below this many exact answers, misspellings are looked for, too. */
const FEW = 5;

/** A part of what was typed: any of its spellings will do. */
type Part = readonly string[];

/** The ids of those who fit, best first. Fewer than two letters find nobody. */
export async function searchPatients(reader: Reader, search: Search): Promise<string[]> {
  const parts = partsOf(search.q);
  if (parts.flat().join('').length < 2) return [];
  const long = parts.filter(([part]) => (part as string).length >= 3);
  const short = parts.filter(([part]) => (part as string).length < 3).flat();
  if (long.length === 0) {
    const hits = await byStart(reader, search, short);
    const fitting = hits.filter(({ text }) => short.every((part) => ` ${text}`.includes(` ${part}`)));
    return ranked(fitting, parts).slice(0, search.limit);
  }
  const found = ranked(await byText(reader, search, long, short), parts);
  if (found.length >= FEW) return found.slice(0, search.limit);
  const similar = await misspelt(reader, search, long, short);
  return [...new Set([...found, ...similar])].slice(0, search.limit);
}

/** A number or phone is one part however it was grouped, with or without the zero in front; names are parts by word. */
function partsOf(q: string): Part[] {
  const compact = q.replace(/[\s().+/-]/g, '');
  if (/^\d{2,}$/.test(compact)) {
    const bare = compact.replace(/^0+/, '');
    return [bare.length >= 3 && bare !== compact ? [compact, bare] : [compact]];
  }
  // A desk's own number, `R2-P014`: neither half is a name.
  if (/^r\d+p\d{2,}$/i.test(compact)) return [[compact.toLowerCase()]];
  return fold(q)
    .split(' ')
    .filter(Boolean)
    .map((word) => [word]);
}

type Hit = { patientId: string; text: string };

/** Every part must occur, the short ones at the beginning of a word of the name. Newest patients first. */
async function byText(
  reader: Reader,
  { branchId, archived, limit }: Search,
  parts: readonly Part[],
  short: readonly string[],
): Promise<Hit[]> {
  const most = Math.max(limit, 20) * 3;
  const begins = short
    .map(() => ' AND EXISTS (SELECT 1 FROM patient_words w WHERE w."row" = s."row" AND w.word LIKE ?)')
    .join('');
  const beginnings = short.map((part) => `${part}%`);
  if (reader.dialect === 'sqlite') {
    const match = parts.map((part) => `(${part.map((word) => `"${word}"`).join(' OR ')})`).join(' AND ');
    return reader.raw<Hit>(
      `SELECT s.patient_id AS patientId, s.text AS text FROM patient_text f JOIN patient_search s ON s."row" = f.rowid
       WHERE patient_text MATCH ? AND s.branch_id = ? AND s.archived = ?${begins} ORDER BY f.rowid DESC LIMIT ?`,
      [match, branchId, Number(archived), ...beginnings, most],
    );
  }
  const like = parts.map((part) => `(${part.map(() => 's.text LIKE ?').join(' OR ')})`).join(' AND ');
  return reader.raw<Hit>(
    `SELECT s.patient_id AS "patientId", s.text FROM patient_search s
     WHERE ${like} AND s.branch_id = ? AND s.archived = ?${begins} ORDER BY s."row" DESC LIMIT ?`,
    [...parts.flat().map((word) => `%${word}%`), branchId, archived, ...beginnings, most],
  );
}

const findByStart = statement(({ db, t, p }) =>
  db
    .select({ patientId: t.patientSearch.patientId, text: t.patientSearch.text })
    .from(t.patientWords)
    .innerJoin(t.patientSearch, eq(t.patientSearch.row, t.patientWords.row))
    .where(
      and(
        eq(t.patientWords.start, p('start')),
        eq(t.patientSearch.branchId, p('branchId')),
        eq(t.patientSearch.archived, p('archived')),
      ),
    )
    .orderBy(desc(t.patientWords.row))
    .limit(p('limit')),
);

async function byStart(
  reader: Reader,
  { branchId, archived, limit }: Search,
  parts: readonly string[],
): Promise<Hit[]> {
  const start = parts.find((part) => part.length === 2);
  return start ? reader.rows(findByStart, { start, branchId, archived, limit: limit * 3 }) : [];
}

async function misspelt(
  reader: Reader,
  search: Search,
  parts: readonly Part[],
  short: readonly string[],
): Promise<string[]> {
  const groups = await Promise.all(
    parts.map(async (part) => (part.length > 1 ? part : similarWords(reader, part[0] as string))),
  );
  if (groups.every((group, index) => group.length === parts[index]?.length)) return [];
  return ranked(await byText(reader, search, groups, short), parts);
}

/** The word itself and known words at most one letter away (two in long ones), the nearest first. */
async function similarWords(reader: Reader, part: string): Promise<string[]> {
  if (part.length < 4 || /^\d+$/.test(part)) return [part];
  const { t, db } = reader;
  const rows = await db
    .selectDistinct({ word: t.spellings.word })
    .from(t.spellings)
    .where(inArray(t.spellings.key, spellingKeys(part)));
  const near = rows
    .map(({ word }) => ({ word, far: distance(part, word) }))
    .filter(({ far }) => far <= (part.length >= 8 ? 2 : part.length >= 4 ? 2 : 1))
    .sort((a, b) => a.far - b.far)
    .slice(0, 8);
  return [...new Set([part, ...near.map(({ word }) => word)])];
}

/** Those who have the part as a whole word, then at a word's beginning, then anywhere; newest first among equals. */
function ranked(hits: readonly Hit[], parts: readonly Part[]): string[] {
  const scoreOf = (text: string, word: string) =>
    text.includes(` ${word} `) ? 3 : text.includes(` ${word}`) ? 2 : text.includes(word) ? 1 : 0;
  const score = ({ text }: Hit) =>
    parts.reduce((sum, part) => sum + Math.max(...part.map((word) => scoreOf(` ${text} `, word))), 0);
  return hits
    .map((hit, order) => ({ id: hit.patientId, order, score: score(hit) }))
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map(({ id }) => id);
}
