import { createHash, createHmac, createPrivateKey, createPublicKey, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';

/** Access tokens live 15 minutes, refresh tokens 7 days; both in ms. */
export const ACCESS_LIFE = 15 * 60_000;
export const REFRESH_LIFE = 7 * 86_400_000;
/** However often it is renewed, a person's sign-in ends after so long (ms); a screen's on the wall goes on. */
export const LONGEST_LIFE = 30 * 86_400_000;
/** For how long the refresh token before the newest still works on its own device: an answer may be lost. */
export const REFRESH_GRACE = 60_000;

export type Access = Readonly<{ userId: string; sessionId: string; expiresAt: number }>;

export type Tokens = Readonly<{
  access: (userId: string, sessionId: string) => Promise<{ token: string; expiresAt: number }>;
  /** Null for anything that is not a living token of ours. */
  read: (token: string) => Promise<Access | null>;
  newSeed: () => string;
  /**
   * The refresh token of a generation: `session.generation.signature`. The next one follows from the session alone, so
   * that a repeated refresh gives the same successor; and an old one is known as old, however old it is.
   */
  refresh: (of: Readonly<{ sessionId: string; seed: string; generation: number }>) => string;
  /** Which generation of this session a token is; null when it is none of ours. */
  generationOf: (token: string, session: Readonly<{ id: string; seed: string }>) => number | null;
  hashOf: (token: string) => string;
  /** A signature of this clinic over a text, which only this clinic can make or check. */
  sign: (text: string) => string;
}>;

/** Whether two texts are the same, in a time that does not tell how much of them is. */
export function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** One algorithm (EdDSA), one issuer, one audience: a token that says otherwise is not ours. */
export function createTokens(vault: Vault, ports: Ports): Tokens {
  const privateKey = createPrivateKey({ key: vault.tokenSigning.privateDer, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const known = new LRUCache<string, Access>({ max: 2000 });
  const refresh: Tokens['refresh'] = ({ sessionId, seed, generation }) => {
    const signed = createHmac('sha256', vault.pepper).update(`refresh ${sessionId} ${seed} ${generation}`);
    return `${sessionId}.${generation}.${signed.digest('base64url')}`;
  };

  return {
    async access(userId, sessionId) {
      const expiresAt = ports.now() + ACCESS_LIFE;
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
        .setSubject(userId)
        .setIssuer('medlane')
        .setAudience('medlane')
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(privateKey);
      return { token, expiresAt };
    },

    async read(token) {
      const before = known.get(token);
      if (before) return before.expiresAt > ports.now() ? before : null;
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: ['EdDSA'],
          typ: 'at+jwt',
          issuer: 'medlane',
          audience: 'medlane',
          currentDate: new Date(ports.now()),
        });
        if (typeof payload.sub !== 'string' || typeof payload['sid'] !== 'string' || !payload.exp) return null;
        const access = { userId: payload.sub, sessionId: payload['sid'], expiresAt: payload.exp * 1000 };
        known.set(token, access);
        return access;
      } catch {
        return null;
      }
    },

    newSeed: () => ports.random(32).toString('base64url'),
    refresh,
    generationOf(token, session) {
      const generation = Number(token.split('.')[1]);
      if (!Number.isSafeInteger(generation)) return null;
      const own = refresh({ sessionId: session.id, seed: session.seed, generation });
      return isSame(own, token) ? generation : null;
    },
    sign: (text) => createHmac('sha256', vault.pepper).update(text).digest('base64url'),
    hashOf: (token) => createHash('sha256').update(vault.pepper).update(token).digest('base64'),
  };
}
