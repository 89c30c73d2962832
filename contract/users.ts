import * as z from 'zod';
import { keyOfPhone, STAFF } from '../domain/people.ts';
import { command, download, flag, page, pageInput, query, session } from './kit.ts';
import { id, instant, name, ok, role, user } from './shapes.ts';

const email = z.string().trim().max(200).pipe(z.email('This is not an e-mail address.'));
const phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[\d\s()+./-]+$/, 'Use digits, spaces and + ( ) - /')
  .refine((given) => keyOfPhone(given).length === 10, 'A telephone number has ten digits or more.');

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
