import * as z from 'zod';
import { CARD_FORMATS, PAPER_LANGUAGES, SLIP_FORMATS } from '../domain/paper.ts';
import { command, download, integer } from './kit.ts';
import { day, id } from './shapes.ts';

/** Who prints for patients. */
const DESKS = ['receptionist', 'nurse', 'doctor', 'admin'] as const;

const language = z
  .enum(PAPER_LANGUAGES)
  .optional()
  .meta({ description: 'The language that the settings name for papers, when absent.' });
const copy = integer(1, 100_000).optional().meta({
  description: 'Which of the counted copies: 1 is the original. Without it, a preview that says that it is one.',
});
const counted = z.object({ copy: z.int() });
const media = ['application/pdf'] as const;
const output = z.string();

/** What comes out of a printer. A slip or a card is counted first, once for each time that somebody wants one. */
export const paper = {
  countSlip: command({
    route: 'POST /visits/{id}/slip-prints',
    summary: 'Counts one more slip of this token: which copy it is. Sent again under its id, it stays that copy.',
    who: DESKS,
    input: z.object({ id }),
    output: counted,
    errors: ['not_found'],
    status: 201,
    offline: 'copyAlone',
    perMinute: 6000,
  }),
  slip: download({
    route: 'GET /visits/{id}/slip',
    summary: 'The slip with the token, without any name.',
    who: DESKS,
    input: z.object({ id, format: z.enum(SLIP_FORMATS).optional(), language, copy }),
    output,
    errors: ['not_found', 'copy_not_counted'],
    media,
    audited: true,
    perMinute: 6000,
  }),
  summary: download({
    route: 'GET /visits/{id}/summary',
    summary: 'The summary of a visit, to take home or to another clinic; with the notes for those who may read them.',
    who: DESKS,
    input: z.object({ id, language }),
    output,
    errors: ['not_found'],
    media,
    audited: true,
  }),
  countCard: command({
    route: 'POST /patients/{id}/card-prints',
    summary: 'Counts one more card of this patient: which copy it is.',
    who: DESKS,
    input: z.object({ id }),
    output: counted,
    errors: ['not_found'],
    status: 201,
  }),
  card: download({
    route: 'GET /patients/{id}/card',
    summary: 'The patient’s card with the registration number as a QR code.',
    who: DESKS,
    input: z.object({ id, format: z.enum(CARD_FORMATS).default('cr80'), language, copy }),
    output,
    errors: ['not_found', 'copy_not_counted'],
    media,
    audited: true,
  }),
  dayReport: download({
    route: 'GET /reports/day',
    summary: 'The report of a clinic day: figures, charts, and the audit log’s last checkpoint.',
    who: ['admin'],
    input: z.object({ day: day.optional().meta({ description: 'Today when absent.' }), language }),
    output,
    errors: [],
    media,
    audited: true,
  }),
};
