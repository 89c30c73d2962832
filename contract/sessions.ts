import * as z from 'zod';
import { command, page, query } from './kit.ts';
import { id, instant, ok } from './shapes.ts';

/** Where a person is signed in. */
export const sessions = {
  list: query({
    route: 'GET /auth/sessions',
    summary: 'Where one is signed in now, the latest first.',
    who: 'anyone',
    input: z.object({}),
    output: page(
      z.object({
        id,
        device: z.string(),
        kind: z.enum(['browser', 'program', 'desktop']),
        origin: z
          .string()
          .meta({ description: 'The network address it began from; `local` is the server’s own computer.' }),
        since: instant,
        lastUsedAt: instant,
        own: z.boolean().meta({ description: 'The one that asks.' }),
      }),
    ),
    errors: [],
  }),
  end: command({
    route: 'DELETE /auth/sessions/{id}',
    summary: 'Ends one of one’s own sign-ins.',
    who: 'anyone',
    fresh: true,
    input: z.object({ id }),
    output: ok,
    errors: ['not_found', 'step_up'],
  }),
  endOthers: command({
    route: 'POST /auth/sessions/end-others',
    summary: 'Ends one’s sign-ins everywhere but here.',
    who: 'anyone',
    fresh: true,
    input: z.object({}),
    output: z.object({ ended: z.int() }),
    errors: ['step_up'],
  }),
};
