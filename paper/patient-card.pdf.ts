import QRCode from 'qrcode';
import type { CardFormat } from '../domain/paper.ts';
import type { Weight } from './fonts.ts';
import { A4, CR80, INK, type Look, mm, openSheet, type Sheet, style } from './page.ts';
import { LATIN, typeset } from './text.ts';

export type CardFacts = Readonly<{
  clinic: string;
  phone: string | null;
  name: string;
  identified: boolean;
  number: string;
  birthDate: string | null;
  birthDateEstimated: boolean;
  /** 1 is the original; null for a look at it before it is printed. */
  copy: number | null;
}>;

const [WIDTH, HEIGHT] = CR80;
const RADIUS = mm(3.18);
const PAD = mm(4.5);
const QR = mm(23);

/** A card to keep: on card stock of its own size, or on a sheet to cut out. */
export function patientCard(facts: CardFacts, format: CardFormat, look: Look): Promise<Uint8Array> {
  const sheet = openSheet(look, format === 'cr80' ? CR80 : A4);
  if (format === 'a4') {
    const [x, y] = [mm(20), mm(20)];
    sheet.decor(() =>
      sheet.doc.lineWidth(0.6).dash(3, { space: 3 }).roundedRect(x, y, WIDTH, HEIGHT, RADIUS).stroke(INK.muted),
    );
    sheet.doc.translate(x, y);
  }
  drawCard(sheet, facts, look, format === 'cr80' ? 0 : RADIUS);
  return sheet.bytes();
}

function drawCard(sheet: Sheet, facts: CardFacts, { words }: Look, radius: number): void {
  const { t } = words;
  const { doc } = sheet;
  const inner = { x: PAD, width: WIDTH - 2 * PAD };
  const band = mm(11);
  sheet.decor(() => {
    doc.roundedRect(0, 0, WIDTH, HEIGHT, radius).clip();
    doc.rect(0, 0, WIDTH, band).fill(INK.accent);
  });
  const copy =
    facts.copy === null
      ? t('common.preview')
      : facts.copy > 1
        ? t('common.copy', { n: facts.copy })
        : t('card.heading');
  const kind = sheet.set(
    copy,
    { ...style(7.5, facts.copy === 1 ? 'regular' : 'bold', '#ffffff'), align: 'end' },
    mm(22),
  );
  const clinic = fitted(sheet, facts.clinic, 10.5, inner.width - mm(23), 'bold', '#ffffff', 1);
  sheet.put('P', clinic, sheet.fromStart(0, clinic.width, inner), (band - clinic.height) / 2);
  sheet.put('P', kind, sheet.fromStart(inner.width - mm(22), mm(22), inner), (band - kind.height) / 2);

  const text = inner.width - QR - mm(4);
  const born = facts.birthDate
    ? facts.birthDateEstimated
      ? t('card.bornAbout', { year: facts.birthDate.slice(0, 4) })
      : t('card.born', { day: words.day(facts.birthDate) })
    : t('card.bornUnknown');
  const parts = [
    ['H1', fitted(sheet, facts.identified ? facts.name : t('card.unidentified'), 13, text, 'bold', INK.text, 2), 0],
    ['P', sheet.set(born, style(8.5), text), 2],
    ['P', sheet.set(t('card.number'), style(7, 'regular', INK.muted), text), 6],
    ['P', typeset(facts.number, style(12.5, 'bold'), LATIN, text), 0],
  ] as const;
  const phone = sheet.set(facts.phone ? t('common.phone', { phone: facts.phone }) : '', {
    ...style(6.5, 'regular', INK.muted),
    align: 'end',
  });
  const foot = fitted(sheet, t('card.bring'), 6.5, inner.width - phone.width - mm(3), 'regular', INK.muted, 1);
  const footTop = HEIGHT - mm(2.5) - foot.height;
  const height = parts.reduce((sum, [, part, gap]) => sum + part.height + gap, 0);
  let y = band + Math.max(mm(1), (footTop - band - height) / 2);
  for (const [tag, part, gap] of parts) {
    y += gap;
    sheet.put(tag, part, sheet.fromStart(0, text, inner), y);
    y += part.height;
  }
  sheet.figure(t('card.qr', { number: facts.number }), () =>
    drawQr(sheet, facts.number, sheet.fromStart(inner.width - QR, QR, inner), band + (footTop - band - QR) / 2),
  );
  sheet.put('P', foot, sheet.fromStart(0, foot.width, inner), footTop);
  if (facts.phone) sheet.put('P', phone, sheet.fromStart(inner.width - phone.width, phone.width, inner), footTop);
}

/** As large as it can be in so many lines. */
function fitted(sheet: Sheet, text: string, size: number, width: number, weight: Weight, color: string, lines: number) {
  for (let points = size; ; points -= 0.5) {
    const paragraph = sheet.set(text, { ...style(points, weight, color), direction: 'auto' }, width);
    if (paragraph.lines.length <= lines || points <= 6) return paragraph;
  }
}

/** Level M: a fifth of it may be scratched. Drawn as rows of black, so that it is sharp on any printer. */
function drawQr({ doc }: Sheet, text: string, x: number, y: number): void {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  const each = QR / size;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let run = 0;
      while (column + run < size && data[row * size + column + run]) run += 1;
      if (run > 0) doc.rect(x + column * each, y + row * each, run * each, each + 0.05);
      column += run;
    }
  }
  doc.fill('#000000');
}
