import * as z from 'zod';
import { command, page, query, session } from './kit.ts';
import { id, name, ok } from './shapes.ts';

const branch = z
  .object({ id, code: z.string(), name: z.string(), timeZone: z.string(), people: z.int() })
  .meta({ id: 'Branch', description: 'A place of the clinic with queues, patients and people of its own.' });

const code = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9]{2,5}$/, 'Use two to five letters and digits.');

/** The places of a clinic. A super administrator is in one of them at a time. */
export const branches = {
  list: query({
    route: 'GET /branches',
    summary: 'The branches of this clinic, by code.',
    who: ['super_admin'],
    input: z.object({}),
    output: page(branch),
    errors: [],
  }),
  create: command({
    route: 'POST /branches',
    summary: 'Opens a branch, with a queue, a room and a board to begin with.',
    who: ['super_admin'],
    fresh: true,
    input: z.object({ code, name: name(100), timeZone: z.string().max(60).optional() }),
    output: branch,
    errors: ['branch_code_taken', 'step_up'],
    status: 201,
  }),
  enter: session({
    route: 'POST /branches/{id}/enter',
    summary: 'From now on this sign-in works in another branch. Not at a paired desk: that belongs to one.',
    who: ['super_admin'],
    input: z.object({ id }),
    output: ok,
    errors: ['not_found', 'only_elsewhere'],
  }),
};
