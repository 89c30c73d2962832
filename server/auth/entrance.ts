import { timingSafeEqual } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { isScreen } from '../../domain/people.ts';
import type { Actor } from '../actor.ts';
import { branchOf } from '../clinic.ts';
import type { CommandContext } from '../dispatch.ts';
import { statusOfUser } from '../identity/rows.ts';
import { iso } from '../ports.ts';
import { branchHere } from './coming-from.ts';
import { endSessions } from './sessions.ts';
import { REFRESH_LIFE, type Tokens } from './tokens.ts';
import { type UserRow, userView } from './user-rows.ts';

export const REFRESH_COOKIE = 'medlane_refresh';
export const CSRF_COOKIE = 'medlane_csrf';
export const DEVICE_COOKIE = 'medlane_device';

export const actorFor = (user: UserRow, from: Actor): Actor => ({
  ...from,
  id: user.id,
  name: user.username,
  roles: user.roles,
  branchId: user.branchId,
});

/** How a sign-in begins and goes on, whatever proved who it is. */
export function createEntrance(tokens: Tokens) {
  const csrfOf = (sessionId: string): string => tokens.hashOf(`csrf ${sessionId}`).replace(/[^A-Za-z0-9]/g, '');

  /** What a sign-in is answered with; a browser gets its refresh token as a cookie that no script reads. */
  async function answer(ctx: CommandContext, user: UserRow, sessionId: string, refreshToken: string, browser: boolean) {
    const { token, expiresAt } = await tokens.access(user.id, sessionId);
    const csrfToken = csrfOf(sessionId);
    if (browser) {
      ctx.web.setCookie(REFRESH_COOKIE, refreshToken, { maxAgeMs: REFRESH_LIFE, httpOnly: true });
      ctx.web.setCookie(CSRF_COOKIE, csrfToken, { maxAgeMs: REFRESH_LIFE, httpOnly: false });
    }
    return {
      accessToken: token,
      expiresAt: iso(expiresAt),
      refreshToken: browser ? null : refreshToken,
      csrfToken,
      vouch: ctx.actor.station ? vouchFor(user, ctx.actor.deviceId, ctx.now) : null,
      user: userView(user, await statusOfUser(ctx.tx, user)),
    };
  }

  /** Binds a person, as their password is now, to a desk: `issued.signature`. */
  function vouchFor({ id, passwordHash }: UserRow, deviceId: string, issued: number): string {
    return `${issued}.${tokens.sign(`vouch ${issued} ${id} ${deviceId} ${passwordHash}`)}`;
  }
  /** When a desk was given this; null when it is for somebody else, another desk or an older password. */
  function vouchedAt(vouch: string, user: UserRow, deviceId: string): number | null {
    const issued = Number(/^\d{1,15}(?=\.)/.exec(vouch)?.[0] ?? Number.NaN);
    const own = Buffer.from(vouchFor(user, deviceId, issued));
    const given = Buffer.from(vouch);
    return own.length === given.length && timingSafeEqual(own, given) ? issued : null;
  }

  /** Begins a sign-in on a device. `proved`: just now, by password, and by a second factor where there is one. */
  async function open(ctx: CommandContext, user: UserRow, deviceId: string, browser: boolean, proved = false) {
    const { t, db } = ctx.tx;
    // A wall has as many screens as it has, and nobody at them.
    const one = !isScreen(user.roles) && (await branchOf(ctx.tx, user.branchId)).oneSignIn;
    if (one) await endSessions(ctx, user.id, 'signed in elsewhere');
    if (browser) await endOneBefore(ctx);
    const sessionId = ctx.id();
    const seed = tokens.newSeed();
    await db.insert(t.sessions).values({
      id: sessionId,
      branchId: branchHere(user, ctx.actor) ?? user.branchId,
      userId: user.id,
      deviceId,
      seed,
      generation: 1,
      rotatedAt: ctx.now,
      provedAt: proved ? ctx.now : 0,
      origin: ctx.actor.origin,
      expiresAt: ctx.now + REFRESH_LIFE,
      endedAt: null,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    });
    ctx.record({ actor: { ...actorFor(user, ctx.actor), deviceId, sessionId } });
    return answer(ctx, user, sessionId, tokens.refresh({ sessionId, seed, generation: 1 }), browser);
  }

  /** A browser has one sign-in: whoever signs in there again leaves none behind. */
  async function endOneBefore(ctx: CommandContext): Promise<void> {
    const held = ctx.web.cookies[REFRESH_COOKIE] ?? '';
    const { t, db } = ctx.tx;
    const mine = and(eq(t.sessions.id, held.split('.')[0] ?? ''), isNull(t.sessions.endedAt));
    const [before] = await db.select().from(t.sessions).where(mine);
    if (!before || tokens.generationOf(held, before) === null) return;
    await db.update(t.sessions).set({ endedAt: ctx.now, endReason: 'signed in anew', updatedAt: ctx.now }).where(mine);
    ctx.emit('user.changed', { userId: before.userId });
  }

  return { open, answer, csrfOf, vouchedAt };
}
export type Entrance = ReturnType<typeof createEntrance>;
