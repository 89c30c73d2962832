import { Secret, TOTP } from 'otpauth';

/** A code changes every so many seconds (RFC 6238), and those next to it are taken, too: clocks differ. */
const PERIOD = 30;
const WINDOW = 1;

const of = (secret: Buffer, issuer = 'Medlane', label = '') =>
  new TOTP({ issuer, label, secret: new Secret({ buffer: new Uint8Array(secret).buffer }), period: PERIOD });

/** The key as an authenticator app takes it: by its picture, and typed. */
export const totpKey = (secret: Buffer, clinic: string, username: string): { uri: string; secret: string } => {
  const totp = of(secret, clinic, username);
  return { uri: totp.toString(), secret: totp.secret.base32 };
};

/** Which 30 seconds since 1970 a code is of; null when it is none of now. */
export function totpStep(secret: Buffer, code: string, now: number): number | null {
  const delta = of(secret).validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD) + delta;
}
