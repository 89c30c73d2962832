import { and, count, eq } from 'drizzle-orm';
import type { accountRequests as contract } from '../../contract/account-requests.ts';
import { withImplied } from '../../domain/people.ts';
import { NOT_SUBMITTED } from '../../domain/verification.ts';
import { branchesAsked } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';
import { keyset, pageOf } from '../db/paging.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { iso, isoOrNull } from '../ports.ts';
import { takenName } from './names.ts';
import { clinicNames, weakness } from './password-strength.ts';
import type { Passwords } from './passwords.ts';
import { insertUser, isAbove, shown, userView } from './user-rows.ts';

type Contract = typeof contract;

/** So many may wait to be decided about: a stranger fills no disk. */
const MOST = 20;

/** Where it is asked for: in this branch, or the first, if one may there. */
const branchAsked = async (reader: Pick<Reader, 'rows'>, wanted: string | undefined) =>
  (await branchesAsked(reader)).find(({ id }) => wanted === undefined || id === wanted);

/** Accounts that people ask for by themselves. */
export function createAccountRequests(passwords: Passwords): GroupHandlers<'accountRequests'> {
  async function pending(ctx: CommandContext<'not_found' | 'settled'>, id: string) {
    const { t, db } = ctx.tx;
    const mine = and(eq(t.accountRequests.id, id), eq(t.accountRequests.branchId, ctx.branchId));
    const found = (await db.select().from(t.accountRequests).where(mine))[0] ?? ctx.fail('not_found');
    return found.state === 'pending' ? found : ctx.fail('settled');
  }

  /** Whatever is decided, the password is not kept here any longer. */
  async function decide(ctx: CommandContext, id: string, state: 'approved' | 'declined', reason: string | null) {
    const { t, db } = ctx.tx;
    await db
      .update(t.accountRequests)
      .set({ state, reason, passwordHash: null, decidedBy: ctx.actor.id, decidedAt: ctx.now, updatedAt: ctx.now })
      .where(eq(t.accountRequests.id, id));
  }

  return {
    make: prepared<Contract['make'], { passwordHash: string }>({
      async prepare(ctx, { username, name, password, branchId }) {
        if (!(await branchAsked(ctx.db, branchId))) ctx.fail('requests_closed');
        const weak = await weakness(password, [username, name], await clinicNames(ctx.db));
        if (weak) ctx.fail('weak_password', weak);
        return { passwordHash: await passwords.hash(password) };
      },
      async handle(ctx, { password: _password, branchId, ...given }, { passwordHash }) {
        const branch = (await branchAsked(ctx.tx, branchId)) ?? ctx.fail('requests_closed');
        const { t, db } = ctx.tx;
        const waiting = and(eq(t.accountRequests.branchId, branch.id), eq(t.accountRequests.state, 'pending'));
        const [now] = await db.select({ n: count() }).from(t.accountRequests).where(waiting);
        if ((now?.n ?? 0) >= MOST) ctx.fail('requests_full');
        const id = ctx.id();
        await db.insert(t.accountRequests).values({
          ...{ id, branchId: branch.id, ...given, passwordHash, state: 'pending' as const },
          ...{ reason: null, decidedBy: null, decidedAt: null, createdAt: ctx.now, updatedAt: ctx.now },
        });
        ctx.record({ resource: 'account_request', resourceId: id, after: { roles: given.roles } });
        return { ok: true };
      },
    }),

    async list(ctx, { state, cursor, limit }) {
      const { t, db } = ctx.db;
      const { where, orderBy } = keyset([t.accountRequests.createdAt, t.accountRequests.id], cursor, 'desc');
      const those = and(eq(t.accountRequests.branchId, ctx.branchId), state && eq(t.accountRequests.state, state));
      const rows = await db
        .select()
        .from(t.accountRequests)
        .where(and(those, where))
        .orderBy(...orderBy)
        .limit(limit + 1);
      const { items, nextCursor } = pageOf(rows, limit, (row) => [row.createdAt, row.id]);
      return {
        items: items.map((row) => ({ ...row, createdAt: iso(row.createdAt), decidedAt: isoOrNull(row.decidedAt) })),
        nextCursor,
      };
    },

    async approve(ctx, { id, roles: chosen }) {
      const { username, name, email, phone, passwordHash } = await pending(ctx, id);
      const roles = withImplied(chosen);
      if (!(await isAbove(ctx, roles))) ctx.fail('outranked');
      const who = { id: ctx.id(), branchId: ctx.branchId, username, name, email, phone, roles };
      const taken = await takenName(ctx.tx, { ...who, code: '' });
      if (taken !== null) ctx.fail('name_taken', { name: taken });
      const row = await insertUser(ctx.tx, { ...who, passwordHash: passwordHash ?? '', now: ctx.now });
      await decide(ctx, id, 'approved', null);
      ctx.emit('user.changed', { userId: row.id });
      ctx.record({ resource: 'user', resourceId: row.id, after: { username, request: id, ...shown(row) } });
      return userView(row, NOT_SUBMITTED);
    },

    async decline(ctx, { id, reason }) {
      await pending(ctx, id);
      await decide(ctx, id, 'declined', reason);
      ctx.record({ resource: 'account_request', resourceId: id, after: { reason } });
      return { ok: true };
    },
  };
}
