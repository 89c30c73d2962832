import * as z from 'zod';
import { command, query } from './kit.ts';
import { ok } from './shapes.ts';

/** What a page asks of the desktop about this computer's printers. Answered by the desktop itself, never by the server. */
export const printing = {
  printers: query({
    route: 'GET /printers',
    summary: 'The printers of this computer.',
    who: 'anyone',
    input: z.object({}),
    output: z.object({ printers: z.array(z.object({ name: z.string(), label: z.string() })) }),
    errors: [],
  }),
  print: command({
    route: 'POST /prints',
    summary: 'Prints a PDF without asking: on this printer, or on the computer’s usual one.',
    who: 'anyone',
    input: z.object({ pdf: z.instanceof(Uint8Array), printer: z.string().max(300).nullable() }),
    output: ok,
    errors: ['not_printed'],
  }),
};
export type PrintingApi = Readonly<{ printing: typeof printing }>;
