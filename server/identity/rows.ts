import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type * as z from 'zod';
import type { verification as verificationShape } from '../../contract/identity.ts';
import { DOCUMENT_KINDS, type DocumentKind, fieldsOf, isThere } from '../../domain/identity-documents.ts';
import { type Subject, type VerificationStatus, verificationStatus } from '../../domain/verification.ts';
import { branchOf } from '../clinic.ts';
import { type Reader, statement } from '../db/connection.ts';
import { isoOrNull } from '../ports.ts';
import { namePlace, type Sealer, type Whose } from './sealing.ts';

export type Rows = Pick<Reader, 't' | 'row' | 'db'>;
export type VerificationRow = Reader['t']['verifications']['$inferSelect'];

const findVerification = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.verifications)
    .where(
      and(
        eq(t.verifications.branchId, p('branchId')),
        eq(t.verifications.subject, p('subject')),
        eq(t.verifications.subjectId, p('subjectId')),
      ),
    ),
);

/** The documents of somebody in this branch; undefined before anything was handed in. */
export const verificationOf = (reader: Pick<Reader, 'row'>, branchId: string, { subject, subjectId }: Whose) =>
  reader.row(findVerification, { branchId, subject, subjectId });

/** Who holds documents that stand for somebody; null when there are none. */
async function heldFor(rows: Rows, branchId: string, whose: Whose): Promise<Whose | null> {
  if (await verificationOf(rows, branchId, whose)) return whose;
  if (whose.subject !== 'patient') return null;
  const { t, db } = rows;
  const merged = await db
    .select({ id: t.merges.patientId })
    .from(t.merges)
    .where(and(eq(t.merges.branchId, branchId), eq(t.merges.intoId, whose.subjectId), isNull(t.merges.undoneAt)))
    .orderBy(desc(t.merges.at));
  for (const { id } of merged) {
    const holder = await heldFor(rows, branchId, { ...whose, subjectId: id });
    if (holder) return holder;
  }
  return null;
}

/**
 * Whose documents stand for somebody: their own, or, where a patient has none, those of a record that was merged into theirs.
 * They stay sealed by the key of that record, and go back with it when the merge is undone.
 */
export const holderOf = async (rows: Rows, branchId: string, whose: Whose): Promise<Whose> =>
  (await heldFor(rows, branchId, whose)) ?? whose;

/** How the documents of an account stand. */
export async function statusOfUser(
  reader: Pick<Reader, 'row'>,
  { id, branchId }: Readonly<{ id: string; branchId: string }>,
): Promise<VerificationStatus> {
  const row = await verificationOf(reader, branchId, { subject: 'staff', subjectId: id });
  return verificationStatus(row?.state ?? 'not_started');
}

/** The same for all of a kind in a branch that have handed anything in. */
export async function statusesOf(
  { t, db }: Pick<Rows, 't' | 'db'>,
  branchId: string,
  subject: Subject,
): Promise<Map<string, VerificationStatus>> {
  const rows = await db
    .select({ id: t.verifications.subjectId, state: t.verifications.state })
    .from(t.verifications)
    .where(and(eq(t.verifications.branchId, branchId), eq(t.verifications.subject, subject)));
  return new Map(rows.map(({ id, state }) => [id, verificationStatus(state)]));
}

/** Which kinds this branch asks for. */
export async function askedOf(reader: Pick<Reader, 'row'>, branchId: string, { subject }: Pick<Whose, 'subject'>) {
  const { staffDocuments, patientDocuments, pharmacyDocuments } = await branchOf(reader, branchId);
  return { staff: staffDocuments, patient: patientDocuments, pharmacy: pharmacyDocuments }[subject];
}

/** What is kept of a verification, without the contents of files. */
export async function heldOf({ t, db }: Rows, verificationId: string) {
  const numbers = await db.select().from(t.identityNumbers).where(eq(t.identityNumbers.verificationId, verificationId));
  const { id, kind, media, bytes, name } = t.identityFiles;
  const files = await db
    .select({ id, kind, media, bytes, name })
    .from(t.identityFiles)
    .where(eq(t.identityFiles.verificationId, verificationId))
    .orderBy(asc(id));
  return { numbers, files };
}
export type Held = Awaited<ReturnType<typeof heldOf>>;
export const NOTHING: Held = { numbers: [], files: [] };

const isKindThere = ({ numbers, files }: Held, kind: DocumentKind): boolean =>
  isThere(kind, {
    fields: numbers.filter((number) => number.kind === kind).map(({ field }) => field),
    files: files.filter((file) => file.kind === kind).length,
  });
export const missingOf = (held: Held, asked: readonly DocumentKind[]): DocumentKind[] =>
  asked.filter((kind) => !isKindThere(held, kind));

/** As it is shown: numbers by their last four characters. */
export function viewOf(
  { subject, subjectId }: Whose,
  row: VerificationRow | undefined,
  asked: readonly DocumentKind[],
  held: Held,
  sealer: Sealer,
): z.input<typeof verificationShape> {
  const state = row?.state ?? 'not_started';
  const kept = (kind: DocumentKind) => [...held.numbers, ...held.files].some((part) => part.kind === kind);
  const there = asked.length - missingOf(held, asked).length;
  return {
    id: row?.id ?? null,
    ...{ subject, subjectId, state },
    status: verificationStatus(state),
    remarks: row?.remarks ?? null,
    percent: asked.length === 0 ? 0 : Math.floor((100 * there) / asked.length),
    documents: DOCUMENT_KINDS.filter((kind) => asked.includes(kind) || kept(kind)).map((kind) => ({
      kind,
      asked: asked.includes(kind),
      complete: isKindThere(held, kind),
      fields: fieldsOf(kind).map(({ name }) => ({
        name,
        lastFour: held.numbers.find((number) => number.kind === kind && number.field === name)?.lastFour ?? null,
      })),
      files: held.files
        .filter((file) => file.kind === kind)
        .map(({ id, media, bytes, name }) => ({
          ...{ id, media, bytes },
          name: sealer.open(name, namePlace(id)).toString(),
        })),
    })),
    submittedAt: isoOrNull(row?.submittedAt ?? null),
    decidedAt: isoOrNull(row?.decidedAt ?? null),
    version: row?.version ?? 0,
  };
}
