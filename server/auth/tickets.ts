import { eq } from 'drizzle-orm';
import type { CommandContext } from '../dispatch.ts';
import { isSame, type Tokens } from './tokens.ts';
import type { UserRow } from './user-rows.ts';

/** From the password to the code (ms), and how many wrong codes may be typed meanwhile. */
const TICKET_LIFE = 5 * 60_000;
const TRIES = 5;

/**
 * Whoever proved a password and must still prove something else: `user.secret`, good for little and not for long. It is bound to
 * that password: once there is another one, what the old one opened is closed.
 */
export function createTickets(tokens: Tokens) {
  const hashOf = (ticket: string, { passwordHash }: UserRow) => tokens.hashOf(`${ticket} ${passwordHash}`);
  const mine = ({ tx: { t } }: CommandContext, userId: string) => eq(t.tickets.userId, userId);

  return {
    /** The one before is void. */
    async open(ctx: CommandContext, user: UserRow): Promise<string> {
      const { t, db } = ctx.tx;
      const { id: userId, branchId } = user;
      const ticket = `${userId}.${tokens.newSeed()}`;
      const state = { hash: hashOf(ticket, user), tries: 0, expiresAt: ctx.now + TICKET_LIFE };
      await db
        .insert(t.tickets)
        .values({ userId, branchId, ...state, createdAt: ctx.now, updatedAt: ctx.now })
        .onConflictDoUpdate({ target: t.tickets.userId, set: { ...state, updatedAt: ctx.now } });
      return ticket;
    },

    /** Whose it is; null when it is void, used up or too old. */
    async userOf({ tx: { t, db }, now }: CommandContext, ticket: string): Promise<UserRow | null> {
      const [found] = await db
        .select({ ticket: t.tickets, user: t.users })
        .from(t.tickets)
        .innerJoin(t.users, eq(t.users.id, t.tickets.userId))
        .where(eq(t.tickets.userId, ticket.split('.')[0] ?? ''));
      if (!found || found.ticket.expiresAt <= now || found.ticket.tries >= TRIES) return null;
      return isSame(found.ticket.hash, hashOf(ticket, found.user)) ? found.user : null;
    },

    async countTry(ctx: CommandContext, userId: string): Promise<void> {
      const { t, db } = ctx.tx;
      const [ticket] = await db.select({ tries: t.tickets.tries }).from(t.tickets).where(mine(ctx, userId));
      await db
        .update(t.tickets)
        .set({ tries: (ticket?.tries ?? 0) + 1 })
        .where(mine(ctx, userId));
    },

    async close(ctx: CommandContext, userId: string): Promise<void> {
      await ctx.tx.db.delete(ctx.tx.t.tickets).where(mine(ctx, userId));
    },
  };
}
export type Tickets = ReturnType<typeof createTickets>;
