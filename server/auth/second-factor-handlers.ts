import { eq } from 'drizzle-orm';
import type { Reader } from '../db/connection.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { hasMail } from '../mail/mail-server.ts';
import { isoOrNull } from '../ports.ts';
import { actorFor } from './entrance.ts';
import type { Lockout } from './lockout.ts';
import { provingAgain, signingIn } from './proof.ts';
import { hasFactor, type SecondFactor } from './second-factor.ts';
import type { SecurityKeys } from './security-keys.ts';
import type { Tickets } from './tickets.ts';
import type { UserRow } from './user-rows.ts';

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };
type Services = Readonly<{ factor: SecondFactor; keys: SecurityKeys; lockout: Lockout; tickets: Tickets }>;

/** A person's own second factor: an authenticator app set up, replaced, taken away; codes by mail chosen or not. */
export function createSecondFactorHandlers({
  factor,
  keys,
  lockout,
  tickets,
}: Services): GroupHandlers<'secondFactor'> {
  const mine = async ({ t, db }: Rows, id: string): Promise<UserRow | undefined> =>
    (await db.select().from(t.users).where(eq(t.users.id, id)))[0];

  return {
    async get({ db, actor }) {
      const user = await mine(db, actor.id);
      return {
        since: isoOrNull(user?.totpSince ?? null),
        needed: user ? await factor.isNeeded(db, user) : false,
        recoveryLeft: await factor.recoveryLeft(db, actor.id),
        by: user ? await factor.usableBy(db, user) : [],
        email:
          user && user.email !== null && (await hasMail(db, user.branchId))
            ? { verifiedAt: isoOrNull(user.emailVerifiedAt), codes: user.mailCodes }
            : null,
        keys: await keys.list(db, actor.id),
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

    async keyOptions(ctx) {
      const user = (await mine(ctx.tx, ctx.actor.id)) as UserRow;
      return (await keys.options(ctx, user)) ?? ctx.fail('key_not_here');
    },

    async addKey(ctx, { name, key }) {
      const user = (await mine(ctx.tx, ctx.actor.id)) as UserRow;
      if (!(await keys.options(ctx, user))) ctx.fail('key_not_here');
      if (!(await keys.hasRoom(ctx.tx, user.id))) ctx.fail('too_many_keys');
      if (!(await keys.add(ctx, user, name, key))) ctx.fail('bad_key');
      await factor.changed(ctx, user.id);
      ctx.record({ resource: 'user', resourceId: user.id, after: { key: name } });
      return { ok: true };
    },

    async removeKey(ctx, { id }) {
      const gone = (await keys.remove(ctx, ctx.actor.id, id)) ?? ctx.fail('not_found');
      const user = (await mine(ctx.tx, ctx.actor.id)) as UserRow;
      if (!hasFactor(user) && (await factor.isNeeded(ctx.tx, user))) ctx.fail('factor_needed');
      await factor.changed(ctx, user.id);
      ctx.record({ resource: 'user', resourceId: user.id, before: { key: gone.name } });
      return { ok: true };
    },

    async askKey(ctx, { ticket }) {
      const user = ticket === undefined ? null : await tickets.userOf(ctx, ticket);
      if (ticket !== undefined && (!user || user.passwordGiven)) return ctx.fail('ticket_over');
      const about = ticket === undefined ? provingAgain(ctx.actor) : signingIn(ticket);
      return (await keys.ask(ctx, user?.id ?? ctx.actor.id, about)) ?? ctx.fail('key_not_here');
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
