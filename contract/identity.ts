import * as z from 'zod';
import { DOCUMENT_KINDS, type DocumentKind } from '../domain/identity-documents.ts';
import { STAFF } from '../domain/people.ts';
import { SUBJECTS, VERIFICATION_STATES, VERIFICATION_STATUSES } from '../domain/verification.ts';
import { command, download, query, upload } from './kit.ts';
import { id, instant } from './shapes.ts';

export const documentKind = z.enum(DOCUMENT_KINDS as [DocumentKind, ...DocumentKind[]]);
/** What a file of a document may be: told by its content, whatever it is called. */
export const DOCUMENT_MEDIA = ['application/pdf', 'image/jpeg', 'image/png'] as const;

const numberName = z.enum(['number', 'account', 'ifsc']);
const typed = z.partialRecord(numberName, z.string().trim().min(1).max(60));

export const identityDocument = z
  .object({
    kind: documentKind,
    asked: z.boolean(),
    complete: z.boolean(),
    fields: z.array(
      z.object({
        name: numberName,
        lastFour: z.string().nullable().meta({ description: 'Of what is kept; null while nothing is.' }),
      }),
    ),
    files: z.array(z.object({ id, name: z.string(), media: z.enum(DOCUMENT_MEDIA), bytes: z.int() })),
  })
  .meta({ id: 'IdentityDocument' });

export const verification = z
  .object({
    id: id.nullable().meta({ description: 'Null before anything was handed in.' }),
    subject: z.enum(SUBJECTS),
    subjectId: id,
    state: z.enum(VERIFICATION_STATES),
    status: z.enum(VERIFICATION_STATUSES),
    remarks: z.string().nullable().meta({ description: 'Why it was declined, or what to do again.' }),
    percent: z.int().meta({ description: 'How much of what is asked for is there.' }),
    documents: z.array(identityDocument),
    submittedAt: instant.nullable(),
    decidedAt: instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Verification' });

const subject = {
  subject: z.enum(SUBJECTS),
  subjectId: id.meta({ description: 'One’s own account, a patient’s record, or a pharmacy.' }),
};
const changed = z.object({ state: z.enum(VERIFICATION_STATES), version: z.int() });

/** Identity documents as they are handed in: staff their own, the reception and administrators those of patients, administrators those of pharmacies. */
export const identity = {
  get: query({
    route: 'GET /identity/{subject}/{subjectId}',
    summary: 'What is asked for, what of it is there, and how it stands. Of numbers the last four characters.',
    who: STAFF,
    input: z.object(subject),
    output: verification,
    errors: ['not_found'],
  }),
  save: command({
    route: 'PUT /identity/{subject}/{subjectId}/{kind}',
    summary: 'Keeps the numbers of a document, once they are well formed and their check digits are right.',
    who: STAFF,
    input: z.object({
      ...subject,
      kind: documentKind,
      fields: typed,
      again: typed.default({}).meta({ description: 'The same once more, where nothing in it shows a slip.' }),
    }),
    output: changed,
    errors: ['not_found', 'verification_state'],
  }),
  addFile: upload({
    route: 'POST /identity/{subject}/{subjectId}/{kind}/files',
    summary:
      'Keeps a picture or a PDF of a document: up to 5 MB, four of each. What a camera wrote into it is left out.',
    who: STAFF,
    input: z.object({ ...subject, kind: documentKind, filename: z.string().max(200).default('document') }),
    output: changed.extend({ fileId: id }),
    errors: ['not_found', 'verification_state', 'document_unusable'],
    media: DOCUMENT_MEDIA,
    status: 201,
    perMinute: 60,
  }),
  remove: command({
    route: 'DELETE /identity/{subject}/{subjectId}/{kind}',
    summary: 'Takes a document back, or one of its files.',
    who: STAFF,
    input: z.object({ ...subject, kind: documentKind, fileId: id.optional() }),
    output: changed,
    errors: ['not_found', 'verification_state'],
  }),
  submit: command({
    route: 'POST /identity/{subject}/{subjectId}/submit',
    summary: 'Hands everything in to be looked at. From now on nothing of it changes.',
    who: STAFF,
    input: z.object(subject),
    output: changed,
    errors: ['not_found', 'verification_state', 'verification_incomplete'],
  }),
  file: download({
    route: 'GET /identity-files/{id}',
    summary: 'A file of a document, for whoever handed it in or looks at it. Leaves an audit entry.',
    who: STAFF,
    input: z.object({ id }),
    output: z.string(),
    errors: ['not_found'],
    media: DOCUMENT_MEDIA,
    audited: true,
  }),
};
