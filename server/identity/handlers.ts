import { Readable } from 'node:stream';
import { and, count, eq } from 'drizzle-orm';
import type { identity as contract } from '../../contract/identity.ts';
import { ApiError, type Input, mayCall, type Output } from '../../contract/kit.ts';
import { verifications } from '../../contract/verifications.ts';
import { type DocumentKind, lastFour } from '../../domain/identity-documents.ts';
import { type Actor, callerOf } from '../actor.ts';
import type { Committer } from '../db/commit.ts';
import type { GroupHandlers, QueryContext } from '../dispatch.ts';
import { patientOf } from '../patients/rows.ts';
import { pharmacyIn } from '../pharmacies/pharmacies.ts';
import type { Ports } from '../ports.ts';
import { type CheckedFile, readFile, refuseFile, shownName } from './files.ts';
import { readNumbers } from './numbers.ts';
import { askedOf, heldOf, holderOf, NOTHING, type Rows, type VerificationRow, verificationOf, viewOf } from './rows.ts';
import {
  contentPlace,
  type IdentityVault,
  namePlace,
  numberPlace,
  type Sealer,
  traceOf,
  type Whose,
} from './sealing.ts';
import { takeStep, type Work } from './step.ts';

type Contract = typeof contract;
type NotFound = Readonly<{ fail: (code: 'not_found') => never }>;
type Asker = NotFound & Readonly<{ actor: Actor; branchId: string }>;

/** So many files of one document: two sides, and what does not fit on them. */
const MOST_FILES = 4;

/** Whether this is somebody's own account, a patient of whoever keeps the register, or a pharmacy of an administrator. */
async function isTheirs(
  { t, db, row }: Rows,
  { actor, branchId }: Asker,
  { subject, subjectId }: Whose,
): Promise<boolean> {
  if (subject === 'patient') {
    const keepsRegister = actor.roles.includes('receptionist') || actor.roles.includes('admin');
    return keepsRegister && (await patientOf({ row }, { id: subjectId, branchId })) !== undefined;
  }
  if (subject === 'pharmacy')
    return actor.roles.includes('admin') && (await pharmacyIn({ t, db, row }, branchId, subjectId)) !== undefined;
  // The command line acts as nobody who has an account.
  const mine = and(eq(t.users.id, subjectId), eq(t.users.branchId, branchId));
  return subjectId === actor.id && (await db.select({ id: t.users.id }).from(t.users).where(mine)).length > 0;
}

/** Whether this person looks at the documents of others, by role or by what was granted. */
const mayReview = (actor: Actor): boolean => mayCall('verifications.get', verifications.get, callerOf(actor));

const changed = ({ state, version }: VerificationRow) => ({ state, version });
const whoseOf = ({ subject, subjectId }: Whose): Whose => ({ subject, subjectId });

type Services = Readonly<{ vault: IdentityVault; committer: Committer; ports: Ports }>;

