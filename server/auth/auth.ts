import { and, eq, isNull, ne } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { auth as contract } from '../../contract/auth.ts';
import type { Details, ErrorCode } from '../../contract/errors.ts';
import type { Actor } from '../actor.ts';
import { branchOf } from '../clinic.ts';
import { KeptRefusal } from '../db/commit.ts';
import type { Reader } from '../db/connection.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { roomOfWorker } from '../visits/rooms.ts';
import { forgetPerson, rememberPerson } from './device-people.ts';
import { actorFor, CSRF_COOKIE, createEntrance, DEVICE_COOKIE, REFRESH_COOKIE } from './entrance.ts';
import { type Passwords, weakness } from './passwords.ts';
import { createPinHandlers } from './pins.ts';
import { comesFrom, deviceOf } from './sign-in-device.ts';
import { REFRESH_GRACE, REFRESH_LIFE, type Tokens } from './tokens.ts';
import { keyOfName, userView } from './users.ts';

type Contract = typeof contract;
type UserRow = Reader['t']['users']['$inferSelect'];

/** Wrong passwords per stage, and how long each stage locks (minutes); after the last one the account is blocked. */
const FAILURES_PER_STAGE = 5;
const STAGES = [2, 5, 10, 30, 60];

/** Refused, but what was counted stays counted. */
const refuseAndKeep = (code: ErrorCode, facts: Details = {}): never => {
  throw new KeptRefusal(code, { facts });
};

