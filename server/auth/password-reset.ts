import { timingSafeEqual } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { CommandContext } from '../dispatch.ts';
import { iso, type Ports } from '../ports.ts';
import { asWritten, newPaperCode } from './paper-code.ts';
import type { Tokens } from './tokens.ts';
import type { UserRow } from './user-rows.ts';

/** For so long (ms) a one-time code may be used. */
const LIFE = 3_600_000;

/** One-time codes for whoever forgot the password: kept as a hash, the newest only. */
export function createPasswordReset(tokens: Tokens, ports: Ports) {
  const hashOf = (userId: string, code: string) => tokens.hashOf(`reset ${userId} ${asWritten(code)}`);

  return {
    async give({ tx: { t, db }, now }: CommandContext, { id }: UserRow): Promise<{ code: string; until: string }> {
      const code = newPaperCode(ports.random);
      const until = now + LIFE;
      await db
        .update(t.users)
        .set({ resetHash: hashOf(id, code), resetUntil: until, updatedAt: now })
        .where(eq(t.users.id, id));
      return { code, until: iso(until) };
    },

    /** Whether this is the code that was given last, in time, and was not used. */
    fits({ id, resetHash, resetUntil }: UserRow, code: string, now: number): boolean {
      if (resetHash === null || resetUntil === null || resetUntil <= now) return false;
      const [own, given] = [Buffer.from(resetHash), Buffer.from(hashOf(id, code))];
      return own.length === given.length && timingSafeEqual(own, given);
    },
  };
}
export type PasswordReset = ReturnType<typeof createPasswordReset>;
