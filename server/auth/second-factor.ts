import { and, count, eq, isNull } from 'drizzle-orm';
import type { Factor } from '../../contract/second-factor.ts';
import type { Role } from '../../domain/people.ts';
import { branchOf } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';
import { hasMail } from '../mail/mail-server.ts';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';
import { asWritten, newPaperCode } from './paper-code.ts';
import type { SecurityKeys } from './security-keys.ts';
import type { Tokens } from './tokens.ts';
import { totpKey, totpStep } from './totp.ts';
import type { UserRow } from './user-rows.ts';

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };

/** Whoever has one of their own choice: they are asked for it, whatever their role. */
export const hasFactor = (user: Pick<UserRow, 'totpSince' | 'keySince' | 'mailCodes'>): boolean =>
  hasDevice(user) || user.mailCodes;
/** Whoever proves it by something in their hand, and not by their mailbox. */
export const hasDevice = ({ totpSince, keySince }: Pick<UserRow, 'totpSince' | 'keySince'>): boolean =>
  totpSince !== null || keySince !== null;

const isRoleAsked = (roles: readonly Role[], needed: readonly Role[]): boolean =>
  needed.some((role) => roles.includes(role));
type Asked = Pick<UserRow, 'totpSince' | 'keySince' | 'mailCodes'> & Readonly<{ roles: readonly Role[] }>;
/** Whether the password alone is not enough: by their own choice, or because their role (`needed`) asks for more. */
export const isAskedOf = (user: Asked, needed: readonly Role[]): boolean =>
  hasFactor(user) || isRoleAsked(user.roles, needed);

/** So many recovery codes somebody gets at once. */
const CODES = 10;

