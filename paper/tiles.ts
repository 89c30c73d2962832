import type { Office } from './office.ts';
import { INK, mm, style } from './page.ts';
import { LATIN, typeset } from './text.ts';

/** A few figures side by side, each under what it is. */
export function drawTiles(office: Office, tiles: readonly (readonly [label: string, value: string])[]): void {
  const { sheet, box } = office;
  const gap = mm(2.5);
  const width = (box.width - gap * (tiles.length - 1)) / tiles.length;
  const parts = tiles.map(([label, value]) => ({
    label: sheet.set(label, style(8.5, 'regular', INK.muted), width - 12),
    // A bare number needs no room for the letters of its language.
    value: /^[\d.,]+$/.test(value)
      ? typeset(value, style(17, 'bold'), LATIN, width - 12)
      : sheet.set(value, style(14, 'bold'), width - 12),
  }));
  const labels = Math.max(...parts.map(({ label }) => label.height));
  const height = labels + Math.max(...parts.map(({ value }) => value.height)) + 10;
  const y = office.take(height);
  for (const [index, { label, value }] of parts.entries()) {
    const x = sheet.fromStart(index * (width + gap), width, box);
    sheet.decor(() => sheet.doc.roundedRect(x, y, width, height, 4).fill(INK.pale));
    sheet.put('P', label, x + 6, y + 5);
    sheet.put('P', value, x + 6, y + 5 + labels);
  }
  office.gap(mm(2));
}
