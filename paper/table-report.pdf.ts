import { type Letterhead, openOffice } from './office.ts';
import { INK, type Look, mm, style } from './page.ts';
import { type Column, drawTable } from './table.ts';
import { drawTiles } from './tiles.ts';

export type TableFacts = Readonly<{
  letterhead: Letterhead;
  /** Who printed it. */
  by: string;
  heading: string;
  /** Whom or which time it is about. */
  about: string;
  /** Figures that stand above everything: what they are, and how much. */
  figures: readonly (readonly [label: string, value: string])[];
  tables: readonly Readonly<{
    heading: string;
    columns: readonly Column[];
    rows: readonly (readonly string[])[];
    /** What stands there instead when there is no row. */
    empty: string;
  }>[];
}>;

/** A report that is figures and tables: whatever it is about. */
export function tableReport(facts: TableFacts, look: Look): Promise<Uint8Array> {
  const office = openOffice(look, facts.letterhead, facts.by);
  office.text('H1', facts.heading, style(20, 'bold'));
  office.text('P', facts.about, style(11, 'regular', INK.muted));
  office.gap(mm(3));
  if (facts.figures.length > 0) drawTiles(office, facts.figures);
  for (const { heading, columns, rows, empty } of facts.tables) {
    if (rows.length > 0) drawTable(office, heading, columns, rows);
    else {
      office.heading(heading);
      office.text('P', empty, style(9.5));
    }
  }
  return office.bytes();
}
