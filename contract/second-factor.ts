import * as z from 'zod';
import { query, session } from './kit.ts';
import { instant, ok } from './shapes.ts';

const factorKey = z.object({
  uri: z.string().meta({ description: 'For the picture that an authenticator app reads (otpauth://).' }),
  secret: z.string().meta({ description: 'The same to be typed, in base 32.' }),
});

/** A person's own authenticator app, and codes by mail beside it or in its place. */
export const secondFactor = {
  get: query({
    route: 'GET /auth/factor',
    summary: 'Whether one has a second factor, must have one, and how many recovery codes are left.',
    who: 'anyone',
    input: z.object({}),
    output: z.object({
      since: instant.nullable().meta({ description: 'Since when an authenticator app counts.' }),
      needed: z.boolean(),
      recoveryLeft: z.int(),
      email: z
        .object({
          verifiedAt: instant.nullable(),
          codes: z.boolean().meta({ description: 'Chosen by its owner: codes by mail open the account, too.' }),
        })
        .nullable()
        .meta({ description: 'Null where there is no address, or no mail server.' }),
    }),
    errors: [],
  }),
  setUp: session({
    route: 'POST /auth/factor/set-up',
    summary:
      'A key for an authenticator app, during a sign-in that needs one (`second_factor` with `setUp`). It counts once a code of it was typed.',
    who: 'public',
    input: z.object({ ticket: z.string().max(200) }),
    output: factorKey,
    errors: ['ticket_over'],
    perMinute: 60,
  }),
  begin: session({
    route: 'POST /auth/factor',
    summary: 'A key for a (new) authenticator app. The one before counts until a code of this one was typed.',
    who: 'anyone',
    fresh: true,
    input: z.object({}),
    output: factorKey,
    errors: ['step_up'],
  }),
  confirm: session({
    route: 'POST /auth/factor/confirm',
    summary: 'The first code of the new authenticator app: from now on it is needed to sign in.',
    who: 'anyone',
    fresh: true,
    input: z.object({ code: z.string().trim().min(1).max(40) }),
    output: ok,
    errors: ['bad_code', 'locked_out', 'blocked', 'step_up'],
    perMinute: 60,
  }),
  byMail: session({
    route: 'POST /auth/factor/mail',
    summary: 'Chooses codes by mail as one’s second factor, or as another one beside the app; or chooses them no more.',
    who: 'anyone',
    fresh: true,
    input: z.object({ on: z.boolean() }),
    output: ok,
    errors: ['no_mail', 'not_verified', 'step_up'],
  }),
  recoveryCodes: session({
    route: 'POST /auth/factor/recovery-codes',
    summary: 'Ten new recovery codes, shown this once; those before open nothing any more.',
    who: 'anyone',
    fresh: true,
    input: z.object({}),
    output: z.object({ codes: z.array(z.string()) }),
    errors: ['no_factor', 'step_up'],
  }),
  remove: session({
    route: 'DELETE /auth/factor',
    summary: 'Signs in by password alone from now on.',
    who: 'anyone',
    fresh: true,
    input: z.object({}),
    output: ok,
    errors: ['no_factor', 'factor_needed', 'step_up'],
  }),
};
