import { and, eq } from 'drizzle-orm';
import { isScreen } from '../../domain/people.ts';
import type { Entrance } from '../auth/entrance.ts';
import { newBrowser } from '../auth/sign-in-device.ts';
import type { UserRow } from '../auth/user-rows.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { iso, type Ports } from '../ports.ts';

/** For how long a screen shows its code, in ms; and how many may at a time. */
const SHOWN = 10 * 60_000;
const SCREENS = 20;

type Shown = { id: string; code: string; until: number; as: { userId: string; name: string } | null };

/**
 * Browsers without a keyboard become screens by a code that they show. Here the code only says which browser is meant:
 * the administrator stands before it, and what it gets is a board.
 */
export function createScreenHandlers(entrance: Entrance, ports: Ports): GroupHandlers<'screens'> {
  let shown: readonly Shown[] = [];
  const living = () => shown.filter(({ until }) => until > ports.now());
  const freeCode = (): string => {
    const code = String(ports.random(6).readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
    return shown.some((one) => one.code === code) ? freeCode() : code;
  };
  const displays = (user: UserRow) => user.active && isScreen(user.roles);

  return {
    async show(ctx) {
      shown = living();
      if (shown.length >= SCREENS) ctx.fail('screens_busy');
      const screen: Shown = {
        id: ports.random(24).toString('base64url'),
        code: freeCode(),
        until: ctx.now + SHOWN,
        as: null,
      };
      shown = [...shown, screen];
      ctx.record({ resource: 'screen' });
      return { screenId: screen.id, code: screen.code, until: iso(screen.until) };
    },

    async add(ctx, { code, userId, name }) {
      const { t, db } = ctx.tx;
      const mine = and(eq(t.users.id, userId), eq(t.users.branchId, ctx.branchId));
      const user = (await db.select().from(t.users).where(mine))[0];
      if (!user) return ctx.fail('not_found');
      ctx.record({ resource: 'user', resourceId: userId });
      if (!displays(user)) return ctx.fail('display_only');
      const screen = living().find((one) => one.code === code);
      if (!screen) return ctx.fail('wrong_code');
      screen.as = { userId, name };
      ctx.record({ after: { name, username: user.username } });
      return { ok: true };
    },

    async waiting(ctx, { screenId }) {
      const screen = living().find(({ id }) => id === screenId);
      return screen ? { added: screen.as !== null } : ctx.fail('pairing_closed');
    },

    async enter(ctx, { screenId }) {
      const screen = living().find(({ id }) => id === screenId);
      if (!screen?.as) return ctx.fail('pairing_closed');
      const { t, db } = ctx.tx;
      const user = (await db.select().from(t.users).where(eq(t.users.id, screen.as.userId)))[0];
      if (!user || !displays(user)) return ctx.fail('pairing_closed');
      const deviceId = await newBrowser(ctx, user.branchId, screen.as.name);
      // Once: whoever asks again, by the same id, comes too late.
      shown = shown.filter((one) => one !== screen);
      ctx.record({ resource: 'user', resourceId: user.id });
      // Whoever added it sees at once that it is there.
      ctx.emit('device.changed', { deviceId });
      return entrance.open(ctx, user, deviceId, true);
    },
  };
}
