import { ApiError } from '../../contract/kit.ts';
import type { setup as contract } from '../../contract/system.ts';
import { isTimeZone } from '../../domain/clinic-day.ts';
import { systemActor } from '../actor.ts';
import { weakness } from '../auth/password-strength.ts';
import type { Passwords } from '../auth/passwords.ts';
import { branchesAsked, firstBranch } from '../clinic.ts';
import { type GroupHandlers, prepared } from '../dispatch.ts';
import { metaOf } from '../feed/feed.ts';
import { recoveryKit } from '../keys.ts';
import { type Demo, demoAccounts } from './demo.ts';
import { FIRST_FURNITURE, furnish, insertAccounts, insertClinic } from './host.ts';

type Contract = typeof contract;
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function createSetupHandlers(passwords: Passwords, demo: Demo, master: Buffer): GroupHandlers<'setup'> {
  return {
    async state(ctx) {
      const { t, db } = ctx.db;
      const branch = await firstBranch(ctx.db);
      const here = ctx.actor.origin === 'local';
      const mail = (await db.select({ host: t.mailServers.host }).from(t.mailServers).limit(1)).length > 0;
      const isDemo = branch?.demo ?? false;
      return {
        setUp: branch !== undefined,
        demo: isDemo,
        clinic: branch?.name ?? null,
        here,
        defaultTimeZone: HERE,
        mail,
        askAt: await branchesAsked(ctx.db),
        accounts: isDemo ? demoAccounts() : null,
      };
    },

    host: prepared<Contract['host'], { passwordHash: string }>({
      async prepare(ctx, { administrator, clinic, timeZone }) {
        if (ctx.actor.origin !== 'local') ctx.fail('only_here');
        const weak = await weakness(administrator.password, [administrator.username, administrator.name], [clinic]);
        if (weak) ctx.fail('weak_password', weak);
        if (!isTimeZone(timeZone)) {
          throw new ApiError('validation_failed', {
            fields: [
              {
                field: 'timeZone',
                code: 'unknown_zone',
                message: 'Choose a time zone from the list, for example Asia/Karachi.',
              },
            ],
          });
        }
        return { passwordHash: await passwords.hash(administrator.password) };
      },
      async handle(ctx, { clinic, timeZone, administrator }, { passwordHash }) {
        if ((await metaOf(ctx.tx, 'setUp')) !== null) ctx.fail('already_set_up');
        const branchId = await insertClinic(ctx, {
          clinic,
          timeZone,
          rollOverHour: 0,
          demo: false,
          openSince: ctx.now,
        });
        const { boardId } = await furnish(ctx, branchId, FIRST_FURNITURE);
        const { username, name } = administrator;
        await insertAccounts(ctx, branchId, [{ username, name, roles: ['super_admin'], passwordHash }]);
        ctx.record({
          resource: 'clinic',
          resourceId: branchId,
          actor: systemActor(branchId),
          after: { clinic, timeZone, administrator: username, boardId },
        });
        ctx.emit('settings.changed', { version: 1 });
        return { recoveryKit: recoveryKit(master) };
      },
    }),

    demo: prepared<Contract['demo'], Awaited<ReturnType<Demo['prepare']>>>({
      async prepare(ctx) {
        if (ctx.actor.origin !== 'local') ctx.fail('only_here');
        return demo.prepare();
      },
      async handle(ctx, _input, ready) {
        if ((await metaOf(ctx.tx, 'setUp')) !== null) ctx.fail('already_set_up');
        return { accounts: await demo.make(ctx, ready) };
      },
    }),
  };
}