/** What proves a person beside the password: an authenticator app, codes by mail, and the codes on paper that stand in for them. */
export function createSecondFactor(vault: Vault, tokens: Tokens, ports: Ports, keys: SecurityKeys) {
  const sealed = (userId: string) => `totp ${userId}`;
  const hashOf = (userId: string, code: string) => tokens.hashOf(`recovery ${userId} ${asWritten(code)}`);

  const change = async ({ tx: { t, db }, now }: CommandContext, id: string, what: Partial<UserRow>) => {
    await db
      .update(t.users)
      .set({ ...what, updatedAt: now })
      .where(eq(t.users.id, id));
  };

  const dropRecovery = async ({ tx: { t, db } }: CommandContext, userId: string): Promise<void> => {
    await db.delete(t.recoveryCodes).where(eq(t.recoveryCodes.userId, userId));
  };

  /** Which 30 seconds a code of the app is of; null when it does not fit, or was used before. */
  function stepOf({ id, totpStep: last }: UserRow, key: Buffer, code: string, now: number): number | null {
    const step = totpStep(vault.unwrap(key, sealed(id)), code.replace(/\s/g, ''), now);
    return step !== null && step > last ? step : null;
  }

  async function isRecovery({ tx: { t, db }, now }: CommandContext, userId: string, code: string): Promise<boolean> {
    const used = await db
      .update(t.recoveryCodes)
      .set({ usedAt: now, updatedAt: now })
      .where(and(eq(t.recoveryCodes.hash, hashOf(userId, code)), isNull(t.recoveryCodes.usedAt)))
      .returning({ hash: t.recoveryCodes.hash });
    return used.length > 0;
  }

  /** Whether this person's role asks for one. */
  async function isNeeded(rows: Pick<Reader, 'row'>, user: Readonly<{ branchId: string; roles: readonly Role[] }>) {
    return isRoleAsked(user.roles, (await branchOf(rows, user.branchId)).secondFactorFor);
  }

  async function recoveryLeft({ t, db }: Rows, userId: string): Promise<number> {
    const unused = and(eq(t.recoveryCodes.userId, userId), isNull(t.recoveryCodes.usedAt));
    return (await db.select({ left: count() }).from(t.recoveryCodes).where(unused))[0]?.left ?? 0;
  }

  /** Without any factor there is nothing that recovery codes would stand in for. */
  async function changed(ctx: CommandContext, userId: string): Promise<void> {
    const { t, db } = ctx.tx;
    const [user] = await db.select().from(t.users).where(eq(t.users.id, userId));
    if (user && !hasFactor(user)) await dropRecovery(ctx, userId);
    ctx.emit('user.changed', { userId });
  }

  const isAsked = async (rows: Pick<Reader, 'row'>, user: UserRow) =>
    isAskedOf(user, (await branchOf(rows, user.branchId)).secondFactorFor);

  /**
   * By what this person can do the second step. Whoever has an app or a key gets codes by mail only if they chose so: a mailbox is
   * easier to come by than a telephone. Without one, and where a second step is asked for, a verified address is enough.
   */
  async function usableBy(rows: Rows & Pick<Reader, 'row'>, user: UserRow): Promise<Factor[]> {
    if (!(await isAsked(rows, user))) return [];
    const app = user.totpSince !== null;
    const mailable = user.emailVerifiedAt !== null && (user.mailCodes || !hasDevice(user));
    return [
      ...(user.keySince !== null ? (['key'] as const) : []),
      ...(app ? (['app'] as const) : []),
      ...(mailable && (await hasMail(rows, user.branchId)) ? (['email'] as const) : []),
      ...((await recoveryLeft(rows, user.id)) > 0 ? (['recovery'] as const) : []),
    ];
  }

  return {
    isNeeded,
    isAsked,
    usableBy,
    recoveryLeft,

    /** Codes by mail, as their owner wants it. */
    async chooseMail(ctx: CommandContext, user: UserRow, on: boolean): Promise<void> {
      await change(ctx, user.id, { mailCodes: on });
      await changed(ctx, user.id);
    },
    changed,

    /** A new key for the app. What the person has now goes on to count until a code of the new one is typed. */
    async begin(ctx: CommandContext, { id, branchId, username }: UserRow) {
      const key = ports.random(20);
      await change(ctx, id, { totpPending: vault.wrap(key, sealed(id)) });
      return totpKey(key, (await branchOf(ctx.tx, branchId)).name, username);
    },

    /** A code of the new key: from now on that is the one. Whether it fits. */
    async confirm(ctx: CommandContext, user: UserRow, code: string): Promise<boolean> {
      const key = user.totpPending;
      const step = key && stepOf(user, key, code, ctx.now);
      if (!step) return false;
      await change(ctx, user.id, { totpKey: key, totpPending: null, totpSince: ctx.now, totpStep: step });
      ctx.emit('user.changed', { userId: user.id });
      return true;
    },

    /** A code of the app, or one of the recovery codes. Whether it fits: then it is used up. */
    async proves(ctx: CommandContext, user: UserRow, code: string): Promise<boolean> {
      if (!/^[\d\s]{6,8}$/.test(code)) return isRecovery(ctx, user.id, code);
      if (!user.totpKey) return false;
      const step = stepOf(user, user.totpKey, code, ctx.now);
      if (step === null) return false;
      await change(ctx, user.id, { totpStep: step });
      return true;
    },

    /** New recovery codes, shown this once; those before open nothing any more. */
    async newRecoveryCodes(ctx: CommandContext, { id: userId, branchId }: UserRow) {
      const { t, db } = ctx.tx;
      const { now } = ctx;
      const codes = Array.from({ length: CODES }, () => newPaperCode(ports.random));
      await dropRecovery(ctx, userId);
      const state = { userId, branchId, usedAt: null, createdAt: now, updatedAt: now };
      await db.insert(t.recoveryCodes).values(codes.map((code) => ({ hash: hashOf(userId, code), ...state })));
      return codes;
    },

    async remove(ctx: CommandContext, { id }: UserRow): Promise<void> {
      await dropRecovery(ctx, id);
      await keys.removeAll(ctx, id);
      await change(ctx, id, { totpKey: null, totpPending: null, totpSince: null, keySince: null, mailCodes: false });
      ctx.emit('user.changed', { userId: id });
    },
  };
}
export type SecondFactor = ReturnType<typeof createSecondFactor>;
