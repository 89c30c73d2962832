import { eq } from 'drizzle-orm';
import type { CommandContext } from '../dispatch.ts';
import { browserName } from './browser-name.ts';
import { DEVICE_COOKIE } from './entrance.ts';
import type { UserRow } from './user-rows.ts';

const TEN_YEARS = 10 * 365 * 86_400_000;

/**
 * The device of a sign-in: a paired desk by its certificate, a browser by its cookie, a program by its account, so that a
 * program which signs in again and repeats a command is still the same sender.
 */
export async function deviceOf(ctx: CommandContext, user: UserRow, browser: boolean): Promise<string> {
  if (ctx.actor.station) return ctx.actor.deviceId;
  const { t, db } = ctx.tx;
  const asked = saidDevice(ctx, user, browser);
  const known = asked ? (await db.select().from(t.devices).where(eq(t.devices.id, asked)))[0] : undefined;
  // A browser that was revoked begins as a new one: what it could do alone is over, the password is proved again.
  if (!known || (browser && known.revokedAt !== null)) {
    const name = browserName(ctx.web.userAgent);
    return browser
      ? newBrowser(ctx, user.branchId, name)
      : insertDevice(ctx, `program-${user.id}`, 'program', user.branchId, name);
  }
  await db.update(t.devices).set({ lastSeenAt: ctx.now, revokedAt: null }).where(eq(t.devices.id, known.id));
  if (browser) keepCookie(ctx, known.id);
  return known.id;
}

/** Whether a request comes from a browser: those say so, whatever else they say. */
export const isBrowser = ({ web }: CommandContext): boolean => /Mozilla/.test(web.userAgent);

/** The device that a request says it comes from; undefined for a browser that has not been here. */
export function saidDevice({ actor, web }: CommandContext, user: Pick<UserRow, 'id'> | null, browser: boolean) {
  if (actor.station) return actor.deviceId;
  if (browser) return web.cookies[DEVICE_COOKIE];
  return user ? `program-${user.id}` : undefined;
}

/** A browser that is known from now on. */
export async function newBrowser(ctx: CommandContext, branchId: string, name: string): Promise<string> {
  const id = await insertDevice(ctx, ctx.id(), 'browser', branchId, name);
  keepCookie(ctx, id);
  return id;
}

/** Whether a sign-in of this device may go on here: a desk's only through its own certificate, any other's without one. */
export async function comesFrom({ tx, actor }: CommandContext, deviceId: string): Promise<boolean> {
  if (actor.station) return actor.deviceId === deviceId;
  const { t, db } = tx;
  const device = (await db.select().from(t.devices).where(eq(t.devices.id, deviceId)))[0];
  return device !== undefined && device.kind !== 'desktop' && device.revokedAt === null;
}

const keepCookie = ({ web }: CommandContext, id: string) =>
  web.setCookie(DEVICE_COOKIE, id, { maxAgeMs: TEN_YEARS, httpOnly: true });

async function insertDevice(
  { tx, now }: CommandContext,
  id: string,
  kind: 'browser' | 'program',
  branchId: string,
  name: string,
): Promise<string> {
  const times = { createdAt: now, updatedAt: now };
  await tx.db.insert(tx.t.devices).values({ id, branchId, kind, name, lastSeenAt: now, revokedAt: null, ...times });
  return id;
}
