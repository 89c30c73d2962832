import { eq } from 'drizzle-orm';
import { api } from '../../contract/index.ts';
import { featureOf, levelOf, listOperations, mayCall } from '../../contract/kit.ts';
import type { users as contract } from '../../contract/users.ts';
import { type Level, reaches } from '../../domain/rights.ts';
import { callerOf } from '../actor.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { statusOfUser } from '../identity/rows.ts';
import { forgetPerson } from './device-people.ts';
import { uncount } from './lockout.ts';
import type { PasswordReset } from './password-reset.ts';
import { clinicNames, weakness } from './password-strength.ts';
import type { Passwords } from './passwords.ts';
import { hasFactor, type SecondFactor } from './second-factor.ts';
import { endSessions } from './sessions.ts';
import { manageable, shown, type UserRow, userIn, userView } from './user-rows.ts';

type Contract = typeof contract;
type Services = Readonly<{ passwords: Passwords; factor: SecondFactor; reset: PasswordReset }>;
type Handlers = Pick<
  GroupHandlers<'users'>,
  'setPassword' | 'resetCode' | 'signOut' | 'resetSecondFactor' | 'grant' | 'revoke' | 'suspend' | 'letIn'
>;

/** Writes a change of somebody's access, audited and announced. */
async function change(ctx: CommandContext, before: UserRow, what: Partial<UserRow>) {
  const { t, db } = ctx.tx;
  const after = { ...before, ...what, version: before.version + 1, updatedAt: ctx.now };
  await db
    .update(t.users)
    .set({ ...what, version: after.version, updatedAt: ctx.now })
    .where(eq(t.users.id, before.id));
  ctx.emit('user.changed', { userId: before.id });
  ctx.record({ resource: 'user', resourceId: before.id, before: shown(before), after: shown(after) });
  return userView(after, await statusOfUser(ctx.tx, after));
}

/** Somebody else's account, below one's own. */
async function othersAccount(
  ctx: CommandContext<'not_found' | 'outranked' | 'own_rights'>,
  id: string,
): Promise<UserRow> {
  return id === ctx.actor.id ? ctx.fail('own_rights') : manageable(ctx, id);
}

/** Whether whoever acts could themselves call everything that this level of a feature opens. */
function holdsAll({ actor }: CommandContext, feature: string, level: Level): boolean {
  const opened = listOperations(api).filter(
    ({ name, operation }) => featureOf(name) === feature && reaches(level, levelOf(operation)),
  );
  return opened.every(
    ({ name, operation }) => operation.who === 'station' || mayCall(name, operation, callerOf(actor)),
  );
}

/** Getting into an account, or being kept out of it: what administrators do about it. */
export function createUserAccess({ passwords, factor, reset }: Services): Handlers {
  return {
    setPassword: prepared<Contract['setPassword'], { passwordHash: string }>({
      async prepare(ctx, { id, password }) {
        const user = (await userIn(ctx.db, ctx.actor.branchId ?? '', id)) ?? ctx.fail('not_found');
        const weak = await weakness(password, [user.username, user.name], await clinicNames(ctx.db));
        if (weak) ctx.fail('weak_password', weak);
        return { passwordHash: await passwords.hash(password) };
      },
      async handle(ctx, { id, passwordGiven }, { passwordHash }) {
        const user = await manageable(ctx, id);
        const { t, db } = ctx.tx;
        await uncount(ctx.tx, user.id);
        await db
          .update(t.users)
          .set({ passwordHash, passwordGiven, updatedAt: ctx.now })
          .where(eq(t.users.id, user.id));
        await endSessions(ctx, id, 'password reset');
        await forgetPerson(ctx, id);
        ctx.record({ resource: 'user', resourceId: id });
        return { ok: true };
      },
    }),

    async resetCode(ctx, { id }) {
      const user = await manageable(ctx, id);
      ctx.record({ resource: 'user', resourceId: id });
      return reset.give(ctx, user);
    },

    async signOut(ctx, { id }) {
      const user = await manageable(ctx, id);
      ctx.record({ resource: 'user', resourceId: user.id });
      await forgetPerson(ctx, user.id);
      return { ended: await endSessions(ctx, user.id, 'ended by an administrator') };
    },

    async resetSecondFactor(ctx, { id }) {
      // One's own is replaced under one's own account, where a code proves that one has it.
      const user = id === ctx.actor.id ? ctx.fail('not_found') : await manageable(ctx, id);
      if (!hasFactor(user)) ctx.fail('no_factor');
      await factor.remove(ctx, user);
      await endSessions(ctx, id, 'second factor reset');
      await forgetPerson(ctx, id);
      ctx.record({ resource: 'user', resourceId: id });
      return { ok: true };
    },

    async grant(ctx, { id, feature, level, from, until }) {
      const user = await othersAccount(ctx, id);
      if (!(feature in api)) ctx.fail('not_found');
      if (level !== 'none' && !holdsAll(ctx, feature, level)) ctx.fail('beyond_rights');
      const given = {
        ...{ feature, level },
        from: from === undefined ? ctx.now : Date.parse(from),
        until: until === null ? null : Date.parse(until),
      };
      return change(ctx, user, { grants: [...user.grants.filter((one) => one.feature !== feature), given] });
    },

    async revoke(ctx, { id, feature }) {
      const user = await othersAccount(ctx, id);
      if (!user.grants.some((one) => one.feature === feature)) ctx.fail('not_found');
      return change(ctx, user, { grants: user.grants.filter((one) => one.feature !== feature) });
    },

    async suspend(ctx, { id, reason, until }) {
      const user = await othersAccount(ctx, id);
      const suspendedUntil = until === null ? null : Date.parse(until);
      const answer = await change(ctx, user, { suspendedAt: ctx.now, suspendedUntil, suspendedFor: reason });
      await endSessions(ctx, id, 'suspended');
      await forgetPerson(ctx, id);
      return answer;
    },

    async letIn(ctx, { id }) {
      const user = await othersAccount(ctx, id);
      if (user.suspendedAt === null) ctx.fail('not_found');
      return change(ctx, user, { suspendedAt: null, suspendedUntil: null, suspendedFor: null });
    },
  };
}