export function createAuthHandlers(
  passwords: Passwords,
  tokens: Tokens,
  entrance = createEntrance(tokens),
): GroupHandlers<'auth'> {
  const ghosts = new LRUCache<string, { failures: number; stage: number; lockedUntil: number }>({ max: 5000 });
  const findUser = async (
    { t, db }: Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> },
    identifier: string,
  ): Promise<UserRow | undefined> =>
    (
      await db
        .select()
        .from(t.users)
        .where(eq(t.users.usernameKey, keyOfName(identifier)))
    )[0];

  const login = prepared<Contract['login'], { fits: boolean }>({
    async prepare(ctx, { identifier, password }) {
      const user = await findUser(ctx.db, identifier);
      return { fits: await passwords.verify(user?.passwordHash ?? null, password) };
    },
    async handle(ctx, input, { fits }) {
      const user = await findUser(ctx.tx, input.identifier);
      ctx.record({
        action: 'auth.login',
        resource: 'user',
        ...(user ? { resourceId: user.id, actor: actorFor(user, ctx.actor) } : {}),
      });
      if (!user) return countGhost(keyOfName(input.identifier), ctx.now);
      refuseLocked(ctx, user);
      if (!fits) return countFailure(ctx, user);
      const { t, db } = ctx.tx;
      await db
        .update(t.users)
        .set({ failures: 0, stage: 0, lockedUntil: null, lastSignInAt: ctx.now })
        .where(eq(t.users.id, user.id));
      const browser = input.delivery === 'cookie' && /Mozilla/.test(ctx.web.userAgent);
      const deviceId = await deviceOf(ctx, user, browser);
      await rememberPerson(ctx, user, deviceId);
      return entrance.open(ctx, { ...user, lastSignInAt: ctx.now }, deviceId, browser);
    },
  });

  /** A name that nobody has is locked like one that somebody has: trying does not tell who works here. */
  function countGhost(name: string, now: number): never {
    const ghost = ghosts.get(name) ?? { failures: 0, stage: 0, lockedUntil: 0 };
    if (ghost.stage > STAGES.length) return refuseAndKeep('blocked');
    if (ghost.lockedUntil > now) {
      return refuseAndKeep('locked_out', { minutes: Math.ceil((ghost.lockedUntil - now) / 60_000) });
    }
    ghost.failures += 1;
    ghosts.set(name, ghost);
    if (ghost.failures < FAILURES_PER_STAGE) return refuseAndKeep('bad_credentials');
    const minutes = STAGES[ghost.stage];
    ghosts.set(name, { failures: 0, stage: ghost.stage + 1, lockedUntil: now + (minutes ?? 0) * 60_000 });
    return minutes === undefined ? refuseAndKeep('blocked') : refuseAndKeep('locked_out', { minutes });
  }

  /** Switched off, or guessed at too often: refused before the password counts. */
  function refuseLocked({ now }: Pick<CommandContext, 'now'>, { active, stage, lockedUntil }: UserRow): void {
    if (!active || stage > STAGES.length) refuseAndKeep('blocked');
    if (lockedUntil !== null && lockedUntil > now)
      refuseAndKeep('locked_out', { minutes: Math.ceil((lockedUntil - now) / 60_000) });
  }

  async function countFailure(ctx: CommandContext, user: UserRow): Promise<never> {
    const { t, db } = ctx.tx;
    const failures = user.failures + 1;
    if (failures < FAILURES_PER_STAGE) {
      await db.update(t.users).set({ failures }).where(eq(t.users.id, user.id));
      return refuseAndKeep('bad_credentials');
    }
    const minutes = STAGES[user.stage];
    const lockedUntil = minutes === undefined ? null : ctx.now + minutes * 60_000;
    await db
      .update(t.users)
      .set({ failures: 0, stage: user.stage + 1, lockedUntil })
      .where(eq(t.users.id, user.id));
    return minutes === undefined ? refuseAndKeep('blocked') : refuseAndKeep('locked_out', { minutes });
  }

  const refresh = async (
    ctx: CommandContext<'session_ended' | 'csrf'>,
    input: { refreshToken?: string | undefined },
  ) => {
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
    if (!user?.active) return ctx.fail('session_ended');
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

  return {
    login,
    refresh,
    ...createPinHandlers({ passwords, entrance, refuseLocked, countFailure }),

    async logout(ctx, { handOver }) {
      const { t, db } = ctx.tx;
      if (ctx.actor.sessionId)
        await db
          .update(t.sessions)
          .set({ endedAt: ctx.now, endReason: 'signed out' })
          .where(eq(t.sessions.id, ctx.actor.sessionId));
      if (!handOver) await forgetPerson(ctx, ctx.actor.id, ctx.actor.deviceId);
      ctx.web.setCookie(REFRESH_COOKIE, '', { maxAgeMs: 0, httpOnly: true });
      ctx.web.setCookie(CSRF_COOKIE, '', { maxAgeMs: 0, httpOnly: false });
      // Whoever listens on this sign-in is asked again who they are, and cut.
      ctx.emit('user.changed', { userId: ctx.actor.id });
      ctx.record({ resource: 'user', resourceId: ctx.actor.id });
      return { ok: true };
    },

    async me(ctx) {
      const { t, db } = ctx.db;
      const user = (await db.select().from(t.users).where(eq(t.users.id, ctx.actor.id)))[0];
      const branch = await branchOf(ctx.db, ctx.branchId);
      const about = {
        clinic: branch.name,
        branch: branch.code,
        timeZone: branch.timeZone,
        draftSecret: tokens.hashOf(`draft ${ctx.actor.id} ${ctx.actor.deviceId}`),
      };
      if (!user) return { ...operatorView(ctx.actor), ...about, workingInRoomId: null };
      return { ...userView(user), ...about, workingInRoomId: await roomOfWorker(ctx.db, user.id) };
    },

    changePassword: prepared<Contract['changePassword'], { fits: boolean; hash: string }>({
      async prepare(ctx, { current, next }) {
        const { t, db } = ctx.db;
        const user = (await db.select().from(t.users).where(eq(t.users.id, ctx.actor.id)))[0];
        const weak = weakness(next, [user?.username ?? '', user?.name ?? '']);
        if (weak) ctx.fail('weak_password', weak);
        const fits = await passwords.verify(user?.passwordHash ?? null, current);
        return { fits, hash: fits ? await passwords.hash(next) : '' };
      },
      async handle(ctx, _input, { fits, hash }) {
        const { t, db } = ctx.tx;
        const user = (await db.select().from(t.users).where(eq(t.users.id, ctx.actor.id)))[0];
        ctx.record({ resource: 'user', resourceId: ctx.actor.id });
        if (!user) return refuseAndKeep('bad_credentials');
        refuseLocked(ctx, user);
        if (!fits) return countFailure(ctx, user);
        await db.update(t.users).set({ passwordHash: hash, updatedAt: ctx.now }).where(eq(t.users.id, user.id));
        const others = and(
          eq(t.sessions.userId, user.id),
          ne(t.sessions.id, ctx.actor.sessionId ?? ''),
          isNull(t.sessions.endedAt),
        );
        await db.update(t.sessions).set({ endedAt: ctx.now, endReason: 'password changed' }).where(others);
        await forgetPerson(ctx, user.id);
        ctx.emit('user.changed', { userId: user.id });
        return { ok: true };
      },
    }),
  };
}

const operatorView = (actor: Actor) => ({
  id: actor.id,
  username: actor.name,
  name: actor.name,
  roles: [...actor.roles],
  branchId: actor.branchId ?? '',
  boardId: null,
  active: true,
  lockedUntil: null,
  lastSignInAt: null,
  version: 1,
});
