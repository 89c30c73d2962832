import { ageOn, type Sex } from '../domain/patient.ts';
import type { StepState } from '../domain/visit.ts';
import { type Letterhead, type Office, openOffice } from './office.ts';
import { INK, type Look, mm, style } from './page.ts';
import { drawTable } from './table.ts';
import { LATIN, typeset } from './text.ts';
import type { Words } from './words.ts';

export type SummaryFacts = Readonly<{
  letterhead: Letterhead;
  by: string;
  token: string;
  day: string;
  arrivedAt: number;
  reason: string | null;
  patient: Readonly<{
    name: string;
    identified: boolean;
    number: string;
    birthDate: string | null;
    birthDateEstimated: boolean;
    sex: Sex;
    allergies: readonly Readonly<{ substance: string; reaction: string | null }>[];
  }>;
  steps: readonly Readonly<{
    queue: string;
    room: string | null;
    staff: string | null;
    waitingSince: number;
    calledAt: number | null;
    endedAt: number | null;
    state: StepState;
  }>[];
  /** What was written about the visit; null when whoever prints this may not read it. */
  notes: readonly Readonly<{ text: string; author: string; at: number }>[] | null;
}>;

/** What the patient takes home, or another clinic gets: who, when, what happened, signed. */
export function visitSummary(facts: SummaryFacts, look: Look): Promise<Uint8Array> {
  const { words } = look;
  const { t } = words;
  const office = openOffice(look, facts.letterhead, facts.by);
  office.text('H1', t('summary.heading'), style(20, 'bold'));
  office.gap(mm(2));
  drawPatient(office, facts, words);
  drawAllergies(office, facts.patient.allergies, words);
  const free = { ...style(10.5), direction: 'auto' } as const;
  if (facts.reason) {
    office.heading(t('summary.reason'));
    office.text('P', facts.reason, free);
  }
  drawSteps(office, facts, words);
  if (facts.notes) drawNotes(office, facts.notes, words);
  drawSignature(office, words);
  return office.bytes();
}

function drawPatient({ sheet, box, take, gap }: Office, facts: SummaryFacts, words: Words): void {
  const { t } = words;
  const { patient } = facts;
  const age =
    patient.birthDate &&
    t(patient.birthDateEstimated ? 'summary.ageAbout' : 'summary.age', {
      years: words.number(ageOn(patient.birthDate, facts.day)),
    });
  const pairs: [string, string][] = [
    [t('summary.number'), patient.number],
    [t(`sex.${patient.sex}`), age ?? t('card.bornUnknown')],
    [t('summary.day'), words.day(facts.day)],
    [t('summary.arrived'), words.time(facts.arrivedAt)],
  ];
  const pad = 10;
  const tokenWidth = mm(34);
  const inner = box.width - 2 * pad;
  const name = sheet.set(
    patient.identified ? patient.name : t('card.unidentified'),
    { ...style(15, 'bold'), direction: 'auto' },
    inner - tokenWidth,
  );
  const token = typeset(facts.token, { ...style(20, 'bold', INK.accent), align: 'end' }, LATIN, tokenWidth);
  const each = inner / pairs.length;
  const cells = pairs.map(([label, value]) => ({
    label: sheet.set(label, style(8.5, 'regular', INK.muted), each - 6),
    value: sheet.set(value, { ...style(10.5, 'bold'), direction: 'auto' }, each - 6),
  }));
  const labels = Math.max(...cells.map(({ label }) => label.height));
  const heads = Math.max(name.height, token.height);
  const height = 2 * pad + heads + 4 + labels + Math.max(...cells.map(({ value }) => value.height));
  const y = take(height);
  const area = { x: box.x + pad, width: inner };
  sheet.decor(() => sheet.doc.roundedRect(box.x, y, box.width, height, 5).fill(INK.pale));
  sheet.put('H2', name, sheet.fromStart(0, inner - tokenWidth, area), y + pad);
  sheet.put('P', token, sheet.fromStart(inner - tokenWidth, tokenWidth, area), y + pad + (heads - token.height) / 2);
  for (const [index, { label, value }] of cells.entries()) {
    const x = sheet.fromStart(index * each, each - 6, area);
    sheet.put('P', label, x, y + pad + heads + 4);
    sheet.put('P', value, x, y + pad + heads + 4 + labels);
  }
  gap(mm(3));
}

