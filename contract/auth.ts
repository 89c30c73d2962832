import * as z from 'zod';
import { keyOfPhone, STAFF } from '../domain/people.ts';
import { command, download, flag, page, pageInput, query, session } from './kit.ts';
import { id, instant, name, ok, role, user } from './shapes.ts';

/** Four to eight digits; not all the same, not counting up or down. */
const pin = z
  .string()
  .regex(/^\d{4,8}$/, 'Use four to eight digits.')
  .refine((digits) => !isSimple(digits), 'Not all the same digit, and not counting up or down.');

function isSimple(digits: string): boolean {
  const steps = new Set([...digits].slice(1).map((digit, index) => Number(digit) - Number(digits[index])));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? 0);
}

const email = z.string().trim().max(200).pipe(z.email('This is not an e-mail address.'));
const phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[\d\s()+./-]+$/, 'Use digits, spaces and + ( ) - /')
  .refine((given) => keyOfPhone(given).length === 10, 'A telephone number has ten digits or more.');

export const signedIn = z.object({
  accessToken: z.string(),
  expiresAt: instant,
  /** Only when asked for with `delivery: "body"`; a browser keeps it in an httpOnly cookie. */
  refreshToken: z.string().nullable(),
  csrfToken: z.string(),
  vouch: z
    .string()
    .nullable()
    .meta({ description: 'What a paired desk shows when this person has signed in there without the server.' }),
  user,
});

export const auth = {
  login: session({
    route: 'POST /auth/login',
    summary:
      'Signs a person in by name, user code, e-mail address or telephone. The same answer, in the same time, for an unknown name and a wrong password.',
    who: 'public',
    input: z.object({
      identifier: z.string().trim().min(1).max(200),
      password: z.string().min(1).max(128),
      delivery: z.enum(['cookie', 'body']).default('cookie'),
    }),
    output: signedIn,
    errors: ['bad_credentials', 'locked_out', 'blocked', 'second_factor'],
    perMinute: 60,
  }),
  secondFactor: session({
    route: 'POST /auth/second-factor',
    summary:
      'The second step of a sign-in: the ticket that the password was answered with (`second_factor`), and the code of the authenticator app, or a recovery code. Of a new app (`setUp`) the first code makes it count.',
    who: 'public',
    input: z.object({
      ticket: z.string().max(200),
      code: z.string().trim().min(1).max(40),
      delivery: z.enum(['cookie', 'body']).default('cookie'),
    }),
    output: signedIn,
    errors: ['bad_code', 'ticket_over', 'locked_out', 'blocked'],
    perMinute: 60,
  }),
  stepUp: session({
    route: 'POST /auth/step-up',
    summary:
      'Says once more who one is, before something that needs it (`step_up`): by the code of the authenticator app, and by the password where there is none.',
    who: 'anyone',
    input: z.object({
      password: z.string().min(1).max(128).optional(),
      code: z.string().trim().min(1).max(40).optional(),
    }),
    output: ok,
    errors: ['bad_credentials', 'bad_code', 'locked_out', 'blocked'],
    perMinute: 60,
  }),
  refresh: session({
    route: 'POST /auth/refresh',
    summary: 'Renews a sign-in. A browser sends its cookie and the X-CSRF-Token header, others the refresh token.',
    who: 'public',
    input: z.object({ refreshToken: z.string().max(200).optional() }),
    output: signedIn,
    errors: ['session_ended', 'csrf'],
  }),
  resume: session({
    route: 'POST /auth/resume',
    summary:
      'A paired desk says that somebody signed in there without the server, within 72 hours of having done so with it: their sign-in begins now, unless their password or their account has changed since.',
    who: 'station',
    input: z.object({
      userId: id,
      vouch: z.string().max(200),
      at: z.int().min(0).meta({ description: 'When, by the desk’s corrected clock, ms since 1970.' }),
      how: z.enum(['password', 'pin']),
    }),
    output: signedIn,
    errors: ['session_ended', 'locked_out', 'blocked'],
    perMinute: 60,
  }),
  logout: session({
    route: 'POST /auth/logout',
    summary: 'Ends this sign-in.',
    who: 'anyone',
    input: z.object({
      handOver: z.boolean().default(false).meta({
        description: 'Somebody else goes on at this desk: the PIN of whoever leaves still works here.',
      }),
    }),
    output: ok,
    errors: [],
  }),
  me: query({
    route: 'GET /auth/me',
    summary: 'Who is signed in.',
    who: 'anyone',
    input: z.object({}),
    output: user.extend({
      clinic: z.string(),
      branch: z.string(),
      timeZone: z.string(),
      workingInRoomId: id.nullable(),
      draftSecret: z
        .string()
        .meta({ description: 'Seals what a screen keeps of unfinished forms; of this person on this device alone.' }),
    }),
    errors: [],
  }),
  setPin: session({
    route: 'POST /auth/pin',
    summary: 'Sets, changes or (null) removes one’s own PIN for switching people on a shared desk.',
    who: 'anyone',
    input: z.object({ password: z.string().max(128), pin: pin.nullable() }),
    output: ok,
    errors: ['bad_credentials', 'locked_out', 'blocked'],
  }),
  people: query({
    route: 'GET /auth/people',
    summary: 'Who may go on with a PIN on this device: whoever has one and signed in here in the last 72 hours.',
    who: 'anyone',
    input: z.object({}),
    output: z.object({ hasPin: z.boolean(), people: z.array(z.object({ id, name: z.string() })) }),
    errors: [],
  }),
  switch: session({
    route: 'POST /auth/switch',
    summary: 'Ends the sign-in of this browser and begins that of somebody else who signed in here lately, by PIN.',
    who: 'public',
    input: z.object({ userId: id, pin: z.string().min(1).max(12) }),
    output: signedIn,
    errors: ['bad_credentials', 'pin_not_here'],
    perMinute: 60,
  }),
  unlock: session({
    route: 'POST /auth/unlock',
    summary: 'Says again who one is, at a screen that hid itself, by PIN or password. The sign-in goes on.',
    who: 'anyone',
    input: z.object({ pin: z.string().min(1).max(12).optional(), password: z.string().min(1).max(128).optional() }),
    output: ok,
    errors: ['bad_credentials', 'pin_not_here', 'locked_out', 'blocked'],
    perMinute: 60,
  }),
  resetPassword: session({
    route: 'POST /auth/reset-password',
    summary:
      'Sets a new password by a one-time code that an administrator gave, and ends all sign-ins. The same answer for an unknown name and a wrong code.',
    who: 'public',
    input: z.object({
      identifier: z.string().trim().min(1).max(200),
      code: z.string().trim().min(1).max(40),
      password: z.string().min(1).max(128),
    }),
    output: ok,
    errors: ['bad_code', 'weak_password', 'locked_out', 'blocked'],
    perMinute: 30,
  }),
  changePassword: session({
    route: 'POST /auth/password',
    summary: 'Changes one’s own password and ends one’s other sign-ins.',
    who: 'anyone',
    input: z.object({ current: z.string().max(128), next: z.string().min(1).max(128) }),
    output: ok,
    errors: ['bad_credentials', 'weak_password', 'locked_out', 'blocked'],
  }),
};

