import { eq } from 'drizzle-orm';
import type { CommandContext } from '../dispatch.ts';
import type { Rows } from '../mail/mail-server.ts';
import { iso, type Ports } from '../ports.ts';
import type { MailedCodes } from './mailed-codes.ts';
import { asWritten, newPaperCode } from './paper-code.ts';
import { isSame, type Tokens } from './tokens.ts';
import type { UserRow } from './user-rows.ts';

/** For so long (ms) a one-time code may be used. */
const LIFE = 3_600_000;

/**
 * One-time codes for whoever forgot the password: kept as a hash, the newest only. What an administrator gave stands apart from
 * what was sent by mail: anybody may ask for a mail, and must not void the other by it.
 */
export function createPasswordReset(tokens: Tokens, ports: Ports, mailed: MailedCodes) {
  const hashOf = (userId: string, code: string) => tokens.hashOf(`reset ${userId} ${asWritten(code)}`);

  return {
    async give(ctx: CommandContext, { id }: UserRow): Promise<{ code: string; until: string }> {
      const { t, db } = ctx.tx;
      const { now } = ctx;
      await mailed.close(ctx, id, 'reset');
      const code = newPaperCode(ports.random);
      const until = now + LIFE;
      await db
        .update(t.users)
        .set({ resetHash: hashOf(id, code), resetUntil: until, updatedAt: now })
        .where(eq(t.users.id, id));
      return { code, until: iso(until) };
    },

    /** Whether this is the code that was given last, in time, and was not used. */
    async fits(rows: Rows, user: UserRow, code: string, now: number): Promise<boolean> {
      const { id, resetHash, resetUntil } = user;
      const given = resetHash !== null && resetUntil !== null && resetUntil > now;
      if (given && isSame(resetHash, hashOf(id, code))) return true;
      return mailed.fits(rows, 'reset', user, code, now);
    },
  };
}
export type PasswordReset = ReturnType<typeof createPasswordReset>;
