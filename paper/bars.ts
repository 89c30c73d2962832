import type { Office } from './office.ts';
import { INK, mm, style } from './page.ts';

export type Bars = Readonly<{
  series: readonly Readonly<{ name: string; color: string }>[];
  /** One group of bars each; a value that is not known has no bar. */
  groups: readonly Readonly<{ label: string; values: readonly (number | null)[] }>[];
  height: number;
  /** How a value of the axis is written. */
  write: (value: number) => string;
  /** The steps that the axis may have; the smallest that gives at most five lines is taken. */
  steps: readonly number[];
  /** The same in words. */
  alt: string;
}>;

const SCALE_WIDTH = mm(14);
const LABEL_HEIGHT = mm(7);
const LEGEND_HEIGHT = mm(6);
const SMALL = style(8, 'regular', INK.muted);

/** Bars side by side over a scale that begins at nothing; in the order in which the language reads. */
export function drawBars(office: Office, { series, groups, height, write, steps, alt }: Bars): void {
  const { sheet, box } = office;
  const { doc } = sheet;
  const legend = office.take(LEGEND_HEIGHT + height);
  drawLegend(office, series, legend);
  const top = legend + LEGEND_HEIGHT + mm(2);
  const plot = { x: sheet.direction === 'ltr' ? box.x + SCALE_WIDTH : box.x, width: box.width - SCALE_WIDTH };
  const base = top + height - LABEL_HEIGHT - mm(2);
  const highest = Math.max(1, ...groups.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const step = steps.find((size) => highest / size <= 5) ?? Math.ceil(highest / 5);
  const scale = (base - top) / (Math.ceil(highest / step) * step);

  sheet.figure(alt, () => {
    for (let value = 0; value <= highest + step - 1e-9; value += step) {
      const y = base - value * scale;
      if (y < top - 1) break;
      doc.rect(plot.x, y - 0.25, plot.width, 0.5).fill(value === 0 ? INK.muted : INK.line);
      const label = sheet.set(write(value), { ...SMALL, align: 'end' }, SCALE_WIDTH - mm(2));
      sheet.draw(label, sheet.fromStart(0, label.width, box), y - label.height / 2);
    }
    const each = plot.width / groups.length;
    const bar = Math.min(mm(9), (each * 0.72) / series.length);
    for (const [at, { label, values }] of groups.entries()) {
      const middle = sheet.fromStart((at + 0.5) * each, 0, plot);
      for (const [index, value] of values.entries()) {
        if (!value) continue;
        const offset = (index - series.length / 2) * bar;
        const x = sheet.direction === 'ltr' ? middle + offset : middle - offset - bar;
        const tall = Math.max(1, value * scale);
        doc.rect(x + 0.5, base - tall, bar - 1, tall).fill(series[index]?.color ?? INK.accent);
      }
      const name = sheet.set(label, { ...SMALL, align: 'center', direction: 'auto' }, each);
      sheet.draw({ ...name, lines: name.lines.slice(0, 1) }, middle - each / 2, base + mm(1));
    }
  });
}

function drawLegend({ sheet, box }: Office, series: Bars['series'], y: number): void {
  let offset = 0;
  for (const { name, color } of series) {
    const label = sheet.set(name, style(8.5));
    sheet.decor(() =>
      sheet.doc.rect(sheet.fromStart(offset, mm(3), box), y + (LEGEND_HEIGHT - mm(3)) / 2, mm(3), mm(3)).fill(color),
    );
    sheet.put('P', label, sheet.fromStart(offset + mm(4.5), label.width, box), y + (LEGEND_HEIGHT - label.height) / 2);
    offset += mm(4.5) + label.width + mm(7);
  }
}
