import { eq } from 'drizzle-orm';
import type { Reader } from '../db/connection.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { hasMail } from '../mail/mail-server.ts';
import { isoOrNull } from '../ports.ts';
import { actorFor } from './entrance.ts';
import type { Lockout } from './lockout.ts';
import { hasFactor, type SecondFactor } from './second-factor.ts';
import type { Tickets } from './tickets.ts';
import type { UserRow } from './user-rows.ts';

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };
type Services = Readonly<{ factor: SecondFactor; lockout: Lockout; tickets: Tickets }>;

/** A person's own second factor: an authenticator app set up, replaced, taken away; codes by mail chosen or not. */
export function createSecondFactorHandlers({ factor, lockout, tickets }: Services): GroupHandlers<'secondFactor'> {
  const mine = async ({ t, db }: Rows, id: string): Promise<UserRow | undefined> =>
    (await db.select().from(t.users).where(eq(t.users.id, id)))[0];

  return {
    async get({ db, actor }) {
      const user = await mine(db, actor.id);
      return {
        since: isoOrNull(user?.totpSince ?? null),
        needed: user ? await factor.isNeeded(db, user) : false,
        recoveryLeft: await factor.recoveryLeft(db, actor.id),
        email:
          user && user.email !== null && (await hasMail(db, user.branchId))
            ? { verifiedAt: isoOrNull(user.emailVerifiedAt), codes: user.mailCodes }
            : null,
      };
    },

    async setUp(ctx, { ticket }) {
      const user = await tickets.userOf(ctx, ticket);
      // Whoever has one proves that one first: this way leads nobody round it.
      if (!user || user.passwordGiven || (await factor.usableBy(ctx.tx, user)).length > 0)
        return ctx.fail('ticket_over');
      ctx.record({ resource: 'user', resourceId: user.id, actor: actorFor(user, ctx.actor) });
      return factor.begin(ctx, user);
    },

    async begin(ctx) {
      const user = await mine(ctx.tx, ctx.actor.id);
      ctx.record({ resource: 'user', resourceId: ctx.actor.id });
      return factor.begin(ctx, user as UserRow);
    },

    async confirm(ctx, { code }) {
      const user = (await mine(ctx.tx, ctx.actor.id)) as UserRow;
      ctx.record({ resource: 'user', resourceId: user.id });
      await lockout.refuseLocked(ctx, user);
      if (!(await factor.confirm(ctx, user, code))) return lockout.countFailure(ctx, user, 'bad_code');
      return { ok: true };
    },

    async byMail(ctx, { on }) {
      const user = (await mine(ctx.tx, ctx.actor.id)) as UserRow;
      if (on && !(await hasMail(ctx.tx, user.branchId))) ctx.fail('no_mail');
      if (on && user.emailVerifiedAt === null) ctx.fail('not_verified');
      await factor.chooseMail(ctx, user, on);
      ctx.record({ resource: 'user', resourceId: user.id, before: { byMail: user.mailCodes }, after: { byMail: on } });
      return { ok: true };
    },

    async recoveryCodes(ctx) {
      const user = (await mine(ctx.tx, ctx.actor.id)) as UserRow;
      if (!hasFactor(user)) ctx.fail('no_factor');
      ctx.record({ resource: 'user', resourceId: user.id });
      return { codes: await factor.newRecoveryCodes(ctx, user) };
    },

    async remove(ctx) {
      const user = (await mine(ctx.tx, ctx.actor.id)) as UserRow;
      if (!hasFactor(user)) ctx.fail('no_factor');
      if (await factor.isNeeded(ctx.tx, user)) ctx.fail('factor_needed');
      await factor.remove(ctx, user);
      ctx.record({ resource: 'user', resourceId: user.id });
      return { ok: true };
    },
  };
}
