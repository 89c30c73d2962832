import { and, eq } from 'drizzle-orm';
import type { Reader } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';
import type { Rows } from '../mail/mail-server.ts';
import { iso, type Ports } from '../ports.ts';
import { asWritten, newPaperCode } from './paper-code.ts';
import { isSame, type Tokens } from './tokens.ts';
import type { UserRow } from './user-rows.ts';

type Purpose = Reader['t']['mailedCodes']['$inferSelect']['purpose'];
const MINUTE = 60_000;
/** For so many minutes a code may be used. */
export const LIFE = { sign_in: 5, verify_email: 10, reset: 60 } as const satisfies Record<Purpose, number>;
/** Wrong ones that may be typed; how many are sent in how long (ms), and how long between two. */
const TRIES = 5;
const SENDS = 3;
const COUNTED = 15 * MINUTE;
const BETWEEN = MINUTE;

/**
 * Codes that are sent by mail: kept as a hash, of each purpose the newest only. Each is bound to the address and the password
 * of when it was made, and to whatever else is given as `to`: another ticket, another address or another password voids it.
 */
export function createMailedCodes(tokens: Tokens, ports: Ports) {
  const hashOf = (purpose: Purpose, { id, email, passwordHash }: UserRow, code: string, to: string) =>
    tokens.hashOf(`mailed ${purpose} ${id} ${email} ${passwordHash} ${to} ${asWritten(code)}`);
  const sixDigits = () => String(ports.random(6).readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
  const mine = ({ t }: Rows, userId: string, purpose: Purpose) =>
    and(eq(t.mailedCodes.userId, userId), eq(t.mailedCodes.purpose, purpose));
  const rowOf = async (rows: Rows, userId: string, purpose: Purpose) =>
    (
      await rows.db
        .select()
        .from(rows.t.mailedCodes)
        .where(mine(rows, userId, purpose))
    )[0];

  /** Whether this is the newest code, in time, and not used up. */
  async function fits(rows: Rows, purpose: Purpose, user: UserRow, code: string, now: number, to = '') {
    const row = await rowOf(rows, user.id, purpose);
    if (!row?.hash || row.expiresAt <= now) return false;
    return isSame(row.hash, hashOf(purpose, user, code, to));
  }

  async function close({ tx }: CommandContext, userId: string, purpose: Purpose): Promise<void> {
    await tx.db
      .update(tx.t.mailedCodes)
      .set({ hash: null })
      .where(mine(tx, userId, purpose));
  }

  return {
    fits,
    close,

    /**
     * A new code, to be sent once this is stored: one that is not sent after all is known to nobody. Too soon after others, it
     * says in how many minutes.
     */
    async open({ tx, now }: Pick<CommandContext, 'tx' | 'now'>, purpose: Purpose, user: UserRow, to = '') {
      const before = await rowOf(tx, user.id, purpose);
      const counted = before && now - before.countedFrom < COUNTED ? before : { sends: 0, countedFrom: now };
      const free = Math.max(
        before ? before.sentAt + BETWEEN : 0,
        counted.sends >= SENDS ? counted.countedFrom + COUNTED : 0,
      );
      if (free > now) return { wait: Math.ceil((free - now) / MINUTE) };
      const code = purpose === 'reset' ? newPaperCode(ports.random) : sixDigits();
      const row = {
        ...{ hash: hashOf(purpose, user, code, to), tries: 0, expiresAt: now + LIFE[purpose] * MINUTE },
        ...{ sends: counted.sends + 1, countedFrom: counted.countedFrom, sentAt: now },
      };
      await tx.db
        .insert(tx.t.mailedCodes)
        .values({ ...row, userId: user.id, purpose, branchId: user.branchId })
        .onConflictDoUpdate({ target: [tx.t.mailedCodes.userId, tx.t.mailedCodes.purpose], set: row });
      return { wait: null, code, again: iso(now + BETWEEN) };
    },

    /** The same as `fits`, and then it is used up; a wrong one is counted. */
    async take(ctx: CommandContext, purpose: Purpose, user: UserRow, code: string, to = ''): Promise<boolean> {
      const right = await fits(ctx.tx, purpose, user, code, ctx.now, to);
      const tries = ((await rowOf(ctx.tx, user.id, purpose))?.tries ?? 0) + 1;
      if (right || tries >= TRIES) await close(ctx, user.id, purpose);
      else
        await ctx.tx.db
          .update(ctx.tx.t.mailedCodes)
          .set({ tries })
          .where(mine(ctx.tx, user.id, purpose));
      return right;
    },
  };
}
export type MailedCodes = ReturnType<typeof createMailedCodes>;

/** Enough for its owner to know it again, and for nobody else: `n…@example.com`. */
export const hintOf = (email: string): string => email.replace(/^(.).*(?=@)/, '$1…');
