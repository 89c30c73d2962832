import { and, eq } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Details, ErrorCode } from '../../contract/errors.ts';
import { KeptRefusal } from '../db/commit.ts';
import type { Tx } from '../db/scope.ts';
import type { CommandContext } from '../dispatch.ts';
import { isoOrNull } from '../ports.ts';
import type { UserRow } from './user-rows.ts';

/** Wrong tries per stage, and how long each stage locks (minutes); after the last one the account is blocked. */
const FAILURES_PER_STAGE = 5;
const STAGES = [2, 5, 10, 30, 60];

/** Refused, but what was counted stays counted. */
export const refuseAndKeep = (code: ErrorCode, facts: Details = {}): never => {
  throw new KeptRefusal(code, { facts });
};

const UNCOUNTED = { failures: 0, stage: 0, lockedUntil: null };

/** Kept out by an administrator, until a time or for good. */
export const isSuspended = ({ suspendedAt, suspendedUntil }: UserRow, now: number): boolean =>
  suspendedAt !== null && (suspendedUntil === null || suspendedUntil > now);

/** Why, and until when: for whoever has proved that it is their account. */
export function refuseSuspended(user: UserRow, now: number): void {
  if (isSuspended(user, now))
    refuseAndKeep('suspended', { reason: user.suspendedFor ?? '', until: isoOrNull(user.suspendedUntil) });
}

/**
 * What counts against somebody here: at a paired desk where they have signed in before, what was guessed at that desk; anywhere
 * else, all the rest. So nobody locks a clinic's doctor out from the waiting room.
 */
async function countOf({ tx: { t, db }, actor }: CommandContext, user: UserRow) {
  const mine = and(eq(t.ownDesks.deviceId, actor.deviceId), eq(t.ownDesks.userId, user.id));
  const [here] = actor.station ? await db.select().from(t.ownDesks).where(mine) : [];
  const { failures, stage, lockedUntil } = here ?? user;
  const write = async (change: Partial<Pick<UserRow, 'failures' | 'stage' | 'lockedUntil'>>): Promise<void> => {
    if (here) await db.update(t.ownDesks).set(change).where(mine);
    else await db.update(t.users).set(change).where(eq(t.users.id, user.id));
  };
  return { failures, stage, lockedUntil, write, own: here !== undefined };
}

/** Lifts what is counted against an account, everywhere. */
export async function uncount({ t, db }: Tx, userId: string): Promise<void> {
  await db.update(t.users).set(UNCOUNTED).where(eq(t.users.id, userId));
  await db.update(t.ownDesks).set(UNCOUNTED).where(eq(t.ownDesks.userId, userId));
}

/** Guessing gets slower, and then impossible: per account, whatever of it is guessed at and by which of its names. */
export function createLockout() {
  const ghosts = new LRUCache<string, { failures: number; stage: number; lockedUntil: number }>({ max: 5000 });

  return {
    /** A name that nobody has is locked like one that somebody has: trying does not tell who works here. */
    countGhost(name: string, now: number, code: 'bad_credentials' | 'bad_code' = 'bad_credentials'): never {
      const ghost = ghosts.get(name) ?? { failures: 0, stage: 0, lockedUntil: 0 };
      if (ghost.stage > STAGES.length) return refuseAndKeep('blocked');
      if (ghost.lockedUntil > now) {
        return refuseAndKeep('locked_out', { minutes: Math.ceil((ghost.lockedUntil - now) / 60_000) });
      }
      ghost.failures += 1;
      ghosts.set(name, ghost);
      if (ghost.failures < FAILURES_PER_STAGE) return refuseAndKeep(code);
      const minutes = STAGES[ghost.stage];
      ghosts.set(name, { failures: 0, stage: ghost.stage + 1, lockedUntil: now + (minutes ?? 0) * 60_000 });
      return minutes === undefined ? refuseAndKeep('blocked') : refuseAndKeep('locked_out', { minutes });
    },

    /** Switched off, or guessed at too often: refused before the password counts. */
    async refuseLocked(ctx: CommandContext, user: UserRow): Promise<void> {
      if (!user.active) refuseAndKeep('blocked');
      const { stage, lockedUntil } = await countOf(ctx, user);
      if (stage > STAGES.length) refuseAndKeep('blocked');
      if (lockedUntil !== null && lockedUntil > ctx.now)
        refuseAndKeep('locked_out', { minutes: Math.ceil((lockedUntil - ctx.now) / 60_000) });
    },

    /** A wrong password or code: `code` while there are tries left. */
    async countFailure(
      ctx: CommandContext,
      user: UserRow,
      code: 'bad_credentials' | 'bad_code' = 'bad_credentials',
    ): Promise<never> {
      const { failures, stage, write } = await countOf(ctx, user);
      if (failures + 1 < FAILURES_PER_STAGE) {
        await write({ failures: failures + 1 });
        return refuseAndKeep(code);
      }
      const minutes = STAGES[stage];
      const lockedUntil = minutes === undefined ? null : ctx.now + minutes * 60_000;
      await write({ failures: 0, stage: stage + 1, lockedUntil });
      return minutes === undefined ? refuseAndKeep('blocked') : refuseAndKeep('locked_out', { minutes });
    },

    /** Somebody has proved all that was asked for: nothing is counted any more, and a desk is one of their own. */
    async begunAnew(ctx: CommandContext, user: UserRow): Promise<void> {
      const { own, write } = await countOf(ctx, user);
      await write(UNCOUNTED);
      const { station, deviceId } = ctx.actor;
      const here = { deviceId, userId: user.id, branchId: user.branchId, ...UNCOUNTED };
      if (station && !own) await ctx.tx.db.insert(ctx.tx.t.ownDesks).values(here);
    },
  };
}
export type Lockout = ReturnType<typeof createLockout>;
