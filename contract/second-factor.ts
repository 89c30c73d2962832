import * as z from 'zod';
import { query, session } from './kit.ts';
import { id, instant, name, ok } from './shapes.ts';

/** As WebAuthn's dictionaries write bytes. */
const bytes = z
  .string()
  .max(8000)
  .regex(/^[\w-]+$/);
const transports = z.array(z.string().max(20)).max(10);

/** What a security key answers (WebAuthn Level 2, AuthenticatorAssertionResponse). */
export const keyAnswer = z.object({ id: bytes, clientDataJSON: bytes, authenticatorData: bytes, signature: bytes });
const newKey = z.object({ id: bytes, clientDataJSON: bytes, attestationObject: bytes, transports });

const descriptor = z.object({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()) });
const keyOptions = z
  .object({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
    timeout: z.int().meta({ description: 'Milliseconds.' }),
    excludeCredentials: z.array(descriptor),
    authenticatorSelection: z.object({ userVerification: z.literal('preferred') }),
  })
  .meta({ description: 'For `navigator.credentials.create`, bytes in base64url.' });
const keyQuestion = z
  .object({
    challenge: z.string(),
    rpId: z.string(),
    timeout: z.int().meta({ description: 'Milliseconds.' }),
    allowCredentials: z.array(descriptor),
    userVerification: z.literal('preferred'),
  })
  .meta({ description: 'For `navigator.credentials.get`, bytes in base64url.' });

const factorKey = z.object({
  uri: z.string().meta({ description: 'For the picture that an authenticator app reads (otpauth://).' }),
  secret: z.string().meta({ description: 'The same to be typed, in base 32.' }),
});

export type KeyAnswer = z.output<typeof keyAnswer>;
export type NewKey = z.output<typeof newKey>;
export type KeyOptions = z.output<typeof keyOptions>;
export type KeyQuestion = z.output<typeof keyQuestion>;

/** By what a second step is done, the strongest first. */
const factor = z.enum(['key', 'app', 'email', 'recovery']);
export type Factor = z.output<typeof factor>;

/** A person's own authenticator app, security keys, and codes by mail beside them or in their place. */
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
      by: z
        .array(factor)
        .meta({ description: 'What `POST /auth/step-up` asks for beside the password: one of these.' }),
      email: z
        .object({
          verifiedAt: instant.nullable(),
          codes: z.boolean().meta({ description: 'Chosen by its owner: codes by mail open the account, too.' }),
        })
        .nullable()
        .meta({ description: 'Null where there is no address, or no mail server.' }),
      keys: z.array(
        z.object({
          id,
          name: z.string(),
          host: z.string().meta({ description: 'It answers on pages of this host alone.' }),
          createdAt: instant,
          lastUsedAt: instant.nullable(),
        }),
      ),
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
  keyOptions: session({
    route: 'POST /auth/factor/keys/options',
    summary:
      'What a new security key (or this computer’s own lock) is to be asked, on a page of this server whose address has a name.',
    who: 'anyone',
    fresh: true,
    input: z.object({}),
    output: keyOptions,
    errors: ['key_not_here', 'step_up'],
  }),
  addKey: session({
    route: 'POST /auth/factor/keys',
    summary: 'What the new security key answered: from now on it is one’s second factor, or another one.',
    who: 'anyone',
    fresh: true,
    input: z.object({ name: name(60), key: newKey }),
    output: ok,
    errors: ['key_not_here', 'bad_key', 'too_many_keys', 'step_up'],
    perMinute: 60,
  }),
  removeKey: session({
    route: 'DELETE /auth/factor/keys/{id}',
    summary: 'A security key opens nothing any more.',
    who: 'anyone',
    fresh: true,
    input: z.object({ id }),
    output: ok,
    errors: ['not_found', 'factor_needed', 'step_up'],
  }),
  askKey: session({
    route: 'POST /auth/factor/keys/ask',
    summary:
      'What one’s security keys are asked: with the ticket of a sign-in (`second_factor`), or where one is signed in before `POST /auth/step-up`.',
    who: 'public',
    input: z.object({ ticket: z.string().max(200).optional() }),
    output: keyQuestion,
    errors: ['ticket_over', 'key_not_here'],
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
