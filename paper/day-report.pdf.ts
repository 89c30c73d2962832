import type { DayFigures } from '../domain/day-report.ts';
import type { Accuracy } from '../domain/wait-estimate.ts';
import { drawBars } from './bars.ts';
import { type Letterhead, type Office, openOffice } from './office.ts';
import { INK, type Look, mm, style } from './page.ts';
import { drawTable } from './table.ts';
import { isolate, LATIN, typeset } from './text.ts';
import { drawTiles } from './tiles.ts';
import type { Words } from './words.ts';

export type ReportFacts = Readonly<{
  letterhead: Letterhead;
  /** Who printed it. */
  by: string;
  /** The clinic day, `YYYY-MM-DD`. */
  day: string;
  /** The day is not over. */
  goesOn: boolean;
  figures: DayFigures;
  queues: Readonly<Record<string, Readonly<{ code: string; name: string }>>>;
  accuracy: Accuracy | null;
  /** The last signed checkpoint of the audit log. */
  seal: Readonly<{ seq: number; at: number; hash: string; signature: string }> | null;
}>;

const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const OUTCOMES = ['done', 'no_show', 'left', 'cancelled', 'open'] as const;

/** The day on a page: what came, how long people waited, whether they were told the truth, and the audit log's seal. */
export function dayReport(facts: ReportFacts, look: Look): Promise<Uint8Array> {
  const { figures, day, goesOn, by, letterhead, seal } = facts;
  const { words } = look;
  const { t } = words;
  const office = openOffice(look, letterhead, by);
  office.text('H1', t('report.heading'), style(20, 'bold'));
  office.text('P', words.longDay(day), style(11, 'regular', INK.muted));
  if (goesOn) office.text('P', t('report.soFar'), style(9.5, 'bold', INK.alert));
  office.gap(mm(3));

  drawTiles(office, [
    [t('report.issued'), words.number(figures.issued)],
    ...OUTCOMES.map((outcome) => [t(`report.${outcome}`), words.number(figures.outcomes[outcome])] as const),
  ]);
  if (figures.issued === 0) office.text('P', t('report.nobody'), style(10));
  else {
    drawWaits(office, facts, words);
    drawHours(office, figures, words);
    drawQueues(office, facts, words);
  }
  drawSeal(office, seal, words);
  return office.bytes();
}

function drawWaits(office: Office, { figures, accuracy }: ReportFacts, words: Words): void {
  const { waits } = figures;
  const { t, duration } = words;
  office.heading(t('report.waiting'));
  const told = (value: number | null) => (value === null ? t('common.notEnough') : duration(value));
  drawTiles(office, [
    [t('report.median'), told(waits.median)],
    [t('report.p90'), told(waits.p90)],
    [t('report.longest'), told(waits.longest)],
  ]);
  const small = style(9, 'regular', INK.muted);
  const order = figures.outOfOrder > 0 ? ` ${t('report.outOfOrder', { count: figures.outOfOrder })}` : '';
  office.text('P', t('report.waitingText', { count: waits.calls }) + order, small);
  office.gap(mm(1.5));
  const kept = accuracy && {
    share: words.percent(accuracy.kept / accuracy.promised),
    kept: words.number(accuracy.kept),
    promised: words.number(accuracy.promised),
  };
  office.text(
    'P',
    `${t('report.promises')} ${kept ? t('report.kept', kept) : `${t('common.notEnough')}.`}`,
    style(9.5),
  );
  if (accuracy)
    office.text(
      'P',
      t('report.pinball', { ours: duration(accuracy.pinball), mean: duration(accuracy.pinballOfMean) }),
      small,
    );
}

function drawHours(office: Office, { hours }: DayFigures, { t, number }: Words): void {
  office.heading(t('report.byHour'));
  const hourText = (hour: number) => isolate(`${String(hour).padStart(2, '0')}:00`);
  const items = hours.map(({ hour, tokens, calls }) => t('report.hourItem', { hour: hourText(hour), tokens, calls }));
  drawBars(office, {
    series: [
      { name: t('report.tokens'), color: INK.accent },
      { name: t('report.calls'), color: '#79b7c8' },
    ],
    groups: hours.map(({ hour, tokens, calls }) => ({ label: hourText(hour), values: [tokens, calls] })),
    height: mm(40),
    write: number,
    steps: COUNTS,
    alt: t('report.hourAlt', { hours: items.join('; ') }),
  });
}

function drawQueues(office: Office, { figures, queues }: ReportFacts, words: Words): void {
  const { t, number, duration } = words;
  const nameOf = (id: string) => `${isolate(queues[id]?.code ?? '')} · ${isolate(queues[id]?.name ?? '')}`;
  const told = (value: number | null) => (value === null ? t('common.notEnough') : duration(value));
  drawTable(
    office,
    t('report.byQueue'),
    [
      { header: t('report.queue'), share: 3.6 },
      { header: t('report.steps'), share: 2, end: true },
      ...OUTCOMES.map((outcome) => ({ header: t(`report.${outcome}`), share: 1.9, end: true })),
      { header: t('report.medianShort'), share: 2.2, end: true },
      { header: t('report.p90Short'), share: 2.2, end: true },
    ],
    figures.queues.map(({ queueId, came, outcomes, waits }) => [
      nameOf(queueId),
      number(came),
      ...OUTCOMES.map((outcome) => number(outcomes[outcome])),
      told(waits.median),
      told(waits.p90),
    ]),
  );
}

/** Seen outside the server, a checkpoint tells whether the end of the log was ever cut off. */
function drawSeal(office: Office, seal: ReportFacts['seal'], { t, moment, number }: Words): void {
  const { sheet, box } = office;
  const pad = 9;
  const area = { x: box.x + pad, width: box.width - 2 * pad };
  const title = sheet.set(t('report.seal'), style(10, 'bold'), area.width);
  const text = seal ? t('report.sealText', { seq: number(seal.seq), at: moment(seal.at) }) : t('report.noSeal');
  const told = sheet.set(text, style(8.5), area.width);
  const codes = seal ? [code('report.hash', seal.hash), code('report.signature', seal.signature.slice(0, 32))] : [];

  /** A code as groups of eight, to be compared by eye, beside what it is. */
  function code(name: string, letters: string) {
    const label = sheet.set(t(name), style(8, 'regular', INK.muted), LABEL);
    const groups = (letters.match(/.{1,8}/g) ?? []).join(' ');
    return { label, value: typeset(groups, style(8), LATIN, area.width - LABEL) };
  }

  const rows = codes.reduce((sum, { label }) => sum + label.height, 0);
  const height = title.height + told.height + rows + 2 * pad;
  office.gap(mm(4));
  let y = office.sink(height);
  sheet.decor(() => sheet.doc.lineWidth(0.8).roundedRect(box.x, y, box.width, height, 4).stroke(INK.line));
  y += pad;
  for (const part of [title, told]) {
    sheet.put('P', part, area.x, y);
    y += part.height;
  }
  for (const { label, value } of codes) {
    sheet.put('P', label, sheet.fromStart(0, LABEL, area), y);
    sheet.put('P', value, sheet.fromStart(LABEL, area.width - LABEL, area), y + (label.height - value.height) / 2);
    y += label.height;
  }
}

const LABEL = mm(32);