/** The one thing that must not be overlooked. */
function drawAllergies(
  { sheet, box, take }: Office,
  allergies: SummaryFacts['patient']['allergies'],
  words: Words,
): void {
  const { t } = words;
  const known = allergies.length > 0;
  const named = allergies.map(({ substance, reaction }) => (reaction ? `${substance} (${reaction})` : substance));
  const pad = 8;
  const label = known ? sheet.set(t('summary.allergies'), style(9, 'bold', INK.alert), box.width - 2 * pad) : null;
  const text = sheet.set(
    known ? words.list(named) : t('summary.noAllergies'),
    known ? style(12, 'bold', INK.alert) : style(10, 'regular', INK.muted),
    box.width - 2 * pad,
  );
  const height = (label?.height ?? 0) + text.height + 2 * pad - 4;
  const y = take(height);
  sheet.decor(() => {
    sheet.doc.lineWidth(known ? 1.4 : 0.8).roundedRect(box.x, y, box.width, height, 5);
    sheet.doc.stroke(known ? INK.alert : INK.line);
  });
  if (label) sheet.put('P', label, box.x + pad, y + pad - 2);
  sheet.put('P', text, box.x + pad, y + pad - 2 + (label?.height ?? 0));
}

function drawSteps(office: Office, { steps }: SummaryFacts, { t, time }: Words): void {
  const none = t('common.none');
  const at = (instant: number | null) => (instant === null ? none : time(instant));
  drawTable(
    office,
    t('summary.course'),
    [
      { header: t('summary.queue'), share: 3, typed: true },
      { header: t('summary.room'), share: 1.6, typed: true },
      { header: t('summary.staff'), share: 2.6, typed: true },
      { header: t('summary.from'), share: 1.8 },
      { header: t('summary.called'), share: 1.6 },
      { header: t('summary.ended'), share: 1.6 },
      { header: t('summary.outcome'), share: 2 },
    ],
    steps.map((step) => [
      step.queue,
      step.room ?? none,
      step.staff ?? none,
      at(step.waitingSince),
      at(step.calledAt),
      at(step.endedAt),
      t(`state.${step.state}`),
    ]),
  );
}

function drawNotes(office: Office, notes: NonNullable<SummaryFacts['notes']>, { t, time }: Words): void {
  office.heading(t('summary.notes'));
  if (notes.length === 0) office.text('P', t('summary.noNotes'), style(10, 'regular', INK.muted));
  for (const { text, author, at } of notes) {
    office.text('P', text, { ...style(10.5), direction: 'auto' });
    office.text('P', t('summary.noteBy', { author, time: time(at) }), style(8.5, 'regular', INK.muted));
    office.gap(mm(2.5));
  }
}

/** Two lines to write on, at the foot of the last page. */
function drawSignature({ sheet, box, gap, sink }: Office, { t }: Words): void {
  gap(mm(6));
  const y = sink(mm(20));
  const lines = [
    { label: t('summary.date'), offset: 0, width: mm(45) },
    { label: t('summary.signature'), offset: box.width - mm(80), width: mm(80) },
  ];
  for (const { label, offset, width } of lines) {
    const x = sheet.fromStart(offset, width, box);
    sheet.decor(() => sheet.doc.rect(x, y + mm(11), width, 0.7).fill(INK.muted));
    sheet.put('P', sheet.set(label, style(8.5, 'regular', INK.muted), width), x, y + mm(12));
  }
}
