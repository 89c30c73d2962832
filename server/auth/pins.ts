import { and, eq, gt, isNull, lt, lte, or } from 'drizzle-orm';
import type { auth as contract } from '../../contract/auth.ts';
import { KeptRefusal } from '../db/commit.ts';
import type { Reader } from '../db/connection.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { countPinsAnew, rememberPerson } from './device-people.ts';
import { actorFor, DEVICE_COOKIE, type Entrance } from './entrance.ts';
import type { Lockout } from './lockout.ts';
import type { Passwords } from './passwords.ts';
import { noteRefusal, noteSignIn } from './sign-ins.ts';

type Contract = typeof contract;

/** For how long after a whole sign-in a PIN is enough on that device, and a desk may let somebody in without the server, in ms. */
export const TRUSTED = 72 * 3_600_000;
/** So many wrong PINs, and the password is needed. */
const ATTEMPTS = 5;

/** A paired desk by its certificate, a browser by its cookie. */
const deviceHere = ({ actor, web }: Pick<CommandContext, 'actor' | 'web'>): string =>
  actor.station ? actor.deviceId : (web.cookies[DEVICE_COOKIE] ?? '');

const kindHere = ({ actor }: Pick<CommandContext, 'actor'>) => (actor.station ? 'desktop' : 'browser');

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };

/** Who may go on by PIN on a device now. `kind`: only where it is one of these, whatever a cookie says. */
function trusted({ t, db }: Rows, deviceId: string, now: number, kind?: 'browser' | 'desktop') {
  return db
    .select({ user: t.users, pin: t.pins.hash })
    .from(t.devicePeople)
    .innerJoin(t.users, eq(t.users.id, t.devicePeople.userId))
    .innerJoin(t.pins, eq(t.pins.userId, t.devicePeople.userId))
    .innerJoin(t.devices, eq(t.devices.id, t.devicePeople.deviceId))
    .where(
      and(
        eq(t.devicePeople.deviceId, deviceId),
        gt(t.devicePeople.at, now - TRUSTED),
        lt(t.pins.failures, ATTEMPTS),
        eq(t.users.active, true),
        or(isNull(t.users.suspendedAt), lte(t.users.suspendedUntil, now)),
        isNull(t.devices.revokedAt),
        kind && eq(t.devices.kind, kind),
      ),
    )
    .orderBy(t.users.name);
}

type Services = Readonly<{
  passwords: Passwords;
  entrance: Entrance;
  lockout: Lockout;
}>;
type PinHandlers = Pick<GroupHandlers<'auth'>, 'setPin' | 'people' | 'switch' | 'unlock'>;

