import { describe, expect, it } from 'vitest';
import { totpKey, totpStep } from './totp.ts';

/** RFC 6238, appendix B, SHA-1, the last six of its eight digits. */
const SECRET = Buffer.from('12345678901234567890');
const VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

describe('codes of an authenticator app', () => {
  it.each(VECTORS)('at %i s: %s', (seconds, code) => {
    expect(totpStep(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('takes the code before and the code after, and names the seconds that each is of', () => {
    const [seconds, code] = VECTORS[3];
    const step = Math.floor(seconds / 30);
    expect([-2, -1, 0, 1, 2].map((late) => totpStep(SECRET, code, (seconds + late * 30) * 1000))).toEqual([
      null,
      step,
      step,
      step,
      null,
    ]);
  });

  it('gives the key as an app takes it', () => {
    const { uri, secret } = totpKey(SECRET, 'Green: Valley & Co', 'rosa@clinic');
    expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const url = new URL(uri);
    expect([url.protocol, url.host]).toEqual(['otpauth:', 'totp']);
    expect(url.searchParams.get('secret')).toBe(secret);
    expect(url.searchParams.get('issuer')).toBe('Green: Valley & Co');
    expect(decodeURIComponent(url.pathname)).toContain('rosa@clinic');
  });
});
