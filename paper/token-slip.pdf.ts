import type { SlipFormat } from '../domain/paper.ts';
import { A6, type Look, mm, openSheet, type Sheet } from './page.ts';
import { LATIN, type Paragraph, type Style, typeset } from './text.ts';

/** What a slip tells: nothing about who holds it, for it may be lost. */
export type SlipFacts = Readonly<{
  clinic: string;
  token: string;
  queue: string;
  /** The room that alone may call them. */
  room: string | null;
  /** How many are before them; null when they no longer wait. */
  ahead: number | null;
  wait: Readonly<{ low: number; high: number }> | null;
  arrivedAt: number;
  /** 1 is the original; null for a look at it before it is printed. */
  copy: number | null;
}>;

/** Width of the paper and what of it a printer reaches, in mm; sizes of the texts, in points; space between parts. */
const LAYOUTS = {
  '58': { width: 58, printed: 48, token: 52, text: 10, small: 8, gap: 5 },
  '80': { width: 80, printed: 72, token: 78, text: 12.5, small: 9.5, gap: 7 },
  a6: { width: 105, printed: 85, token: 92, text: 15, small: 11, gap: 9 },
} as const satisfies Record<SlipFormat, object>;

/** A thermal head knows no grey. */
const BLACK = '#000000';
/** Below the last line, so that the knife does not touch it. */
const TAIL = mm(5);

type Block = Readonly<{ height: number; draw: (sheet: Sheet, y: number) => void }>;

/** The slip that comes out at the front desk. On a roll the page is as long as what stands on it. */
export function tokenSlip(facts: SlipFacts, format: SlipFormat, look: Look): Promise<Uint8Array> {
  const { width, printed, token, text, small, gap } = LAYOUTS[format];
  const { t, moment, time } = look.words;
  const inner = mm(printed);
  const left = mm((width - printed) / 2);

  const centred = (size: number, weight: Style['weight'] = 'regular', color = BLACK): Style => ({
    size,
    weight,
    color,
    align: 'center',
  });
  const set = (words: string, style: Style, into = inner) => typeset(words, style, look.words, into);
  const block = (tag: string, paragraph: Paragraph): Block => ({
    height: paragraph.height,
    draw: (sheet, y) => sheet.put(tag, paragraph, left, y),
  });
  const rule: Block = {
    height: 1,
    draw: ({ decor, doc }, y) =>
      decor(() =>
        doc
          .lineWidth(0.8)
          .dash(1.6, { space: 1.6 })
          .moveTo(left, y + 0.5)
          .lineTo(left + inner, y + 0.5)
          .stroke(BLACK),
      ),
  };

  /** The one thing that is read from across the room: as large as the paper allows, without room for descenders. */
  function number(): Block {
    const one = typeset(facts.token, centred(1, 'bold'), LATIN).width;
    const size = Math.min(token, inner / one);
    const paragraph = typeset(facts.token, centred(size, 'bold'), LATIN, inner);
    return { height: size * 0.86, draw: (sheet, y) => sheet.put('H1', paragraph, left, y - size * 0.16) };
  }

  /** White on black: nobody takes a copy for the first slip. */
  function mark(words: string): Block {
    const label = typeset(words, centred(text, 'bold', '#ffffff'), look.words);
    const [w, h] = [label.width + 16, label.height + 4];
    const x = left + (inner - w) / 2;
    return {
      height: h,
      draw(sheet, y) {
        sheet.decor(() => sheet.doc.roundedRect(x, y, w, h, 3).fill(BLACK));
        sheet.put('P', label, x + 8, y + 2);
      },
    };
  }

  /** Two answers side by side: how many, how long. */
  function answers(cells: readonly (readonly [label: string, value: string])[]): Block {
    const pad = 5;
    const each = inner / cells.length;
    const parts = cells.map(([label, value]) => [
      set(label, centred(small), each - 2 * pad),
      set(value, centred(text, 'bold'), each - 2 * pad),
    ]);
    const height = Math.max(...parts.map((cell) => cell.reduce((sum, part) => sum + part.height, 0))) + 2 * pad;
    return {
      height,
      draw(sheet, y) {
        sheet.decor(() => {
          sheet.doc
            .lineWidth(0.9)
            .roundedRect(left + 0.5, y, inner - 1, height, 4)
            .stroke(BLACK);
          if (parts.length > 1)
            sheet.doc
              .moveTo(left + each, y)
              .lineTo(left + each, y + height)
              .stroke(BLACK);
        });
        for (const [index, cell] of parts.entries()) {
          const x = sheet.fromStart(index * each + pad, each - 2 * pad, { x: left, width: inner });
          const free = height - 2 * pad - cell.reduce((sum, part) => sum + part.height, 0);
          let top = y + pad + free / 2;
          for (const part of cell) {
            sheet.put('P', part, x, top);
            top += part.height;
          }
        }
      },
    };
  }

  const people = facts.ahead === 0 ? t('slip.nobody') : t('slip.people', { count: facts.ahead ?? 0 });
  const copy = facts.copy === null ? t('common.preview') : facts.copy > 1 ? t('common.copy', { n: facts.copy }) : null;
  const blocks: Block[] = [
    block('P', set(facts.clinic, { ...centred(text, 'bold'), direction: 'auto' })),
    rule,
    ...(copy ? [mark(copy)] : []),
    block('P', set(t('slip.number'), centred(small))),
    number(),
    block('P', set(facts.queue, { ...centred(text * 1.2, 'bold'), direction: 'auto' })),
    ...(facts.room ? [block('P', set(facts.room, { ...centred(text), direction: 'auto' }))] : []),
    ...(facts.ahead === null
      ? []
      : [
          answers([
            [t('slip.before'), people],
            [t('slip.wait'), look.words.range(facts.wait)],
          ]),
        ]),
    block('P', set(t('slip.foot'), centred(small))),
    rule,
    block('P', set(moment(facts.arrivedAt), centred(small))),
    // What a copy tells is how it was when it was printed.
    ...(facts.copy === 1 ? [] : [block('P', set(t('slip.printed', { time: time(look.printedAt) }), centred(small)))]),
  ];
  const content = blocks.reduce((sum, { height }) => sum + height, gap * (blocks.length - 1));
  const head = mm(3);
  const pageHeight = format === 'a6' ? Math.max(A6[1], content + 2 * head) : head + content + TAIL;
  const sheet = openSheet(look, [mm(width), pageHeight]);
  let y = format === 'a6' ? (pageHeight - content) / 2 : head;
  for (const { height, draw } of blocks) {
    draw(sheet, y);
    y += height + gap;
  }
  return sheet.bytes();
}
