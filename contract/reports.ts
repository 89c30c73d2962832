import * as z from 'zod';
import { PAPER_LANGUAGES } from '../domain/paper.ts';
import { download } from './kit.ts';
import { day, id, instant } from './shapes.ts';

export const REPORT_FORMATS = ['csv', 'pdf'] as const;
const format = z.enum(REPORT_FORMATS).default('pdf');
const language = z.enum(PAPER_LANGUAGES).optional().meta({ description: 'Of a PDF; the clinic’s own when absent.' });
const time = { from: instant.optional(), to: instant.optional() };

const common = {
  who: ['admin'],
  fresh: true,
  audited: true,
  output: z.object({}),
  media: ['text/csv', 'application/pdf'],
} as const;

/** What an administrator prints, or hands on: each as a PDF, and as CSV for a spreadsheet. */
export const reports = {
  verification: download({
    ...common,
    route: 'GET /reports/verification',
    summary: 'How far everybody’s identity documents are.',
    input: z.object({ format, language }),
    errors: ['step_up'],
  }),
  signIns: download({
    ...common,
    route: 'GET /reports/sign-ins',
    summary: 'Who signed in, or tried to, and what was unusual about it. The last thirty days unless said.',
    input: z.object({ format, language, ...time }),
    errors: ['step_up'],
  }),
  person: download({
    ...common,
    route: 'GET /reports/people/{id}',
    summary: 'What one person did: their entries of the audit log. The last thirty days unless said.',
    input: z.object({ id, format, language, ...time }),
    errors: ['not_found', 'step_up'],
  }),
  security: download({
    ...common,
    route: 'GET /reports/security',
    summary: 'One day’s sign-ins, refusals, changes of access and what was unusual.',
    input: z.object({ day: day.optional().meta({ description: 'Today when absent.' }), format, language }),
    errors: ['step_up'],
  }),
};
