import * as z from 'zod';
import { keyOfPhone, PLATFORMS, STAFF } from '../domain/people.ts';
import { LEVELS } from '../domain/rights.ts';
import { command, download, flag, page, pageInput, query, session } from './kit.ts';
import { picture } from './profile.ts';
import { id, instant, name, ok, role, user } from './shapes.ts';

export const email = z.string().trim().max(200).pipe(z.email('This is not an e-mail address.'));
export const phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[\d\s()+./-]+$/, 'Use digits, spaces and + ( ) - /')
  .refine((given) => keyOfPhone(given).length === 10, 'A telephone number has ten digits or more.');

/** A name to sign in by. */
export const username = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}._@+-]{2,60}$/u, 'Use 2–60 letters, digits and . _ @ + -');

/** What an account begins with, whoever asks for it. */
export const newAccount = {
  username,
  name: name(120),
  password: z.string().min(1).max(128),
  email: email.nullable().default(null),
  phone: phone.nullable().default(null),
};

const roles = z.array(role).min(1).max(9);
const range = z
  .string()
  .trim()
  .pipe(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], 'A network or an address: 192.168.1.0/24, 10.0.0.7'));

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
  picture: query({
    route: 'GET /users/{id}/picture',
    summary: 'What a colleague of this branch looks like.',
    who: STAFF,
    input: z.object({ id }),
    output: z.object({ picture }),
    errors: ['not_found'],
  }),
  create: command({
    route: 'POST /users',
    summary: 'Makes an account.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      ...newAccount,
      roles: roles,
      boardId: id.nullable().default(null),
      passwordGiven: z
        .boolean()
        .default(false)
        .meta({ description: 'They choose one of their own when they first sign in.' }),
    }),
    output: user,
    errors: ['name_taken', 'weak_password', 'not_found', 'outranked', 'step_up'],
    status: 201,
  }),
  update: command({
    route: 'PATCH /users/{id}',
    summary:
      'Changes an account: name, e-mail address, telephone, roles, board, branch, by what and from where they may sign in, active or not, lock lifted. Of one’s own only the name, the address and the telephone.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      id,
      name: name(120).optional(),
      email: email.nullable().optional(),
      phone: phone.nullable().optional(),
      roles: roles.optional(),
      boardId: id.nullable().optional(),
      platforms: z.array(z.enum(PLATFORMS)).max(3).optional(),
      ranges: z.array(range).max(20).optional(),
      active: z.boolean().optional(),
      unlock: z.literal(true).optional(),
      expectedVersion: z.int().optional(),
    }),
    output: user,
    errors: ['not_found', 'name_taken', 'outranked', 'own_rights', 'stale', 'step_up'],
  }),
  setPassword: command({
    route: 'POST /users/{id}/password',
    summary: 'Gives an account a new password and ends its sign-ins.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      id,
      password: z.string().min(1).max(128),
      passwordGiven: z
        .boolean()
        .default(false)
        .meta({ description: 'They choose one of their own at their next sign-in.' }),
    }),
    output: ok,
    errors: ['not_found', 'weak_password', 'outranked', 'step_up'],
  }),
  grant: command({
    route: 'PUT /users/{id}/grants/{feature}',
    summary:
      'Gives somebody a right beyond their roles, or takes one from them (`none`), from now or later on, for good or until a time. One of each feature: a new one takes the place of the one before.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      id,
      feature: z.string().max(40),
      level: z.enum(LEVELS),
      from: instant.optional(),
      until: instant.nullable().default(null),
    }),
    output: user,
    errors: ['not_found', 'outranked', 'own_rights', 'beyond_rights', 'step_up'],
  }),
  revoke: command({
    route: 'DELETE /users/{id}/grants/{feature}',
    summary: 'Takes such a right back: their roles alone count again.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id, feature: z.string().max(40) }),
    output: user,
    errors: ['not_found', 'outranked', 'own_rights', 'step_up'],
  }),
  suspend: command({
    route: 'POST /users/{id}/suspension',
    summary: 'Keeps somebody out, for a reason, until a time or until it is lifted; their sign-ins end.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id, reason: name(300), until: instant.nullable().default(null) }),
    output: user,
    errors: ['not_found', 'outranked', 'own_rights', 'step_up'],
  }),
  letIn: command({
    route: 'DELETE /users/{id}/suspension',
    summary: 'Lets somebody in again who was kept out.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id }),
    output: user,
    errors: ['not_found', 'outranked', 'own_rights', 'step_up'],
  }),
  resetCode: session({
    route: 'POST /users/{id}/reset-code',
    summary:
      'A one-time code for somebody who forgot the password: for an hour, shown this once. The password of now works until the code was used; an earlier code is void.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id }),
    output: z.object({ code: z.string(), until: instant }),
    errors: ['not_found', 'outranked', 'step_up'],
  }),
  signOut: command({
    route: 'POST /users/{id}/sign-out',
    summary: 'Ends all sign-ins of an account.',
    who: ['admin'],
    input: z.object({ id }),
    output: z.object({ ended: z.int() }),
    errors: ['not_found', 'outranked'],
  }),
  resetSecondFactor: command({
    route: 'DELETE /users/{id}/factor',
    summary:
      'Takes the second factor of somebody who has lost it, and ends their sign-ins: they sign in by password alone, or set up a new one where their role needs it. Nobody’s own.',
    who: ['admin'],
    fresh: true,
    input: z.object({ id }),
    output: ok,
    errors: ['not_found', 'outranked', 'no_factor', 'step_up'],
  }),
};
