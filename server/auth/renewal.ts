import { and, eq, isNull } from 'drizzle-orm';
import { isScreen } from '../../domain/people.ts';
import { branchOf } from '../clinic.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { actorFor, DEVICE_COOKIE, type Entrance, REFRESH_COOKIE } from './entrance.ts';
import { isSuspended, refuseAndKeep } from './lockout.ts';
import { comesFrom } from './sign-in-device.ts';
import { LONGEST_LIFE, REFRESH_GRACE, REFRESH_LIFE, type Tokens } from './tokens.ts';

type Services = Readonly<{ tokens: Tokens; entrance: Entrance }>;

/** A sign-in goes on: one refresh token for the next, and both end when one was used twice. */
export function createRenewal({ tokens, entrance }: Services): GroupHandlers<'auth'>['refresh'] {
  return async (ctx: CommandContext<'session_ended' | 'csrf'>, input: { refreshToken?: string | undefined }) => {
    const given = input.refreshToken ?? ctx.web.cookies[REFRESH_COOKIE];
    if (!given) return ctx.fail('session_ended');
    const { t, db } = ctx.tx;
    const sessionId = given.split('.')[0] ?? '';
    const session = (
      await db
        .select()
        .from(t.sessions)
        .where(and(eq(t.sessions.id, sessionId), isNull(t.sessions.endedAt)))
    )[0];
    const generation = session ? tokens.generationOf(given, session) : null;
    if (!session || generation === null || session.expiresAt <= ctx.now) return ctx.fail('session_ended');
    if (!(await comesFrom(ctx, session.deviceId))) return ctx.fail('session_ended');
    const user = (await db.select().from(t.users).where(eq(t.users.id, session.userId)))[0];
    if (!user?.active || isSuspended(user, ctx.now)) return ctx.fail('session_ended');
    if (!isScreen(user.roles) && (await isOver(ctx, session))) return ctx.fail('session_ended');
    ctx.record({
      resource: 'user',
      resourceId: user.id,
      actor: { ...actorFor(user, ctx.actor), deviceId: session.deviceId, sessionId: session.id },
    });
    const browser = input.refreshToken === undefined;
    if (browser && ctx.web.csrf !== entrance.csrfOf(session.id)) return ctx.fail('csrf');

    const behind = session.generation - generation;
    const sameDevice = !browser || ctx.web.cookies[DEVICE_COOKIE] === session.deviceId;
    const lostAnswer = behind === 1 && sameDevice && ctx.now - session.rotatedAt <= REFRESH_GRACE;
    if (behind !== 0 && !lostAnswer) {
      // Somebody uses a token that was already exchanged: one of the two is a thief, so neither goes on.
      await db
        .update(t.sessions)
        .set({ endedAt: ctx.now, endReason: 'refresh token used twice' })
        .where(eq(t.sessions.id, session.id));
      return refuseAndKeep('session_ended');
    }
    const next = tokens.refresh({ sessionId, seed: session.seed, generation: generation + 1 });
    if (!lostAnswer) {
      await db
        .update(t.sessions)
        .set({
          generation: generation + 1,
          rotatedAt: ctx.now,
          expiresAt: ctx.now + REFRESH_LIFE,
          updatedAt: ctx.now,
        })
        .where(eq(t.sessions.id, session.id));
    }
    return entrance.answer(ctx, user, session.id, next, browser);
  };
}

/** Nobody used it for as long as the clinic lets one lie, or it has gone on for too long. */
async function isOver(
  ctx: CommandContext,
  session: Readonly<{ branchId: string; createdAt: number; rotatedAt: number }>,
) {
  const { idleSignOutHours } = await branchOf(ctx.tx, session.branchId);
  return ctx.now - session.createdAt > LONGEST_LIFE || ctx.now - session.rotatedAt > idleSignOutHours * 3_600_000;
}
