import { createHmac } from 'node:crypto';
import type { DocumentKind } from '../../domain/identity-documents.ts';
import type { Subject } from '../../domain/verification.ts';
import type { Reader } from '../db/connection.ts';
import type { Trace } from '../db/scope.ts';
import { seal, unseal } from '../keys.ts';
import type { Vault } from '../vault.ts';

export type Whose = Readonly<{ subject: Subject; subjectId: string }>;
/** Whose record an audit entry is about; of a patient it is sealed by the patient's key. */
export const traceOf = ({ subject, subjectId }: Whose): Trace =>
  subject === 'patient'
    ? { resource: 'patient', resourceId: subjectId, patientId: subjectId }
    : { resource: subject === 'staff' ? 'user' : 'pharmacy', resourceId: subjectId };

/** Each piece is bound to its place: it opens nowhere else. */
export type Sealer = Readonly<{
  seal: (plain: Buffer, place: string) => Buffer;
  open: (sealed: Buffer, place: string) => Buffer;
}>;

export const numberPlace = (verificationId: string, kind: DocumentKind, field: string) =>
  `identity ${verificationId} ${kind} ${field}`;
export const namePlace = (fileId: string) => `identity file name ${fileId}`;
export const contentPlace = (fileId: string) => `identity file ${fileId}`;

/** How identity documents are kept from whoever has the database alone. */
export function createIdentityVault({ patientKeys, documentKey, blindKey }: Vault) {
  return {
    /** Null when the patient’s key was destroyed: then nobody opens anything of theirs. */
    async sealerOf(reader: Pick<Reader, 'row'>, { subject, subjectId }: Whose): Promise<Sealer | null> {
      const key = subject === 'patient' ? await patientKeys.find(reader, subjectId) : documentKey;
      return (
        key && { seal: (plain, place) => seal(key, plain, place), open: (sealed, place) => unseal(key, sealed, place) }
      );
    },
    /** The same for the same number of the same kind, and of no use to whoever guesses without the key. */
    blind: (kind: DocumentKind, field: string, value: string): string =>
      createHmac('sha256', blindKey).update(`${kind} ${field} ${value}`).digest('base64url'),
  };
}
export type IdentityVault = ReturnType<typeof createIdentityVault>;
