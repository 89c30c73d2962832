import * as z from 'zod';
import { query, session } from './kit.ts';
import { instant, ok } from './shapes.ts';

/** How the way to the mail server is kept from being read: from the first byte, from the first word on, or not at all. */
export const MAIL_SECURITY = ['tls', 'starttls', 'none'] as const;
export type MailSecurity = (typeof MAIL_SECURITY)[number];

/** A name or an address, and nothing that another protocol would read something into. */
const host = z
  .string()
  .trim()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/, 'A host name or an address, such as mail.clinic.local');
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;
/** The ports of mail, and those that no other service of a computer has by right. */
const port = z
  .int()
  .min(1)
  .max(65_535)
  .refine((given) => [25, 465, 587].includes(given) || given >= 1024, 'Use 25, 465, 587, or a port from 1024 on.');
const address = z.string().trim().max(200).pipe(z.email('This is not an e-mail address.'));

const server = z.object({
  host,
  port,
  security: z.enum(MAIL_SECURITY),
  username: z.string().trim().min(1).max(200).nullable(),
  from: address.meta({ description: 'What stands as the sender of every mail.' }),
  ca: z
    .string()
    .max(20_000)
    .nullable()
    .meta({ description: 'PEM: the certificate that vouches for a mail server of the clinic’s own.' }),
});

/** What a code by mail is answered with. */
const sent = z.object({
  to: z.string().meta({ description: 'The address, without what would tell it to others.' }),
  again: instant.meta({ description: 'When another one can be sent.' }),
});

/** The mail server of the clinic. Without one, nothing that needs it is offered anywhere. */
export const mail = {
  get: query({
    route: 'GET /mail',
    summary: 'Which mail server the clinic uses. Its password is never answered.',
    who: ['admin'],
    input: z.object({}),
    output: z.object({ server: server.extend({ from: z.string(), hasPassword: z.boolean() }).nullable() }),
    errors: [],
  }),
  set: session({
    route: 'PUT /mail',
    summary: 'Sets the mail server. A password that is left out stays, as long as it goes where it went before.',
    who: ['admin'],
    fresh: true,
    input: server
      .extend({ password: z.string().min(1).max(200).optional() })
      .refine((given) => given.security !== 'none' || LOOPBACK.test(given.host), {
        path: ['security'],
        message: 'Only a mail server on this very computer may be spoken to in the open.',
      }),
    output: ok,
    errors: ['step_up'],
  }),
  remove: session({
    route: 'DELETE /mail',
    summary: 'Uses no mail server any more.',
    who: ['admin'],
    fresh: true,
    input: z.object({}),
    output: ok,
    errors: ['step_up'],
  }),
  test: session({
    route: 'POST /mail/test',
    summary: 'Sends a mail to see whether mail arrives.',
    who: ['admin'],
    fresh: true,
    input: z.object({ to: address }),
    output: ok,
    errors: ['no_mail', 'mail_failed', 'step_up'],
    perMinute: 30,
  }),
};

/** One's own e-mail address: whether what is sent to it arrives with its owner. */
export const ownEmail = {
  sendCode: session({
    route: 'POST /auth/email/code',
    summary: 'Sends a code to one’s own e-mail address: for ten minutes, the newest only.',
    who: 'anyone',
    input: z.object({}),
    output: sent,
    errors: ['no_email', 'no_mail', 'mail_failed', 'code_wait'],
    perMinute: 30,
  }),
  verify: session({
    route: 'POST /auth/email/verify',
    summary: 'The code that was sent to one’s own e-mail address: it is verified from now on, until it is changed.',
    who: 'anyone',
    input: z.object({ code: z.string().trim().min(1).max(40) }),
    output: ok,
    errors: ['bad_code'],
    perMinute: 30,
  }),
};

/** The code of a sign-in, and a new password, by mail: of `auth`, whose other chapters need no mail server. */
export const authByMail = {
  sendCode: session({
    route: 'POST /auth/second-factor/code',
    summary:
      'Sends a code by mail to whom it can be sent (`by`), for five minutes, the newest only: with the ticket of a sign-in (`second_factor`) and for that alone, or where one is signed in before `POST /auth/step-up`.',
    who: 'public',
    input: z.object({ ticket: z.string().max(200).optional() }),
    output: sent,
    errors: ['ticket_over', 'no_mail', 'mail_failed', 'code_wait', 'locked_out', 'blocked'],
    perMinute: 30,
  }),
  askReset: session({
    route: 'POST /auth/ask-reset',
    summary:
      'Asks for the one-time code of a forgotten password by mail. Always the same answer, before anybody has looked whether there is such a name.',
    who: 'public',
    input: z.object({ identifier: z.string().trim().min(1).max(200) }),
    output: ok,
    errors: [],
    perMinute: 30,
  }),
};
