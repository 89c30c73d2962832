import * as z from 'zod';
import { SIGN_IN_OUTCOMES, SIGN_IN_WAYS, SIGNS, type SignInSign, THREATS } from '../domain/sign-in-risk.ts';
import { download, integer, newestFirst, page, query } from './kit.ts';
import { id, instant } from './shapes.ts';

export const signIn = z
  .object({
    id,
    at: instant,
    userId: id.nullable().meta({ description: 'Null when nobody has the name that was typed.' }),
    name: z.string(),
    outcome: z.enum(SIGN_IN_OUTCOMES),
    how: z.enum(SIGN_IN_WAYS),
    device: z.string(),
    origin: z.string().meta({ description: 'The network address; `local` is the server’s own computer.' }),
    risk: z.int().meta({ description: 'From 0 to 100: the sum of what is unusual about it.' }),
    signs: z.array(z.enum(Object.keys(SIGNS) as [SignInSign, ...SignInSign[]])),
  })
  .meta({ id: 'SignIn' });

const filters = {
  userId: id.optional(),
  outcome: z.enum(SIGN_IN_OUTCOMES).optional(),
  minRisk: integer(0, 100).optional(),
  from: instant.optional(),
  to: instant.optional(),
};

/** Who signed in, or tried to. */
export const signIns = {
  mine: query({
    route: 'GET /auth/sign-ins',
    summary: 'One’s own sign-ins, and tries at them, the latest first.',
    who: 'anyone',
    input: z.object({ ...newestFirst }),
    output: page(signIn),
    errors: [],
  }),
  list: query({
    route: 'GET /sign-ins',
    summary: 'Who signed in to this branch, or tried to, the latest first.',
    who: ['admin'],
    input: z.object({ ...newestFirst, ...filters }),
    output: page(signIn),
    errors: [],
  }),
  export: download({
    route: 'GET /sign-ins/export',
    summary: 'The same as one CSV stream, the oldest first.',
    who: ['admin'],
    fresh: true,
    audited: true,
    input: z.object(filters),
    output: z.object({}),
    errors: ['step_up'],
    media: ['text/csv'],
  }),
};

/** What can be weak about a clinic and be mended by whoever reads of it: grave, or worth a thought. */
export const WEAKNESSES = {
  demo_passwords: 'grave',
  admins_without_factor: 'grave',
  key_in_file: 'grave',
  no_backup: 'grave',
  old_backup: 'grave',
  no_second_place: 'advice',
  staff_without_factor: 'advice',
  unverified_staff: 'advice',
  admins_by_mail: 'advice',
  no_idle_lock: 'advice',
  blocked_accounts: 'advice',
  idle_accounts: 'advice',
  never_used_accounts: 'advice',
  desks_not_seen: 'advice',
} as const satisfies Record<string, 'grave' | 'advice'>;
export type Weakness = keyof typeof WEAKNESSES;

export const security = {
  now: query({
    route: 'GET /security',
    summary: 'How safe the clinic is now: what is weak, and how much it was tried in the last 24 hours.',
    who: ['admin'],
    input: z.object({}),
    output: z.object({
      weak: z.array(
        z.object({
          code: z.enum(Object.keys(WEAKNESSES) as [Weakness, ...Weakness[]]),
          count: z.int(),
          names: z.array(z.string()).meta({ description: 'Whom or what it is about: the first ten.' }),
        }),
      ),
      day: z.object({
        succeeded: z.int(),
        failed: z.int(),
        suspicious: z.int(),
        high: z.int(),
        score: z.number(),
        level: z.enum(THREATS),
      }),
    }),
    errors: [],
  }),
};
