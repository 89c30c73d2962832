import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { fieldsOf } from '../../domain/identity-documents.ts';
import { statesOf, verificationStatus } from '../../domain/verification.ts';
import { keyset, pageOf } from '../db/paging.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { iso, isoOrNull } from '../ports.ts';
import { askedOf, type Held, heldOf, type Rows, viewOf } from './rows.ts';
import { type IdentityVault, numberPlace, traceOf } from './sealing.ts';
import { takeStep } from './step.ts';

/** A verification with the name of whose it is. */
const selectNamed = ({ t, db }: Rows) =>
  db
    .select({
      row: t.verifications,
      name: sql<string>`coalesce(${t.users.name}, ${t.patients.name}, ${t.pharmacies.name}, '')`,
    })
    .from(t.verifications)
    .leftJoin(t.users, and(eq(t.verifications.subject, 'staff'), eq(t.users.id, t.verifications.subjectId)))
    .leftJoin(t.patients, and(eq(t.verifications.subject, 'patient'), eq(t.patients.id, t.verifications.subjectId)))
    .leftJoin(
      t.pharmacies,
      and(eq(t.verifications.subject, 'pharmacy'), eq(t.pharmacies.id, t.verifications.subjectId)),
    );

async function namedOf(rows: Rows, branchId: string, id: string) {
  const { t } = rows;
  return (await selectNamed(rows).where(and(eq(t.verifications.id, id), eq(t.verifications.branchId, branchId))))[0];
}

/** Who else in this branch has handed in the same number, by the kind of document. */
async function othersWith(rows: Rows, branchId: string, id: string, { numbers }: Held): Promise<Map<string, string[]>> {
  const blind = numbers.flatMap((number) => number.blind ?? []);
  if (blind.length === 0) return new Map();
  const { t } = rows;
  const found = await rows.db
    .selectDistinct({ id: t.identityNumbers.verificationId, kind: t.identityNumbers.kind })
    .from(t.identityNumbers)
    .where(
      and(
        eq(t.identityNumbers.branchId, branchId),
        inArray(t.identityNumbers.blind, blind),
        ne(t.identityNumbers.verificationId, id),
      ),
    );
  const others = new Map<string, string[]>();
  for (const { id: other, kind } of found) {
    const name = (await namedOf(rows, branchId, other))?.name ?? '';
    others.set(kind, [...(others.get(kind) ?? []), name]);
  }
  return others;
}

/** Identity documents as an administrator looks at them. */
export function createVerificationHandlers(vault: IdentityVault): GroupHandlers<'verifications'> {
  return {
    async list(ctx, { subject, status, cursor, limit }) {
      const { t } = ctx.db;
      const { where, orderBy } = keyset([t.verifications.updatedAt, t.verifications.id], cursor, 'desc');
      const rows = await selectNamed(ctx.db)
        .where(
          and(
            eq(t.verifications.branchId, ctx.branchId),
            subject && eq(t.verifications.subject, subject),
            status && inArray(t.verifications.state, statesOf(status)),
            where,
          ),
        )
        .orderBy(...orderBy)
        .limit(limit + 1);
      const { items, nextCursor } = pageOf(rows, limit, ({ row }) => [row.updatedAt, row.id]);
      const view = ({ row, name }: (typeof rows)[number]) => ({
        ...{ id: row.id, subject: row.subject, subjectId: row.subjectId, name, state: row.state },
        status: verificationStatus(row.state),
        submittedAt: isoOrNull(row.submittedAt),
        decidedAt: isoOrNull(row.decidedAt),
        updatedAt: iso(row.updatedAt),
      });
      return { items: items.map(view), nextCursor };
    },

    async get(ctx, { id }) {
      const { row, name } = (await namedOf(ctx.db, ctx.branchId, id)) ?? ctx.fail('not_found');
      const sealer = (await vault.sealerOf(ctx.db, row)) ?? ctx.fail('not_found');
      const held = await heldOf(ctx.db, id);
      const others = await othersWith(ctx.db, ctx.branchId, id, held);
      const view = viewOf(row, row, await askedOf(ctx.db, ctx.branchId, row), held, sealer);
      const documents = view.documents.map((document) => ({ ...document, alsoOf: others.get(document.kind) ?? [] }));
      return { ...view, name, own: row.subject === 'staff' && row.subjectId === ctx.actor.id, documents };
    },

    async decide(ctx, { id, step, remarks, expectedVersion }) {
      const { row } = (await namedOf(ctx.tx, ctx.branchId, id)) ?? ctx.fail('not_found');
      if (row.version !== expectedVersion) ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
      const { subject, subjectId } = row;
      const { state, version } = await takeStep(ctx, step, { subject, subjectId }, { remarks });
      ctx.record({ action: `verifications.${step}` });
      return { state, version };
    },

    async reveal(ctx, { id, kind }) {
      const { row } = (await namedOf(ctx.db, ctx.branchId, id)) ?? ctx.fail('not_found');
      const sealer = (await vault.sealerOf(ctx.db, row)) ?? ctx.fail('not_found');
      const { numbers } = await heldOf(ctx.db, id);
      ctx.record({ ...traceOf(row), after: { document: kind } });
      return {
        fields: fieldsOf(kind).flatMap(({ name }) => {
          const number = numbers.find((one) => one.kind === kind && one.field === name);
          return number ? [{ name, value: sealer.open(number.sealed, numberPlace(id, kind, name)).toString() }] : [];
        }),
      };
    },
  };
}
