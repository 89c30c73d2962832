import { eq } from 'drizzle-orm';
import type { auth as contract } from '../../contract/auth.ts';
import { keyOfName } from '../../domain/people.ts';
import { type GroupHandlers, prepared } from '../dispatch.ts';
import { forgetPerson } from './device-people.ts';
import { actorFor } from './entrance.ts';
import { type Lockout, refuseAndKeep, uncount } from './lockout.ts';
import { userNamed } from './names.ts';
import type { PasswordReset } from './password-reset.ts';
import { clinicNames, weakness } from './password-strength.ts';
import type { Passwords } from './passwords.ts';
import { endSessions } from './sessions.ts';
import type { Tickets } from './tickets.ts';

type Contract = typeof contract;
type Services = Readonly<{ passwords: Passwords; lockout: Lockout; tickets: Tickets; reset: PasswordReset }>;
type Handlers = Pick<GroupHandlers<'auth'>, 'choosePassword' | 'resetPassword' | 'changePassword'>;

/** A password that nobody else knows: in place of one that was given, one that was forgotten, or one that was one's own. */
export function createOwnPassword({ passwords, lockout, tickets, reset }: Services): Handlers {
  const { countGhost, countFailure, refuseLocked } = lockout;

  const choosePassword = prepared<Contract['choosePassword'], { hash: string }>({
    async prepare(ctx, { password }) {
      const weak = await weakness(password, [], await clinicNames(ctx.db));
      if (weak) ctx.fail('weak_password', weak);
      return { hash: await passwords.hash(password) };
    },
    async handle(ctx, { ticket, password }, { hash }) {
      const user = await tickets.userOf(ctx, ticket);
      if (!user?.passwordGiven) return ctx.fail('ticket_over');
      ctx.record({ resource: 'user', resourceId: user.id, actor: actorFor(user, ctx.actor) });
      const weak = await weakness(password, [user.username, user.name], await clinicNames(ctx.tx));
      if (weak) ctx.fail('weak_password', weak);
      const { t, db } = ctx.tx;
      const chosen = { passwordHash: hash, passwordGiven: false, updatedAt: ctx.now };
      await db.update(t.users).set(chosen).where(eq(t.users.id, user.id));
      await endSessions(ctx, user.id, 'password changed');
      return { ok: true };
    },
  });

  const resetPassword = prepared<Contract['resetPassword'], { hash: string }>({
    // The same for everybody: neither how long it takes nor what is weak tells whether there is such a name.
    async prepare(ctx, { identifier, code, password }) {
      const user = await userNamed(ctx.db, identifier);
      const known = user && (await reset.fits(ctx.db, user, code, ctx.now));
      const weak = await weakness(
        password,
        known ? [user.username, user.name] : [identifier],
        await clinicNames(ctx.db),
      );
      if (weak) ctx.fail('weak_password', weak);
      return { hash: await passwords.hash(password) };
    },
    async handle(ctx, { identifier, code }, { hash }) {
      const user = await userNamed(ctx.tx, identifier);
      if (!user) return countGhost(keyOfName(identifier), ctx.now, 'bad_code');
      ctx.record({ resource: 'user', resourceId: user.id, actor: actorFor(user, ctx.actor) });
      await refuseLocked(ctx, user);
      if (!(await reset.fits(ctx.tx, user, code, ctx.now))) return countFailure(ctx, user, 'bad_code');
      const { t, db } = ctx.tx;
      await uncount(ctx.tx, user.id);
      await db
        .update(t.users)
        .set({ passwordHash: hash, passwordGiven: false, resetHash: null, resetUntil: null, updatedAt: ctx.now })
        .where(eq(t.users.id, user.id));
      await endSessions(ctx, user.id, 'password reset');
      await forgetPerson(ctx, user.id);
      return { ok: true };
    },
  });

  const changePassword = prepared<Contract['changePassword'], { fits: boolean; hash: string }>({
    async prepare(ctx, { current, next }) {
      const { t, db } = ctx.db;
      const user = (await db.select().from(t.users).where(eq(t.users.id, ctx.actor.id)))[0];
      const weak = await weakness(next, [user?.username ?? '', user?.name ?? ''], await clinicNames(ctx.db));
      if (weak) ctx.fail('weak_password', weak);
      const fits = await passwords.verify(user?.passwordHash ?? null, current);
      return { fits, hash: fits ? await passwords.hash(next) : '' };
    },
    async handle(ctx, _input, { fits, hash }) {
      const { t, db } = ctx.tx;
      const user = (await db.select().from(t.users).where(eq(t.users.id, ctx.actor.id)))[0];
      ctx.record({ resource: 'user', resourceId: ctx.actor.id });
      if (!user) return refuseAndKeep('bad_credentials');
      await refuseLocked(ctx, user);
      if (!fits) return countFailure(ctx, user);
      await db.update(t.users).set({ passwordHash: hash, updatedAt: ctx.now }).where(eq(t.users.id, user.id));
      await endSessions(ctx, user.id, 'password changed', ctx.actor.sessionId ?? '');
      await forgetPerson(ctx, user.id);
      return { ok: true };
    },
  });

  return { choosePassword, resetPassword, changePassword };
}
