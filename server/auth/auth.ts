import { eq } from 'drizzle-orm';
import type { auth as contract } from '../../contract/auth.ts';
import type { Factor, KeyAnswer } from '../../contract/second-factor.ts';
import { keyOfName } from '../../domain/people.ts';
import type { SignInHow } from '../../domain/sign-in-risk.ts';
import { NOT_SUBMITTED } from '../../domain/verification.ts';
import type { Actor } from '../actor.ts';
import { branchOf } from '../clinic.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { statusOfUser } from '../identity/rows.ts';
import { iso } from '../ports.ts';
import { roomOfWorker } from '../visits/rooms.ts';
import type { ByMail } from './by-mail.ts';
import { branchHere, mayComeFrom } from './coming-from.ts';
import { forgetPerson, rememberPerson } from './device-people.ts';
import { actorFor, CSRF_COOKIE, type Entrance, REFRESH_COOKIE } from './entrance.ts';
import { type Lockout, refuseAndKeep, refuseSuspended } from './lockout.ts';
import type { MailedCodes } from './mailed-codes.ts';
import { userNamed } from './names.ts';
import { createOwnPassword } from './own-password.ts';
import type { PasswordReset } from './password-reset.ts';
import type { Passwords } from './passwords.ts';
import { createPinHandlers, TRUSTED } from './pins.ts';
import { type About, provingAgain, signingIn } from './proof.ts';
import { createRenewal } from './renewal.ts';
import type { SecondFactor } from './second-factor.ts';
import type { SecurityKeys } from './security-keys.ts';
import { deviceOf, isBrowser } from './sign-in-device.ts';
import { noteRefusal, noteSignIn } from './sign-ins.ts';
import type { Tickets } from './tickets.ts';
import type { Tokens } from './tokens.ts';
import { type UserRow, userView } from './user-rows.ts';

type Contract = typeof contract;
type Services = Readonly<{
  passwords: Passwords;
  tokens: Tokens;
  entrance: Entrance;
  factor: SecondFactor;
  keys: SecurityKeys;
  lockout: Lockout;
  tickets: Tickets;
  reset: PasswordReset;
  codes: MailedCodes;
  byMail: ByMail['auth'];
}>;

type Proof = Readonly<{ code?: string | undefined; key?: KeyAnswer | undefined }>;

