import { eq } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Details, ErrorCode } from '../../contract/errors.ts';
import { KeptRefusal } from '../db/commit.ts';
import type { CommandContext } from '../dispatch.ts';
import type { UserRow } from './entrance.ts';

/** Wrong tries per stage, and how long each stage locks (minutes); after the last one the account is blocked. */
const FAILURES_PER_STAGE = 5;
const STAGES = [2, 5, 10, 30, 60];

/** Refused, but what was counted stays counted. */
export const refuseAndKeep = (code: ErrorCode, facts: Details = {}): never => {
  throw new KeptRefusal(code, { facts });
};

/** Guessing gets slower, and then impossible: per account, whatever of it is guessed at and by which of its names. */
export function createLockout() {
  const ghosts = new LRUCache<string, { failures: number; stage: number; lockedUntil: number }>({ max: 5000 });

  return {
    /** A name that nobody has is locked like one that somebody has: trying does not tell who works here. */
    countGhost(name: string, now: number): never {
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
    },

    /** Switched off, or guessed at too often: refused before the password counts. */
    refuseLocked({ now }: Pick<CommandContext, 'now'>, { active, stage, lockedUntil }: UserRow): void {
      if (!active || stage > STAGES.length) refuseAndKeep('blocked');
      if (lockedUntil !== null && lockedUntil > now)
        refuseAndKeep('locked_out', { minutes: Math.ceil((lockedUntil - now) / 60_000) });
    },

    /** A wrong password or code: `code` while there are tries left. */
    async countFailure(
      ctx: CommandContext,
      user: UserRow,
      code: 'bad_credentials' | 'bad_code' = 'bad_credentials',
    ): Promise<never> {
      const { t, db } = ctx.tx;
      const failures = user.failures + 1;
      if (failures < FAILURES_PER_STAGE) {
        await db.update(t.users).set({ failures }).where(eq(t.users.id, user.id));
        return refuseAndKeep(code);
      }
      const minutes = STAGES[user.stage];
      const lockedUntil = minutes === undefined ? null : ctx.now + minutes * 60_000;
      await db
        .update(t.users)
        .set({ failures: 0, stage: user.stage + 1, lockedUntil })
        .where(eq(t.users.id, user.id));
      return minutes === undefined ? refuseAndKeep('blocked') : refuseAndKeep('locked_out', { minutes });
    },
  };
}
export type Lockout = ReturnType<typeof createLockout>;
