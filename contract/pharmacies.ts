import * as z from 'zod';
import { STAFF } from '../domain/people.ts';
import { VERIFICATION_STATUSES } from '../domain/verification.ts';
import { command, flag, page, query } from './kit.ts';
import { id, name, text } from './shapes.ts';
import { email, phone } from './users.ts';

const pharmacy = z
  .object({
    id,
    name: z.string(),
    licence: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    address: z.string().nullable(),
    active: z.boolean(),
    verification: z.enum(VERIFICATION_STATUSES),
    version: z.int(),
  })
  .meta({ id: 'Pharmacy' });

const licence = z.string().trim().min(1).max(50).meta({ description: 'No two pharmacies of a branch have the same.' });
const contact = { email: email.nullable(), phone: phone.nullable(), address: text(300).nullable() };

/** The pharmacies that a branch works with, and whether their papers are in order. */
export const pharmacies = {
  list: query({
    route: 'GET /pharmacies',
    summary: 'The pharmacies of this branch, by name.',
    who: STAFF,
    input: z.object({ active: flag().optional() }),
    output: page(pharmacy),
    errors: [],
  }),
  create: command({
    route: 'POST /pharmacies',
    summary: 'Adds a pharmacy. Its documents are handed in under its name.',
    who: ['admin'],
    input: z.object({
      name: name(200),
      licence,
      email: contact.email.default(null),
      phone: contact.phone.default(null),
      address: contact.address.default(null),
    }),
    output: pharmacy,
    errors: ['licence_taken'],
    status: 201,
  }),
  update: command({
    route: 'PATCH /pharmacies/{id}',
    summary: 'Changes a pharmacy; one that is not active takes part in nothing new.',
    who: ['admin'],
    input: z
      .object({ name: name(200), licence, ...contact, active: z.boolean() })
      .partial()
      .extend({ id, expectedVersion: z.int().optional() }),
    output: pharmacy,
    errors: ['not_found', 'licence_taken', 'stale'],
  }),
};
