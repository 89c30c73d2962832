import { count, eq } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import { isTimeZone } from '../../domain/clinic-day.ts';
import { branchOf } from '../clinic.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { FIRST_FURNITURE, furnish, insertBranch } from '../setup/host.ts';

/** The places of a clinic, for whoever is above all of them. */
export const branchHandlers: GroupHandlers<'branches'> = {
  async list({ db: { t, db } }) {
    const rows = await db
      .select({
        ...{ id: t.branches.id, code: t.branches.code, name: t.branches.name, timeZone: t.branches.timeZone },
        people: count(t.users.id),
      })
      .from(t.branches)
      .leftJoin(t.users, eq(t.users.branchId, t.branches.id))
      .groupBy(t.branches.id)
      .orderBy(t.branches.code);
    return { items: rows, nextCursor: null };
  },

  async create(ctx, { code, name, timeZone: asked }) {
    const own = await branchOf(ctx.tx, ctx.branchId);
    const timeZone = asked ?? own.timeZone;
    if (!isTimeZone(timeZone)) {
      const message = 'Choose a time zone from the list, for example Asia/Karachi.';
      throw new ApiError('validation_failed', { fields: [{ field: 'timeZone', code: 'unknown_zone', message }] });
    }
    const { t, db } = ctx.tx;
    const taken = await db.select({ id: t.branches.id }).from(t.branches).where(eq(t.branches.code, code));
    if (taken.length > 0) ctx.fail('branch_code_taken', { code });
    const { rollOverHour, demo } = own;
    const id = await insertBranch(ctx, { code, clinic: name, timeZone, rollOverHour, demo, openSince: ctx.now });
    await furnish(ctx, id, FIRST_FURNITURE);
    ctx.record({ resource: 'branch', resourceId: id, after: { code, name, timeZone } });
    return { id, code, name, timeZone, people: 0 };
  },

  async enter(ctx, { id }) {
    if (ctx.actor.station) ctx.fail('only_elsewhere');
    const { t, db } = ctx.tx;
    const [branch] = await db.select({ code: t.branches.code }).from(t.branches).where(eq(t.branches.id, id));
    if (!branch) return ctx.fail('not_found');
    await db
      .update(t.sessions)
      .set({ branchId: id, updatedAt: ctx.now })
      .where(eq(t.sessions.id, ctx.actor.sessionId ?? ''));
    ctx.record({ resource: 'branch', resourceId: id, after: { code: branch.code } });
    // Whoever listens on this sign-in hears of the other branch from now on.
    ctx.emit('user.changed', { userId: ctx.actor.id });
    return { ok: true };
  },
};
