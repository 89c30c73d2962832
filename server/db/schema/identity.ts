import type { DocumentKind, NumberField } from '../../../domain/identity-documents.ts';
import type { Subject, VerificationState } from '../../../domain/verification.ts';
import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';

/** Who somebody is, by their documents. Numbers, files and the names of files are sealed. */
export function identityTables(k: Columns, { branchId, times }: Ground) {
  const verifications = k.table(
    'verifications',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      subject: k.text<Subject>('subject').notNull(),
      subjectId: k.text('subject_id').notNull(),
      state: k.text<VerificationState>('state').notNull(),
      /** Why it was declined, or what to do again. */
      remarks: k.text('remarks'),
      submittedAt: k.int('submitted_at'),
      decidedAt: k.int('decided_at'),
      decidedBy: k.text('decided_by'),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [
      k.unique('verifications_subject').on(t.subject, t.subjectId),
      k.index('verifications_newest').on(t.branchId, t.updatedAt, t.id),
    ],
  );
  const verificationId = () =>
    k
      .text('verification_id')
      .notNull()
      .references(() => verifications.id);

  const identityNumbers = k.table(
    'identity_numbers',
    {
      verificationId: verificationId(),
      branchId: branchId(),
      kind: k.text<DocumentKind>('kind').notNull(),
      field: k.text<NumberField['name']>('field').notNull(),
      sealed: k.bytes('sealed').notNull(),
      /** The same for the same number of the same kind; null where a number says nothing about who somebody is. */
      blind: k.text('blind'),
      lastFour: k.text('last_four').notNull(),
      ...times,
    },
    (t) => [
      k.primaryKey({ columns: [t.verificationId, t.kind, t.field] }),
      k.index('identity_numbers_blind').on(t.branchId, t.blind),
    ],
  );

  const identityFiles = k.table(
    'identity_files',
    {
      id: k.text('id').primaryKey(),
      verificationId: verificationId(),
      branchId: branchId(),
      kind: k.text<DocumentKind>('kind').notNull(),
      media: k.text<'application/pdf' | 'image/jpeg' | 'image/png'>('media').notNull(),
      bytes: k.int('bytes').notNull(),
      /** What it was called where it came from: to be shown, never a path. */
      name: k.bytes('name').notNull(),
      content: k.bytes('content').notNull(),
      ...times,
    },
    (t) => [k.index('identity_files_verification').on(t.verificationId)],
  );

  return { verifications, identityNumbers, identityFiles };
}
