import * as z from 'zod';
import { REVIEW_STEPS, SUBJECTS, VERIFICATION_STATES, VERIFICATION_STATUSES } from '../domain/verification.ts';
import { documentKind, identityDocument, verification } from './identity.ts';
import { command, newestFirst, page, query } from './kit.ts';
import { id, instant, text } from './shapes.ts';

/** Identity documents as an administrator of the same branch looks at them. Nobody looks at their own. */
export const verifications = {
  list: query({
    route: 'GET /verifications',
    summary: 'Whose documents were handed in or begun, the last changed first.',
    who: ['admin'],
    input: z.object({
      ...newestFirst,
      subject: z.enum(SUBJECTS).optional(),
      status: z.enum(VERIFICATION_STATUSES).optional(),
    }),
    output: page(
      z.object({
        id,
        subject: z.enum(SUBJECTS),
        subjectId: id,
        name: z.string(),
        state: z.enum(VERIFICATION_STATES),
        status: z.enum(VERIFICATION_STATUSES),
        submittedAt: instant.nullable(),
        decidedAt: instant.nullable(),
        updatedAt: instant,
      }),
    ),
    errors: [],
  }),
  get: query({
    route: 'GET /verifications/{id}',
    summary: 'The documents, masked, and who else in this branch has handed in the same number.',
    who: ['admin'],
    input: z.object({ id }),
    output: verification.extend({
      name: z.string(),
      own: z.boolean().meta({ description: 'They are those of whoever asks: somebody else decides.' }),
      documents: z.array(identityDocument.extend({ alsoOf: z.array(z.string()) })),
    }),
    errors: ['not_found'],
  }),
  decide: command({
    route: 'POST /verifications/{id}/decide',
    summary:
      'Begins to look at them, approves, rejects, asks for something again, or opens a decision once more. The last three say why.',
    who: ['admin'],
    input: z.object({
      id,
      step: z.enum(REVIEW_STEPS as [(typeof REVIEW_STEPS)[number], ...typeof REVIEW_STEPS]),
      remarks: text(500).optional(),
      expectedVersion: z.int().meta({ description: 'What was looked at is what is decided about.' }),
    }),
    output: z.object({ state: z.enum(VERIFICATION_STATES), version: z.int() }),
    errors: ['not_found', 'stale', 'verification_state', 'own_verification', 'reason_required'],
  }),
  reveal: query({
    route: 'POST /verifications/{id}/reveal',
    summary: 'The numbers of one document in full. Leaves an audit entry.',
    who: ['admin'],
    fresh: true,
    audited: true,
    input: z.object({ id, kind: documentKind }),
    output: z.object({ fields: z.array(z.object({ name: z.string(), value: z.string() })) }),
    errors: ['not_found', 'step_up'],
    perMinute: 60,
  }),
};