/** Who is it, and are they still there: sign-ins from the first password to the last renewal. */
export function createAuthHandlers(services: Services): GroupHandlers<'auth'> {
  const { passwords, tokens, entrance, factor, keys, lockout, tickets, reset, codes, byMail } = services;
  const { countGhost, countFailure, refuseLocked, begunAnew } = lockout;
  const login = prepared<Contract['login'], { fits: boolean; renewed: string | null }>({
    async prepare(ctx, { identifier, password }) {
      const user = await userNamed(ctx.db, identifier);
      const fits = await passwords.verify(user?.passwordHash ?? null, password);
      return { fits, renewed: user && fits ? await passwords.renewed(user.passwordHash, password) : null };
    },
    async handle(ctx, input, { fits, renewed }) {
      const found = await userNamed(ctx.tx, input.identifier);
      ctx.record({
        action: 'auth.login',
        resource: 'user',
        ...(found ? { resourceId: found.id, actor: actorFor(found, ctx.actor) } : {}),
      });
      return noteRefusal(ctx, found ?? null, 'password', async () => {
        if (!found) return countGhost(keyOfName(input.identifier), ctx.now);
        await refuseLocked(ctx, found);
        if (!fits) return countFailure(ctx, found);
        const user = renewed ? await keepHash(ctx, found, renewed) : found;
        refuseSuspended(user, ctx.now);
        refuseElsewhere(ctx, user, input.delivery);
        if (user.passwordGiven) return refuseAndKeep('choose_password', { ticket: await tickets.open(ctx, user) });
        // What was guessed wrong stays counted until the second factor, too, was right.
        if (await factor.isAsked(ctx.tx, user)) {
          const [ticket, by] = [await tickets.open(ctx, user), await factor.usableBy(ctx.tx, user)];
          return refuseAndKeep('second_factor', { ticket, setUp: by.length === 0, by: by.join(',') });
        }
        return enter(ctx, user, input.delivery, 'password');
      });
    },
  });

  /** Everything that was asked for was proved. */
  async function enter(ctx: CommandContext, user: UserRow, delivery: 'cookie' | 'body', how: SignInHow) {
    const { t, db } = ctx.tx;
    await begunAnew(ctx, user);
    await db.update(t.users).set({ lastSignInAt: ctx.now }).where(eq(t.users.id, user.id));
    const browser = isBrowserAt(ctx, delivery);
    const deviceId = await deviceOf(ctx, user, browser);
    await rememberPerson(ctx, user, deviceId);
    await noteSignIn(ctx, { user, outcome: 'ok', how, deviceId });
    return entrance.open(ctx, { ...user, lastSignInAt: ctx.now }, deviceId, browser, true);
  }

  /** Whether this is one of the second factors that they have (`by`), and about nothing else. */
  async function isSecond(
    ctx: CommandContext,
    user: UserRow,
    { code = '', key }: Proof,
    { by, about }: Readonly<{ by: readonly Factor[]; about: About }>,
  ): Promise<boolean> {
    if (key) return keys.proves(ctx, user.id, about, key);
    if (await factor.proves(ctx, user, code)) return true;
    return by.includes('email') && codes.take(ctx, 'sign_in', user, code, about);
  }

  const secondFactor: GroupHandlers<'auth'>['secondFactor'] = async (ctx, input) => {
    const { ticket, delivery } = input;
    const user = await tickets.userOf(ctx, ticket);
    // What a given password was answered with leads to a password of one's own, and no further.
    if (!user || user.passwordGiven) return ctx.fail('ticket_over');
    ctx.record({ resource: 'user', resourceId: user.id, actor: actorFor(user, ctx.actor) });
    return noteRefusal(ctx, user, 'code', async () => {
      await refuseLocked(ctx, user);
      const by = await factor.usableBy(ctx.tx, user);
      // Of who has none yet, the first code of the new app.
      const fits = by.length
        ? await isSecond(ctx, user, input, { by, about: signingIn(ticket) })
        : await factor.confirm(ctx, user, input.code ?? '');
      if (!fits) {
        await tickets.countTry(ctx, user.id);
        return countFailure(ctx, user, 'bad_code');
      }
      refuseElsewhere(ctx, user, delivery);
      await tickets.close(ctx, user.id);
      const { t, db } = ctx.tx;
      const [now] = await db.select().from(t.users).where(eq(t.users.id, user.id));
      return enter(ctx, now ?? user, delivery, 'code');
    });
  };

  const stepUp = prepared<Contract['stepUp'], { fits: boolean }>({
    async prepare(ctx, { password }) {
      const { t, db } = ctx.db;
      const [user] = await db.select().from(t.users).where(eq(t.users.id, ctx.actor.id));
      return { fits: await passwords.verify(user?.passwordHash ?? null, password) };
    },
    async handle(ctx, proof, { fits }) {
      const { t, db } = ctx.tx;
      const [user] = await db.select().from(t.users).where(eq(t.users.id, ctx.actor.id));
      ctx.record({ resource: 'user', resourceId: ctx.actor.id });
      if (!user) return ctx.fail('bad_credentials');
      await refuseLocked(ctx, user);
      if (!fits) return countFailure(ctx, user);
      const by = await factor.usableBy(ctx.tx, user);
      if (by.length && !(await isSecond(ctx, user, proof, { by, about: provingAgain(ctx.actor) })))
        return countFailure(ctx, user, 'bad_code');
      await db
        .update(t.sessions)
        .set({ provedAt: ctx.now, updatedAt: ctx.now })
        .where(eq(t.sessions.id, ctx.actor.sessionId ?? ''));
      return { ok: true };
    },
  });

  /** Whoever signed in at a desk while the server was away: their sign-in begins, if nothing speaks against it now. */
  const resume: GroupHandlers<'auth'>['resume'] = async (ctx, { userId, vouch, at, how }) => {
    const { t, db } = ctx.tx;
    const { deviceId, branchId } = ctx.actor;
    const [user] = await db.select().from(t.users).where(eq(t.users.id, userId));
    ctx.record({ action: 'auth.resume', resource: 'user', resourceId: userId, after: { at: iso(at), how } });
    if (!user || branchHere(user, ctx.actor) !== branchId) return refuseAndKeep('session_ended');
    ctx.record({ actor: actorFor(user, ctx.actor) });
    const issued = entrance.vouchedAt(vouch, user, deviceId);
    if (issued === null || at < issued || at - issued > TRUSTED) return refuseAndKeep('session_ended');
    await noteRefusal(ctx, user, 'desk', async () => {
      await refuseLocked(ctx, user);
      refuseSuspended(user, ctx.now);
    });
    await noteSignIn(ctx, { user, outcome: 'ok', how: 'desk', deviceId });
    return entrance.open(ctx, user, deviceId, false);
  };

  return {
    login,
    secondFactor,
    ...byMail,
    stepUp,
    resume,
    refresh: createRenewal({ tokens, entrance }),
    ...createOwnPassword({ passwords, lockout, tickets, reset }),
    ...createPinHandlers({ passwords, entrance, lockout }),

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
      const own = userView(user, await statusOfUser(ctx.db, user));
      return { ...own, ...about, branchId: branch.id, workingInRoomId: await roomOfWorker(ctx.db, user.id) };
    },
  };
}

/** The hash as it is made today, in place of one from when it cost less. */
async function keepHash(ctx: CommandContext, user: UserRow, passwordHash: string): Promise<UserRow> {
  const { t, db } = ctx.tx;
  await db.update(t.users).set({ passwordHash }).where(eq(t.users.id, user.id));
  return { ...user, passwordHash };
}

const isBrowserAt = (ctx: CommandContext, delivery: 'cookie' | 'body') => delivery === 'cookie' && isBrowser(ctx);

/** Told only to who has proved that it is their account: by this, or from here, it is not opened. */
function refuseElsewhere(ctx: CommandContext, user: UserRow, delivery: 'cookie' | 'body'): void {
  const { station, origin } = ctx.actor;
  const platform = station ? 'desktop' : isBrowserAt(ctx, delivery) ? 'browser' : 'program';
  if (branchHere(user, ctx.actor) === null || !mayComeFrom(user, platform, origin)) refuseAndKeep('not_from_here');
}

const operatorView = (actor: Actor) => ({
  id: actor.id,
  username: actor.name,
  name: actor.name,
  code: '',
  email: null,
  phone: null,
  roles: [...actor.roles],
  branchId: actor.branchId ?? '',
  boardId: null,
  grants: [],
  platforms: [],
  ranges: [],
  active: true,
  suspended: null,
  secondFactor: false,
  verification: NOT_SUBMITTED,
  lockedUntil: null,
  lastSignInAt: null,
  version: 1,
});