/** People switched by PIN on a shared desk, and a screen that hid itself shown again. */
export function createPinHandlers({ passwords, entrance, lockout }: Services): PinHandlers {
  const { refuseLocked, countFailure } = lockout;
  const find = async ({ t, db }: Rows, id: string) => (await db.select().from(t.users).where(eq(t.users.id, id)))[0];

  return {
    setPin: prepared<Contract['setPin'], { fits: boolean; hash: string | null }>({
      async prepare(ctx, { password, pin }) {
        const user = await find(ctx.db, ctx.actor.id);
        const fits = await passwords.verify(user?.passwordHash ?? null, password);
        return { fits, hash: fits && pin !== null ? await passwords.hash(pin) : null };
      },
      async handle(ctx, { pin }, { fits, hash }) {
        const { t, db } = ctx.tx;
        const user = await find(ctx.tx, ctx.actor.id);
        ctx.record({ resource: 'user', resourceId: ctx.actor.id, after: { pin: pin === null ? 'removed' : 'set' } });
        if (!user) return ctx.fail('bad_credentials');
        await refuseLocked(ctx, user);
        if (!fits) return countFailure(ctx, user);
        await db.delete(t.pins).where(eq(t.pins.userId, user.id));
        if (hash !== null) {
          const times = { createdAt: ctx.now, updatedAt: ctx.now };
          await db.insert(t.pins).values({ userId: user.id, branchId: user.branchId, hash, failures: 0, ...times });
        }
        return { ok: true };
      },
    }),

    async people(ctx) {
      const { t, db } = ctx.db;
      const own = await db.select({ id: t.pins.userId }).from(t.pins).where(eq(t.pins.userId, ctx.actor.id));
      const others = await trusted(ctx.db, ctx.actor.deviceId, ctx.now);
      return {
        hasPin: own.length > 0,
        people: others.map(({ user }) => ({ id: user.id, name: user.name })).filter(({ id }) => id !== ctx.actor.id),
      };
    },

    switch: prepared<Contract['switch'], { fits: boolean }>({
      async prepare(ctx, { userId, pin }) {
        const here = await trusted(ctx.db, deviceHere(ctx), ctx.now, kindHere(ctx));
        const stored = here.find(({ user }) => user.id === userId)?.pin ?? null;
        return { fits: await passwords.verify(stored, pin) };
      },
      async handle(ctx, { userId }, { fits }) {
        const { t, db } = ctx.tx;
        const deviceId = deviceHere(ctx);
        const found = (await trusted(ctx.tx, deviceId, ctx.now, kindHere(ctx))).find(({ user }) => user.id === userId);
        ctx.record({
          resource: 'user',
          ...(found ? { resourceId: userId, actor: actorFor(found.user, ctx.actor) } : {}),
        });
        if (!found) return ctx.fail('pin_not_here');
        await noteRefusal(ctx, found.user, 'pin', () => countPin(ctx, userId, fits));
        await noteSignIn(ctx, { user: found.user, outcome: 'ok', how: 'pin', deviceId });
        if (ctx.actor.sessionId) {
          const mine = eq(t.sessions.id, ctx.actor.sessionId);
          await db.update(t.sessions).set({ endedAt: ctx.now, endReason: 'switched' }).where(mine);
          ctx.emit('user.changed', { userId: ctx.actor.id });
        }
        return entrance.open(ctx, found.user, deviceId, ctx.actor.station === null);
      },
    }),

    unlock: prepared<Contract['unlock'], { fits: boolean }>({
      async prepare(ctx, { pin, password }) {
        const stored =
          pin === undefined
            ? (await find(ctx.db, ctx.actor.id))?.passwordHash
            : (await trusted(ctx.db, ctx.actor.deviceId, ctx.now)).find(({ user }) => user.id === ctx.actor.id)?.pin;
        return { fits: await passwords.verify(stored ?? null, pin ?? password ?? '') };
      },
      async handle(ctx, { pin }, { fits }) {
        const { id, deviceId } = ctx.actor;
        ctx.record({ resource: 'user', resourceId: id });
        if (pin !== undefined) {
          const here = await trusted(ctx.tx, deviceId, ctx.now);
          if (!here.some(({ user }) => user.id === id)) return ctx.fail('pin_not_here');
          await countPin(ctx, id, fits);
          return { ok: true };
        }
        const user = await find(ctx.tx, id);
        if (!user) return ctx.fail('bad_credentials');
        await refuseLocked(ctx, user);
        if (!fits) return countFailure(ctx, user);
        // Whoever has a second factor was not asked for it here: their 72 hours run on.
        if (ctx.actor.askedFactor) await countPinsAnew(ctx, id);
        else await rememberPerson(ctx, user, deviceId);
        return { ok: true };
      },
    }),
  };
}

/** A wrong PIN is refused, but counted; the right one begins anew. */
async function countPin({ tx: { t, db } }: CommandContext, userId: string, fits: boolean): Promise<void> {
  const { failures } = (await db.select().from(t.pins).where(eq(t.pins.userId, userId)))[0] ?? { failures: 0 };
  await db
    .update(t.pins)
    .set({ failures: fits ? 0 : failures + 1 })
    .where(eq(t.pins.userId, userId));
  if (!fits) throw new KeptRefusal('bad_credentials');
}
