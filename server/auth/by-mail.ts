import { eq } from 'drizzle-orm';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import type { LetterKind } from '../mail/letters.ts';
import { hasMail } from '../mail/mail-server.ts';
import type { Post } from '../mail/post.ts';
import { actorFor } from './entrance.ts';
import { isSuspended, type Lockout, refuseAndKeep } from './lockout.ts';
import { hintOf, LIFE, type MailedCodes } from './mailed-codes.ts';
import { provingAgain, signingIn } from './proof.ts';
import type { ResetRequests } from './reset-requests.ts';
import type { SecondFactor } from './second-factor.ts';
import type { Tickets } from './tickets.ts';
import type { UserRow } from './user-rows.ts';

type Services = Readonly<{
  codes: MailedCodes;
  factor: SecondFactor;
  lockout: Lockout;
  post: Post;
  requests: ResetRequests;
  tickets: Tickets;
}>;
type Sending = 'no_mail' | 'code_wait';

/** What goes by mail: the code of a sign-in, that an address is one's own, and the way back to a forgotten password. */
export function createByMail({ codes, factor, lockout, post, requests, tickets }: Services) {
  /** Stores a code, and sends it when that is done: the answer waits until the mail server has it. */
  async function send(
    ctx: CommandContext<Sending>,
    purpose: 'sign_in' | 'verify_email',
    user: UserRow,
    letter: LetterKind,
    to = '',
  ) {
    const { email, branchId } = user;
    if (email === null || !(await hasMail(ctx.tx, branchId))) return ctx.fail('no_mail');
    const made = await codes.open(ctx, purpose, user, to);
    if (made.wait !== null) return ctx.fail('code_wait', { minutes: made.wait });
    ctx.afterwards(() => post.send(branchId, email, letter, { code: made.code, minutes: LIFE[purpose] }));
    return { to: hintOf(email), again: made.again };
  }
  const mine = async ({ tx: { t, db }, actor }: CommandContext): Promise<UserRow | undefined> =>
    (await db.select().from(t.users).where(eq(t.users.id, actor.id)))[0];

  const auth: Pick<GroupHandlers<'auth'>, 'sendCode' | 'askReset'> = {
    async sendCode(ctx, { ticket }) {
      const user = ticket === undefined ? await mine(ctx) : await tickets.userOf(ctx, ticket);
      if (!user || user.passwordGiven || isSuspended(user, ctx.now)) return ctx.fail('ticket_over');
      ctx.record({ resource: 'user', resourceId: user.id, actor: actorFor(user, ctx.actor) });
      await lockout.refuseLocked(ctx, user);
      if (!(await factor.usableBy(ctx.tx, user)).includes('email')) return ctx.fail('no_mail');
      return ticket === undefined
        ? send(ctx, 'sign_in', user, 'step_up', provingAgain(ctx.actor))
        : send(ctx, 'sign_in', user, 'sign_in', signingIn(ticket));
    },

    async askReset(ctx, { identifier }) {
      // Nobody has looked whether there is such a name: so neither the answer nor its time can tell.
      ctx.afterwards(async () => requests.take(identifier, ctx.actor));
      return { ok: true };
    },
  };

  const ownEmail: GroupHandlers<'ownEmail'> = {
    async sendCode(ctx) {
      const user = await mine(ctx);
      if (!user?.email) return ctx.fail('no_email');
      ctx.record({ resource: 'user', resourceId: user.id });
      return send(ctx, 'verify_email', user, 'verify_email');
    },

    async verify(ctx, { code }) {
      const user = await mine(ctx);
      ctx.record({ resource: 'user', resourceId: ctx.actor.id });
      if (!user?.email || !(await codes.take(ctx, 'verify_email', user, code))) return refuseAndKeep('bad_code');
      const { t, db } = ctx.tx;
      await db.update(t.users).set({ emailVerifiedAt: ctx.now, updatedAt: ctx.now }).where(eq(t.users.id, user.id));
      ctx.emit('user.changed', { userId: user.id });
      return { ok: true };
    },
  };

  return { auth, ownEmail };
}
export type ByMail = ReturnType<typeof createByMail>;
