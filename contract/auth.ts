import * as z from 'zod';
import { query, session } from './kit.ts';
import { authByMail } from './mail.ts';
import { keyAnswer } from './second-factor.ts';
import { id, instant, ok, user } from './shapes.ts';

/** Four to eight digits; not all the same, not counting up or down. */
const pin = z
  .string()
  .regex(/^\d{4,8}$/, 'Use four to eight digits.')
  .refine((digits) => !isSimple(digits), 'Not all the same digit, and not counting up or down.');

function isSimple(digits: string): boolean {
  const steps = new Set([...digits].slice(1).map((digit, index) => Number(digit) - Number(digits[index])));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? 0);
}

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

/** One of the two. */
const secondProof = { code: z.string().trim().min(1).max(40).optional(), key: keyAnswer.optional() };

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
    errors: [
      'bad_credentials',
      'locked_out',
      'blocked',
      'suspended',
      'not_from_here',
      'choose_password',
      'second_factor',
    ],
    perMinute: 60,
  }),
  secondFactor: session({
    route: 'POST /auth/second-factor',
    summary:
      'The second step of a sign-in: the ticket that the password was answered with (`second_factor`), and the code of the authenticator app or of the mail, a recovery code, or what a security key answered. Of a new app (`setUp`) the first code makes it count.',
    who: 'public',
    input: z.object({
      ticket: z.string().max(200),
      ...secondProof,
      delivery: z.enum(['cookie', 'body']).default('cookie'),
    }),
    output: signedIn,
    errors: ['bad_code', 'not_from_here', 'ticket_over', 'locked_out', 'blocked'],
    perMinute: 60,
  }),
  choosePassword: session({
    route: 'POST /auth/choose-password',
    summary:
      'A password of one’s own in place of one that was given: the ticket that the given one was answered with (`choose_password`). Then one signs in by the new one.',
    who: 'public',
    input: z.object({ ticket: z.string().max(200), password: z.string().min(1).max(128) }),
    output: ok,
    errors: ['ticket_over', 'weak_password'],
    perMinute: 30,
  }),
  ...authByMail,
  stepUp: session({
    route: 'POST /auth/step-up',
    summary:
      'Says once more who one is, before something that needs it (`step_up`): by the password, and whoever has a second factor by that as well.',
    who: 'anyone',
    input: z.object({ password: z.string().min(1).max(128), ...secondProof }),
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
    errors: ['session_ended', 'locked_out', 'blocked', 'suspended'],
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
    summary:
      'Sets, changes or (null) removes one’s own PIN for switching people on a shared desk. Whoever has a second factor proves it first (`step_up`).',
    who: 'anyone',
    fresh: 'factor',
    input: z.object({ password: z.string().max(128), pin: pin.nullable() }),
    output: ok,
    errors: ['bad_credentials', 'locked_out', 'blocked', 'step_up'],
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
      'Sets a new password by a one-time code that an administrator gave, or that was sent by mail, and ends all sign-ins. The same answer for an unknown name and a wrong code.',
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
    summary:
      'Changes one’s own password and ends one’s other sign-ins. Whoever has a second factor proves it first (`step_up`).',
    who: 'anyone',
    fresh: 'factor',
    input: z.object({ current: z.string().max(128), next: z.string().min(1).max(128) }),
    output: ok,
    errors: ['bad_credentials', 'weak_password', 'locked_out', 'blocked', 'step_up'],
  }),
};
