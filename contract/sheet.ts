import * as z from 'zod';
import { STAFF } from '../domain/people.ts';
import { SHEET_KINDS } from '../domain/station.ts';
import { command, newestFirst, page, query } from './kit.ts';
import { id, instant, name } from './shapes.ts';

/** What was done at a desk without the server and did not fit: a person says what is true. */
export const sheetItem = z
  .object({
    id,
    kind: z.enum(SHEET_KINDS),
    station: z.string().meta({ description: 'The code of the desk that did it.' }),
    desk: z.string(),
    by: z.string(),
    operation: z.string(),
    refusal: z.string().nullable(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
    visitId: id.nullable(),
    token: z.string().nullable(),
    patientId: id.nullable(),
    patient: z.string().nullable(),
    otherPatientId: id.nullable(),
    otherPatient: z.string().nullable(),
    madeAt: instant,
    arrivedAt: instant,
    settledAt: instant.nullable(),
    settledBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'SheetItem' });

export const sheet = {
  list: query({
    route: 'GET /sheet',
    summary: 'The reconciliation sheet: what was done without the server and needs a person, newest first.',
    who: STAFF,
    input: z.object({ ...newestFirst, settled: z.enum(['open', 'settled', 'all']).default('open') }),
    output: page(sheetItem),
    errors: [],
  }),
  report: command({
    route: 'POST /sheet',
    summary: 'A desk reports what it had shown as done and the server refused. Only from a paired desk.',
    who: STAFF,
    input: z.object({
      commandId: id,
      operation: z.string().max(60),
      refusal: z.string().max(60),
      facts: z.record(z.string().max(60), z.union([z.string().max(300), z.number(), z.null()])),
      visitId: id.nullable(),
      patientId: id.nullable(),
    }),
    output: z.object({ id }),
    errors: ['only_station'],
    status: 201,
  }),
  settle: command({
    route: 'POST /sheet/{id}/settle',
    summary: 'Somebody decided what is true, and says how.',
    who: STAFF,
    input: z.object({ id, note: name(300) }),
    output: z.object({ id }),
    errors: ['not_found', 'settled'],
  }),
};
