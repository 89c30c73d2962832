import { and, asc, eq } from 'drizzle-orm';
import type * as z from 'zod';
import type { pharmacies as contract } from '../../contract/pharmacies.ts';
import { NOT_SUBMITTED, type VerificationStatus } from '../../domain/verification.ts';
import type { Reader } from '../db/connection.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { given } from '../given.ts';
import { statusesOf } from '../identity/rows.ts';

type Rows = Pick<Reader, 't' | 'row' | 'db'>;
type PharmacyRow = Reader['t']['pharmacies']['$inferSelect'];
type View = z.input<(typeof contract)['create']['output']>;

const keyOfLicence = (licence: string): string => licence.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

const view = (row: PharmacyRow, verification: VerificationStatus): View => ({
  ...{ id: row.id, name: row.name, licence: row.licence, active: row.active, version: row.version },
  ...{ email: row.email, phone: row.phone, address: row.address },
  verification,
});
const shown = ({ name, licence, email, phone, address, active }: PharmacyRow) => ({
  ...{ name, licence, email, phone, address, active },
});

/** A pharmacy of this branch; undefined when there is no such one. */
export const pharmacyIn = async ({ t, db }: Rows, branchId: string, id: string): Promise<PharmacyRow | undefined> =>
  (
    await db
      .select()
      .from(t.pharmacies)
      .where(and(eq(t.pharmacies.id, id), eq(t.pharmacies.branchId, branchId)))
  )[0];

async function refuseTaken(ctx: CommandContext<'licence_taken'>, licenceKey: string, own = ''): Promise<void> {
  const { t, db } = ctx.tx;
  const same = and(eq(t.pharmacies.branchId, ctx.branchId), eq(t.pharmacies.licenceKey, licenceKey));
  const [found] = await db.select({ id: t.pharmacies.id, name: t.pharmacies.name }).from(t.pharmacies).where(same);
  if (found && found.id !== own) ctx.fail('licence_taken', { name: found.name });
}

/** The pharmacies that a branch works with. */
export const pharmacyHandlers: GroupHandlers<'pharmacies'> = {
  async list({ db: reader, branchId }, { active }) {
    const { t, db } = reader;
    const rows = await db
      .select()
      .from(t.pharmacies)
      .where(
        and(eq(t.pharmacies.branchId, branchId), active === undefined ? undefined : eq(t.pharmacies.active, active)),
      )
      .orderBy(asc(t.pharmacies.name), asc(t.pharmacies.id));
    const statuses = await statusesOf(reader, branchId, 'pharmacy');
    return { items: rows.map((row) => view(row, statuses.get(row.id) ?? NOT_SUBMITTED)), nextCursor: null };
  },

  async create(ctx, given) {
    const licenceKey = keyOfLicence(given.licence);
    await refuseTaken(ctx, licenceKey);
    const times = { createdAt: ctx.now, updatedAt: ctx.now };
    const row = { ...given, id: ctx.id(), branchId: ctx.branchId, licenceKey, active: true, version: 1, ...times };
    await ctx.tx.db.insert(ctx.tx.t.pharmacies).values(row);
    ctx.emit('pharmacy.changed', { pharmacyId: row.id });
    ctx.record({ resource: 'pharmacy', resourceId: row.id, after: shown(row) });
    return view(row, NOT_SUBMITTED);
  },

  async update(ctx, { id, expectedVersion, ...change }) {
    const before = (await pharmacyIn(ctx.tx, ctx.branchId, id)) ?? ctx.fail('not_found');
    if (expectedVersion !== undefined && expectedVersion !== before.version)
      ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
    const changed: PharmacyRow = { ...before, ...given(change), version: before.version + 1, updatedAt: ctx.now };
    const after = { ...changed, licenceKey: keyOfLicence(changed.licence) };
    await refuseTaken(ctx, after.licenceKey, id);
    const { t, db } = ctx.tx;
    await db.update(t.pharmacies).set(after).where(eq(t.pharmacies.id, id));
    ctx.emit('pharmacy.changed', { pharmacyId: id });
    ctx.record({ resource: 'pharmacy', resourceId: id, before: shown(before), after: shown(after) });
    const statuses = await statusesOf(ctx.tx, ctx.branchId, 'pharmacy');
    return view(after, statuses.get(id) ?? NOT_SUBMITTED);
  },
};