/** Identity documents as they are handed in. */
export function createIdentityHandlers({ vault, committer, ports }: Services): GroupHandlers<'identity'> {
  /** Whose documents stand for this subject, and what seals them; for whoever may hand them in. */
  async function opened(rows: Rows, asker: Asker, asked: Whose): Promise<{ whose: Whose; sealer: Sealer }> {
    if (!(await isTheirs(rows, asker, asked))) asker.fail('not_found');
    const whose = await holderOf(rows, asker.branchId, whoseOf(asked));
    return { whose, sealer: (await vault.sealerOf(rows, whose)) ?? asker.fail('not_found') };
  }

  /** The same, for a kind of document that is asked for. */
  async function openedFor(rows: Rows, asker: Asker, whose: Whose & { kind: DocumentKind }) {
    if (!(await askedOf(rows, asker.branchId, whose)).includes(whose.kind)) asker.fail('not_found');
    return opened(rows, asker, whose);
  }

  async function insertFile(work: Work & NotFound, input: Input<Contract['addFile']>, file: CheckedFile) {
    const { tx, branchId, now } = work;
    const { t, db } = tx;
    const { whose, sealer } = await openedFor(tx, work, input);
    const id = work.id();
    const row = await takeStep(work, 'edit', whose, { about: { document: input.kind, file: id } });
    const those = and(eq(t.identityFiles.verificationId, row.id), eq(t.identityFiles.kind, input.kind));
    const [there] = await db.select({ files: count() }).from(t.identityFiles).where(those);
    if ((there?.files ?? 0) >= MOST_FILES) refuseFile('many');
    await db.insert(t.identityFiles).values({
      ...{ id, verificationId: row.id, branchId, kind: input.kind, media: file.media, bytes: file.bytes.length },
      name: sealer.seal(Buffer.from(shownName(input.filename)), namePlace(id)),
      content: sealer.seal(file.bytes, contentPlace(id)),
      ...{ createdAt: now, updatedAt: now },
    });
    return { ...changed(row), fileId: id };
  }

  return {
    async get(ctx, asked) {
      const { whose, sealer } = await opened(ctx.db, ctx, asked);
      const row = await verificationOf(ctx.db, ctx.branchId, whose);
      const kinds = await askedOf(ctx.db, ctx.branchId, whose);
      return viewOf(asked, row, kinds, row ? await heldOf(ctx.db, row.id) : NOTHING, sealer);
    },

    async save(ctx, { kind, fields, again, ...asked }) {
      const { tx, branchId, now } = ctx;
      const { t, db } = tx;
      const { whose, sealer } = await openedFor(tx, ctx, { ...asked, kind });
      const read = readNumbers(kind, fields, again);
      if ('wrong' in read) throw new ApiError('validation_failed', { fields: read.wrong });
      const row = await takeStep(ctx, 'edit', whose, { about: { document: kind } });
      for (const { name, shared, value } of read) {
        const state = {
          sealed: sealer.seal(Buffer.from(value), numberPlace(row.id, kind, name)),
          blind: shared ? null : vault.blind(kind, name, value),
          lastFour: lastFour(value),
          updatedAt: now,
        };
        const { verificationId, kind: ofKind, field } = t.identityNumbers;
        await db
          .insert(t.identityNumbers)
          .values({ verificationId: row.id, branchId, kind, field: name, ...state, createdAt: now })
          .onConflictDoUpdate({ target: [verificationId, ofKind, field], set: state });
      }
      return changed(row);
    },

    async addFile(ctx, input, source) {
      await openedFor(ctx.db, ctx, input);
      const file = await readFile(source);
      const { actor, branchId } = ctx;
      const commandId = ports.id();
      return committer.submit<Output<Contract['addFile']>>({
        ...{
          actor,
          requestId: commandId,
          operation: 'identity.addFile',
          commandId,
          bodyHash: null,
          confidential: false,
        },
        run: (tx, voice) =>
          insertFile({ tx, actor, branchId, now: ports.now(), id: ports.id, fail: ctx.fail, ...voice }, input, file),
      });
    },

    async remove(ctx, { kind, fileId, ...asked }) {
      const { t, db } = ctx.tx;
      const { whose } = await opened(ctx.tx, ctx, asked);
      const row = await takeStep(ctx, 'edit', whose, { about: { document: kind, removed: fileId ?? 'all' } });
      const files = and(eq(t.identityFiles.verificationId, row.id), eq(t.identityFiles.kind, kind));
      const gone = await db
        .delete(t.identityFiles)
        .where(and(files, fileId === undefined ? undefined : eq(t.identityFiles.id, fileId)))
        .returning({ id: t.identityFiles.id });
      if (fileId !== undefined) {
        if (gone.length === 0) ctx.fail('not_found');
        return changed(row);
      }
      await db
        .delete(t.identityNumbers)
        .where(and(eq(t.identityNumbers.verificationId, row.id), eq(t.identityNumbers.kind, kind)));
      return changed(row);
    },

    async submit(ctx, asked) {
      const { whose } = await opened(ctx.tx, ctx, asked);
      return changed(await takeStep(ctx, 'submit', whose));
    },

    file: (ctx, { id }) => fileOf(ctx, id),
  };

  async function fileOf(ctx: QueryContext<'not_found'>, id: string) {
    const { t, db } = ctx.db;
    const [found] = await db
      .select({ file: t.identityFiles, whose: t.verifications })
      .from(t.identityFiles)
      .innerJoin(t.verifications, eq(t.verifications.id, t.identityFiles.verificationId))
      .where(and(eq(t.identityFiles.id, id), eq(t.identityFiles.branchId, ctx.branchId)));
    if (!found) return ctx.fail('not_found');
    const whose = whoseOf(found.whose);
    if (!mayReview(ctx.actor) && !(await isTheirs(ctx.db, ctx, whose))) ctx.fail('not_found');
    const sealer = (await vault.sealerOf(ctx.db, whose)) ?? ctx.fail('not_found');
    const { kind, media, content } = found.file;
    ctx.record({ ...traceOf(whose), after: { document: kind, file: id } });
    const filename = `${kind}.${media.split('/')[1]}`;
    return {
      ...{ filename, media },
      body: Readable.from([sealer.open(content, contentPlace(id))]),
      // To be looked at where it stands, and to run nothing there, whoever made it.
      headers: {
        'Content-Disposition': `inline; filename="${filename}"`,
        'Content-Security-Policy': "sandbox; default-src 'none'",
      },
    };
  }
}
