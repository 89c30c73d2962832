import { createHash, createHmac, createPrivateKey, createPublicKey } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';

/** Access tokens live 15 minutes, refresh tokens 7 days; both in ms. */
export const ACCESS_LIFE = 15 * 60_000;
export const REFRESH_LIFE = 7 * 86_400_000;
/** For how long the refresh token before the newest still works on its own device: an answer may be lost. */
export const REFRESH_GRACE = 60_000;

export type Access = Readonly<{ userId: string; sessionId: string; expiresAt: number }>;

export type Tokens = Readonly<{
  access: (userId: string, sessionId: string) => Promise<{ token: string; expiresAt: number }>;
  /** Null for anything that is not a living token of ours. */
  read: (token: string) => Promise<Access | null>;
  firstRefresh: () => string;
  /** Always the same successor of the same token, so that a repeated refresh gives one sign-in, not two. */
  nextRefresh: (sessionId: string, token: string) => string;
  hashOf: (token: string) => string;
}>;

/** One algorithm (EdDSA), one issuer, one audience: a token that says otherwise is not ours. */
export function createTokens(vault: Vault, ports: Ports): Tokens {
  const privateKey = createPrivateKey({ key: vault.tokenSigning.privateDer, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const known = new LRUCache<string, Access>({ max: 2000 });

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

    firstRefresh: () => ports.random(32).toString('base64url'),
    nextRefresh: (sessionId, token) =>
      createHmac('sha256', vault.pepper).update(`refresh ${sessionId} ${token}`).digest('base64url'),
    hashOf: (token) => createHash('sha256').update(vault.pepper).update(token).digest('base64'),
  };
}
