import * as z from 'zod';
import { ASKABLE, REQUEST_STATES, type Role } from '../domain/people.ts';
import { command, newestFirst, page, query, session } from './kit.ts';
import { id, instant, name, ok, role, text, user } from './shapes.ts';
import { newAccount } from './users.ts';

const asked = z
  .array(z.enum(ASKABLE as [Role, ...Role[]]))
  .min(1)
  .max(4);

/** Accounts that people ask for by themselves, where the clinic lets them. */
export const accountRequests = {
  make: session({
    route: 'POST /account-requests',
    summary:
      'Asks for an account, with a password of one’s own. An administrator decides; until then it opens nothing. The answer does not tell whether somebody has this name.',
    who: 'public',
    input: z.object({
      ...newAccount,
      branchId: id.optional().meta({ description: 'Where; else in the first branch where one may.' }),
      roles: asked,
      note: text(300).nullable().default(null),
    }),
    output: ok,
    errors: ['requests_closed', 'requests_full', 'weak_password'],
    perMinute: 30,
  }),
  list: query({
    route: 'GET /account-requests',
    summary: 'Who asks for an account in this branch, the latest first.',
    who: ['admin'],
    input: z.object({ ...newestFirst, state: z.enum(REQUEST_STATES).optional() }),
    output: page(
      z.object({
        id,
        username: z.string(),
        name: z.string(),
        email: z.string().nullable(),
        phone: z.string().nullable(),
        roles: z.array(role),
        note: z.string().nullable(),
        state: z.enum(REQUEST_STATES),
        reason: z.string().nullable(),
        createdAt: instant,
        decidedAt: instant.nullable(),
      }),
    ),
    errors: [],
  }),
  approve: command({
    route: 'POST /account-requests/{id}/approve',
    summary: 'Makes the account, with these roles: from now on its owner signs in by the password that they chose.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id, roles: z.array(role).min(1).max(9) }),
    output: user,
    errors: ['not_found', 'settled', 'name_taken', 'outranked', 'step_up'],
    status: 201,
  }),
  decline: command({
    route: 'POST /account-requests/{id}/decline',
    summary: 'Declines it, for a reason.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id, reason: name(300) }),
    output: ok,
    errors: ['not_found', 'settled', 'step_up'],
  }),
};
