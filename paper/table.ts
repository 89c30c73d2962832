import type { Office } from './office.ts';
import { INK, mm, style } from './page.ts';
import type { Paragraph, Style } from './text.ts';

export type Column = Readonly<{
  header: string;
  /** Its part of the width, beside the others'. */
  share: number;
  /** Numbers stand at the end, so that they can be compared. */
  end?: boolean;
  /** Somebody typed it: it has the direction of its own first letter. */
  typed?: boolean;
}>;

const PAD = { x: 4, y: 3 };
const SIZE = 9;

/** A table under its heading: together on one page while it is short, else with its head again on every page. */
export function drawTable(
  office: Office,
  heading: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  const { sheet, box } = office;
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const widths = columns.map(({ share }) => (share / shares) * box.width);
  const cellsOf = (texts: readonly string[], look: (column: Column) => Style): Paragraph[] =>
    columns.map((column, index) => sheet.set(texts[index] ?? '', look(column), (widths[index] as number) - 2 * PAD.x));
  const head = cellsOf(
    columns.map(({ header }) => header),
    ({ end }) => ({ ...style(8, 'bold', INK.muted), align: end ? 'end' : 'start' }),
  );
  const body = rows.map((row) =>
    cellsOf(row, ({ end, typed }) => ({
      ...style(SIZE),
      align: end ? 'end' : 'start',
      direction: typed ? 'auto' : sheet.direction,
    })),
  );
  const whole = body.reduce((sum, cells) => sum + heightOf(cells), heightOf(head));
  office.heading(heading, Math.min(whole, mm(110)));

  const table = sheet.part('Table');
  function drawRow(cells: readonly Paragraph[], y: number, tag: 'TH' | 'TD'): void {
    const row = sheet.part('TR', table);
    let offset = 0;
    for (const [index, cell] of cells.entries()) {
      const width = widths[index] as number;
      const x = sheet.fromStart(offset + PAD.x, width - 2 * PAD.x, box);
      sheet.put(tag, cell, x, y + PAD.y + dropOf(cells, cell), row);
      offset += width;
    }
    row.end();
  }
  function drawHead(): void {
    const height = heightOf(head);
    const y = office.take(height);
    sheet.decor(() => sheet.doc.rect(box.x, y, box.width, height).fill(INK.pale));
    drawRow(head, y, 'TH');
  }

  drawHead();
  for (const cells of body) {
    const height = heightOf(cells);
    if (office.room(height)) drawHead();
    const y = office.take(height);
    drawRow(cells, y, 'TD');
    sheet.decor(() => sheet.doc.rect(box.x, y + height, box.width, 0.5).fill(INK.line));
  }
  table.end();
  office.gap(mm(2));
}

/** Cells of different scripts stand on one baseline. */
const upOf = ({ lines }: Paragraph): number => lines[0]?.up ?? 0;
const dropOf = (cells: readonly Paragraph[], cell: Paragraph): number => Math.max(...cells.map(upOf)) - upOf(cell);
const heightOf = (cells: readonly Paragraph[]): number =>
  Math.max(...cells.map((cell) => cell.height + dropOf(cells, cell))) + 2 * PAD.y;