const factorKey = z.object({
  uri: z.string().meta({ description: 'For the picture that an authenticator app reads (otpauth://).' }),
  secret: z.string().meta({ description: 'The same to be typed, in base 32.' }),
});

/** A person's own authenticator app. */
export const secondFactor = {
  get: query({
    route: 'GET /auth/factor',
    summary: 'Whether one has a second factor, must have one, and how many recovery codes are left.',
    who: 'anyone',
    input: z.object({}),
    output: z.object({ since: instant.nullable(), needed: z.boolean(), recoveryLeft: z.int() }),
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
    input: z.object({ id }),
    output: ok,
    errors: ['not_found'],
  }),
  endOthers: command({
    route: 'POST /auth/sessions/end-others',
    summary: 'Ends one’s sign-ins everywhere but here.',
    who: 'anyone',
    input: z.object({}),
    output: z.object({ ended: z.int() }),
    errors: [],
  }),
};

const userFilters = { role: role.optional(), active: flag().optional(), q: z.string().max(100).optional() };

export const users = {
  list: query({
    route: 'GET /users',
    summary: 'The accounts of this branch.',
    who: ['admin'],
    input: z.object({ ...pageInput(['username', 'name']), ...userFilters }),
    output: page(user),
    errors: [],
  }),
  export: download({
    route: 'GET /users/export',
    summary: 'The same as one CSV stream, by name.',
    who: ['admin'],
    fresh: true,
    audited: true,
    input: z.object(userFilters),
    output: z.object({}),
    errors: ['step_up'],
    media: ['text/csv'],
  }),
  staff: query({
    route: 'GET /staff',
    summary: 'Who may see patients here: the active doctors, nurses and pharmacists of this branch, by name.',
    who: STAFF,
    input: z.object({}),
    output: page(z.object({ id, name: z.string(), roles: z.array(role) })),
    errors: [],
  }),
  create: command({
    route: 'POST /users',
    summary: 'Makes an account.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      username: z
        .string()
        .trim()
        .regex(/^[\p{L}\p{N}._@+-]{2,60}$/u, 'Use 2–60 letters, digits and . _ @ + -'),
      name: name(120),
      password: z.string().min(1).max(128),
      email: email.nullable().default(null),
      phone: phone.nullable().default(null),
      roles: z.array(role).min(1).max(6),
      boardId: id.nullable().default(null),
    }),
    output: user,
    errors: ['name_taken', 'weak_password', 'not_found', 'step_up'],
    status: 201,
  }),
  update: command({
    route: 'PATCH /users/{id}',
    summary: 'Changes an account: name, e-mail address, telephone, roles, board, active or not, lock lifted.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      id,
      name: name(120).optional(),
      email: email.nullable().optional(),
      phone: phone.nullable().optional(),
      roles: z.array(role).min(1).max(6).optional(),
      boardId: id.nullable().optional(),
      active: z.boolean().optional(),
      unlock: z.literal(true).optional(),
      expectedVersion: z.int().optional(),
    }),
    output: user,
    errors: ['not_found', 'name_taken', 'last_administrator', 'stale', 'step_up'],
  }),
  setPassword: command({
    route: 'POST /users/{id}/password',
    summary: 'Gives an account a new password and ends its sign-ins.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id, password: z.string().min(1).max(128) }),
    output: ok,
    errors: ['not_found', 'weak_password', 'step_up'],
  }),
  resetCode: session({
    route: 'POST /users/{id}/reset-code',
    summary:
      'A one-time code for somebody who forgot the password: for an hour, shown this once. The password of now works until the code was used; an earlier code is void.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id }),
    output: z.object({ code: z.string(), until: instant }),
    errors: ['not_found', 'step_up'],
  }),
  signOut: command({
    route: 'POST /users/{id}/sign-out',
    summary: 'Ends all sign-ins of an account.',
    who: ['admin'],
    input: z.object({ id }),
    output: z.object({ ended: z.int() }),
    errors: ['not_found'],
  }),
  resetSecondFactor: command({
    route: 'DELETE /users/{id}/factor',
    summary:
      'Takes the second factor of somebody who has lost it, and ends their sign-ins: they sign in by password alone, or set up a new one where their role needs it. Nobody’s own.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id }),
    output: ok,
    errors: ['not_found', 'no_factor', 'step_up'],
  }),
};
