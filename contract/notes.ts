import * as z from 'zod';
import { CALLERS } from '../domain/people.ts';
import { command, integer, newestFirst, page, query } from './kit.ts';
import { day, id, instant, text } from './shapes.ts';

/** What a clinician wrote about one visit. There is one for each visit, author and clinic day. */
export const visitNote = z
  .object({
    id,
    visitId: id,
    patientId: id,
    token: z.string(),
    clinicDay: day.meta({ description: 'The day of the visit.' }),
    authorId: id,
    author: z.string(),
    text: z.string(),
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'VisitNote' });

export const notes = {
  list: query({
    route: 'GET /patients/{id}/notes',
    summary: 'What clinicians wrote about a patient’s visits, newest first.',
    who: CALLERS,
    input: z.object({ id, ...newestFirst }),
    output: page(visitNote),
    errors: ['not_found'],
    audited: true,
  }),
  save: command({
    route: 'PUT /visits/{id}/note',
    summary: 'Keeps my note about this visit, as it stands now. From another day on, a new note is begun.',
    who: CALLERS,
    input: z.object({
      id,
      text: text(20_000),
      expectedVersion: integer(0, 1_000_000).optional().meta({
        description: 'The version that was shown; 0 when there was none. Another one by now is refused.',
      }),
    }),
    output: visitNote,
    errors: ['not_found', 'stale'],
    confidential: true,
    offline: 'noteAlone',
  }),
};
