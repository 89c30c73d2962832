import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { Column, TableFacts, Words } from '../../paper/paper.ts';
import { iso } from '../ports.ts';

/** One value: as a spreadsheet reads it, and as a person does. */
export type Cell = Readonly<{ raw: string | number; shown: (words: Words) => string }>;

export const text = (value: string | null): Cell => ({ raw: value ?? '', shown: () => value || '–' });
export const number = (value: number): Cell => ({ raw: value, shown: (words) => words.number(value) });
export const moment = (at: number | null): Cell => ({
  raw: at === null ? '' : iso(at),
  shown: (words) => (at === null ? '–' : words.moment(at)),
});
/** A code that has words in every language, under `reports.<group>_<code>`. */
export const code = (group: string, ...values: readonly string[]): Cell => ({
  raw: values.join(' '),
  shown: ({ t, list }) => (values.length > 0 ? list(values.map((value) => t(`reports.${group}_${value}`))) : '–'),
});

export type Table = Readonly<{
  /** The name of its heading and of each column are words under `reports.`; a column's is its name in the CSV. */
  heading: string;
  columns: readonly (Omit<Column, 'header'> & Readonly<{ name: string }>)[];
  rows: readonly (readonly Cell[])[];
}>;
export type Report = Readonly<{
  /** `reports.<name>` is its heading; its file is called so as well. */
  name: string;
  about: (words: Words) => string;
  figures: readonly (readonly [label: string, value: Cell])[];
  /** The first is what the CSV holds. */
  tables: readonly [Table, ...Table[]];
}>;

/** So many rows are printed of each table: what is more belongs into a spreadsheet, and the paper says so. */
const PRINTED = 1000;

export function factsOf({ name, about, figures, tables }: Report, words: Words): Omit<TableFacts, 'letterhead' | 'by'> {
  const { t } = words;
  const cut = ({ rows }: Table): string => {
    const counts = { shown: words.number(PRINTED), all: words.number(rows.length) };
    return rows.length > PRINTED ? ` · ${t('reports.cut', counts)}` : '';
  };
  return {
    heading: t(`reports.${name}`),
    about: about(words),
    figures: figures.map(([label, value]) => [t(`reports.${label}`), value.shown(words)]),
    tables: tables.map((table) => ({
      heading: t(`reports.${table.heading}`) + cut(table),
      columns: table.columns.map(({ name: column, ...look }) => ({ header: t(`reports.${column}`), ...look })),
      rows: table.rows.slice(0, PRINTED).map((row) => row.map((cell) => cell.shown(words))),
      empty: t('reports.nothing'),
    })),
  };
}

export const csvOf = ({ tables: [{ columns, rows }] }: Report) =>
  Readable.from(rows.map((row) => row.map(({ raw }) => raw))).pipe(
    stringify({
      header: true,
      columns: columns.map(({ name }) => name),
      escape_formulas: true,
      record_delimiter: 'windows',
    }),
  );
