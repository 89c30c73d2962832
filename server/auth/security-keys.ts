import { isIP } from 'node:net';
import { and, asc, eq } from 'drizzle-orm';
import type { KeyAnswer, NewKey } from '../../contract/second-factor.ts';
import { branchOf } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';
import { iso, isoOrNull } from '../ports.ts';
import type { About } from './proof.ts';
import type { Tokens } from './tokens.ts';
import type { UserRow } from './user-rows.ts';

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };
type KeyRow = Reader['t']['securityKeys']['$inferSelect'];

/** It takes as long to load as all the rest: only where somebody has a key. */
const webauthn = () => import('@simplewebauthn/server');

/** A question is good for one to two of these (ms). */
const PERIOD = 5 * 60_000;
const MOST_KEYS = 10;
/** EdDSA, ES256, RS256 (COSE): what the keys of the last ten years speak. */
const ALGORITHMS = [-8, -7, -257];
const toKey = ({ credential: id, transports }: KeyRow) => ({ id, type: 'public-key' as const, transports });

/**
 * Security keys and the locks of computers (WebAuthn Level 2). Each belongs to the host on whose page it was added: it cannot
 * be asked from a page that only looks the same. No question is stored: it follows from what it is about, and from the time.
 */
export function createSecurityKeys(tokens: Tokens) {
  const question = (about: About, at: number) =>
    Buffer.from(tokens.hashOf(`security key ${about} ${Math.floor(at / PERIOD)}`)).toString('base64url');
  const isQuestion = (about: About, now: number) => (asked: string) =>
    [now, now - PERIOD].some((at) => question(about, at) === asked);
  const newKeyOf = ({ actor }: CommandContext): About => `new ${actor.sessionId}`;

  const of = ({ t, db }: Rows, userId: string): Promise<KeyRow[]> =>
    db
      .select()
      .from(t.securityKeys)
      .where(eq(t.securityKeys.userId, userId))
      .orderBy(asc(t.securityKeys.createdAt), asc(t.securityKeys.id));

  async function countSince(
    { tx: { t, db }, now }: CommandContext,
    userId: string,
    keySince: number | null,
  ): Promise<void> {
    await db.update(t.users).set({ keySince, updatedAt: now }).where(eq(t.users.id, userId));
  }

  return {
    async list(rows: Rows, userId: string) {
      return (await of(rows, userId)).map(({ id, name, host, createdAt, lastUsedAt }) => ({
        ...{ id, name, host, createdAt: iso(createdAt), lastUsedAt: isoOrNull(lastUsedAt) },
      }));
    },

    /** What a new key is asked; null on a page whose address has no name. */
    async options(ctx: CommandContext, { id, branchId, username, name }: UserRow) {
      const host = hostOf(ctx);
      if (!host) return null;
      return {
        challenge: question(newKeyOf(ctx), ctx.now),
        rp: { id: host, name: (await branchOf(ctx.tx, branchId)).name },
        user: { id: Buffer.from(id).toString('base64url'), name: username, displayName: name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
        timeout: PERIOD,
        excludeCredentials: (await of(ctx.tx, id)).map(toKey),
        authenticatorSelection: { userVerification: 'preferred' as const },
      };
    },

    hasRoom: async (rows: Rows, userId: string) => (await of(rows, userId)).length < MOST_KEYS,

    /** Keeps a new key. Whether what it answered is right. */
    async add(ctx: CommandContext, user: UserRow, name: string, answer: NewKey): Promise<boolean> {
      const { id, transports, ...response } = answer;
      const { verifyRegistrationResponse } = await webauthn();
      const found = await verifyRegistrationResponse({
        response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
        expectedChallenge: isQuestion(newKeyOf(ctx), ctx.now),
        expectedOrigin: ctx.web.origin,
        expectedRPID: hostOf(ctx) ?? '',
        requireUserVerification: false,
        supportedAlgorithmIDs: ALGORITHMS,
      }).catch(() => null);
      if (!found?.verified) return false;
      const { credential, rpID } = found.registrationInfo;
      const { t, db } = ctx.tx;
      const [known] = await db.select().from(t.securityKeys).where(eq(t.securityKeys.credential, credential.id));
      if (known) return false;
      await db.insert(t.securityKeys).values({
        ...{ id: ctx.id(), credential: credential.id, host: rpID ?? '', name, transports },
        ...{ userId: user.id, branchId: user.branchId },
        ...{ publicKey: Buffer.from(credential.publicKey), counter: credential.counter, lastUsedAt: null },
        ...{ createdAt: ctx.now, updatedAt: ctx.now },
      });
      await countSince(ctx, user.id, user.keySince ?? ctx.now);
      return true;
    },

    /** Takes one away; null when it is not theirs. */
    async remove(ctx: CommandContext, userId: string, id: string): Promise<KeyRow | null> {
      const { t, db } = ctx.tx;
      const mine = and(eq(t.securityKeys.userId, userId), eq(t.securityKeys.id, id));
      const [gone] = await db.delete(t.securityKeys).where(mine).returning();
      const left = await of(ctx.tx, userId);
      await countSince(ctx, userId, left[0]?.createdAt ?? null);
      return gone ?? null;
    },

    async removeAll({ tx: { t, db } }: CommandContext, userId: string): Promise<void> {
      await db.delete(t.securityKeys).where(eq(t.securityKeys.userId, userId));
    },

    /** What somebody's keys are asked about something; null when none of them answers on this page. */
    async ask(ctx: CommandContext, userId: string, about: About) {
      const host = hostOf(ctx);
      const here = (await of(ctx.tx, userId)).filter((key) => key.host === host);
      if (!host || here.length === 0) return null;
      return {
        ...{ challenge: question(about, ctx.now), rpId: host, timeout: PERIOD },
        ...{ allowCredentials: here.map(toKey), userVerification: 'preferred' as const },
      };
    },

    /** Whether this is the answer of one of somebody's keys to the question about this; then it counts as used. */
    async proves(ctx: CommandContext, userId: string, about: About, answer: KeyAnswer): Promise<boolean> {
      const key = (await of(ctx.tx, userId)).find(({ credential }) => credential === answer.id);
      if (!key) return false;
      const { id, ...response } = answer;
      const { verifyAuthenticationResponse } = await webauthn();
      const found = await verifyAuthenticationResponse({
        response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
        expectedChallenge: isQuestion(about, ctx.now),
        expectedOrigin: ctx.web.origin,
        expectedRPID: key.host,
        credential: { id, publicKey: new Uint8Array(key.publicKey), counter: key.counter },
        requireUserVerification: false,
      }).catch(() => null);
      if (!found?.verified) return false;
      const { t, db } = ctx.tx;
      const used = { counter: found.authenticationInfo.newCounter, lastUsedAt: ctx.now, updatedAt: ctx.now };
      await db.update(t.securityKeys).set(used).where(eq(t.securityKeys.id, key.id));
      return true;
    },
  };
}
export type SecurityKeys = ReturnType<typeof createSecurityKeys>;

/** The name under which the page was opened; null for a bare address, which no key answers to. */
function hostOf({ web }: CommandContext): string | null {
  const { hostname } = new URL(web.origin);
  return isIP(hostname.replace(/^\[|\]$/g, '')) ? null : hostname;
}
