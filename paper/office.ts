import { A4, INK, type Look, mm, openSheet, type Sheet, style } from './page.ts';
import type { Style } from './text.ts';

/** Who a paper is from, as the settings say. */
export type Letterhead = Readonly<{
  clinic: string;
  address: string | null;
  phone: string | null;
  /** The last line of every page. */
  footer: string | null;
  /** PNG. */
  logo: Uint8Array | null;
}>;

const MARGIN = mm(18);
const BOX = { x: MARGIN, width: A4[0] - 2 * MARGIN };
const FOOT = A4[1] - mm(16);
const BOTTOM = FOOT - mm(5);
const HEADING = style(12, 'bold', INK.accent);
const LOGO = { width: mm(42), height: mm(18) };

/** An office paper being written from top to bottom, over as many pages as it needs. */
export type Office = Readonly<{
  sheet: Sheet;
  box: typeof BOX;
  /** Takes so much of the page, or of a new one where it does not fit, and answers where that begins. */
  take: (height: number) => number;
  /** Begins another page when so much does not fit on this one; whether it did. */
  room: (height: number) => boolean;
  gap: (points: number) => void;
  text: (tag: string, text: string, look: Style) => void;
  /** With so much of what follows on the same page. */
  heading: (text: string, together?: number) => void;
  /** Moves to where the last so many points of the page begin. */
  sink: (height: number) => number;
  bytes: () => Promise<Uint8Array>;
}>;

export function openOffice(look: Look, letterhead: Letterhead, by: string): Office {
  const sheet = openSheet(look, A4);
  let y = drawLetterhead(sheet, letterhead, look);

  const room = (height: number) => {
    if (y + height <= BOTTOM) return false;
    sheet.newPage();
    y = mm(18);
    return true;
  };
  const take = (height: number) => {
    room(height);
    const top = y;
    y += height;
    return top;
  };
  const text: Office['text'] = (tag, words, of) => {
    const paragraph = sheet.set(words, of, BOX.width);
    // Line by line, so that a long text goes on overleaf.
    const element = sheet.part(tag);
    for (const line of paragraph.lines) {
      const height = line.up + line.down;
      const one = { ...paragraph, lines: [line], height };
      const top = take(height);
      sheet.put('Span', one, BOX.x, top, element);
    }
    element.end();
  };
  return {
    sheet,
    box: BOX,
    take,
    room,
    text,
    gap(points) {
      y += points;
    },
    heading(words, together = mm(12)) {
      y += mm(5);
      const height = sheet.set(words, HEADING, BOX.width).height + mm(1.5);
      room(height + together);
      text('H2', words, HEADING);
      y += mm(1.5);
    },
    sink(height) {
      y = Math.max(take(height), BOTTOM - height);
      return y;
    },
    bytes() {
      drawFeet(sheet, letterhead, look, by);
      return sheet.bytes();
    },
  };
}

function drawLetterhead(sheet: Sheet, { clinic, address, phone, logo }: Letterhead, { words }: Look): number {
  const top = mm(14);
  const picture = logo ? { bytes: Buffer.from(logo), width: logoWidth(logo) } : null;
  const beside = picture ? picture.width + mm(6) : 0;
  const width = BOX.width - beside;
  if (picture)
    sheet.decor(() =>
      sheet.doc.image(picture.bytes, sheet.fromStart(0, picture.width, BOX), top, { width: picture.width }),
    );
  const small: Style = { ...style(9, 'regular', INK.muted), direction: 'auto' };
  const parts = [
    sheet.set(clinic, { ...style(16, 'bold', INK.accent), direction: 'auto' }, width),
    ...(address ? [sheet.set(address, small, width)] : []),
    ...(phone ? [sheet.set(words.t('common.phone', { phone }), { ...small, direction: sheet.direction }, width)] : []),
  ];
  let y = top;
  for (const part of parts) {
    sheet.put('P', part, sheet.fromStart(beside, width, BOX), y);
    y += part.height;
  }
  const end = Math.max(y, logo ? top + LOGO.height : 0) + mm(3);
  sheet.decor(() => sheet.doc.rect(BOX.x, end, BOX.width, 1.2).fill(INK.accent));
  return end + mm(7);
}

/** As wide as its height allows; the picture's own measures stand in the head of the file. */
function logoWidth(png: Uint8Array): number {
  const head = new DataView(png.buffer, png.byteOffset);
  return Math.min(LOGO.width, (LOGO.height * head.getUint32(16)) / head.getUint32(20));
}

/** When every page is there: what the clinic says below, who printed it, and which page of how many this is. */
function drawFeet(sheet: Sheet, { footer }: Letterhead, { words, printedAt }: Look, by: string): void {
  const { doc } = sheet;
  const { count } = doc.bufferedPageRange();
  const small = style(8, 'regular', INK.muted);
  const printed = words.t('common.printed', { at: words.moment(printedAt), by });
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page);
    sheet.decor(() => {
      doc.rect(BOX.x, FOOT, BOX.width, 0.6).fill(INK.line);
      const number = sheet.set(
        words.t('common.page', { page: page + 1, pages: count }),
        { ...small, align: 'end' },
        mm(40),
      );
      const line = sheet.set(footer ? `${footer}\n${printed}` : printed, small, BOX.width - mm(42));
      sheet.draw(line, sheet.fromStart(0, line.width, BOX), FOOT + mm(1.5));
      sheet.draw(number, sheet.fromStart(BOX.width - mm(40), mm(40), BOX), FOOT + mm(1.5));
    }, 'Pagination');
  }
}
