import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, riskOf, SIGNS, type SignInSign, signsOf, THREATS, threatOf } from './sign-in-risk.ts';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
const now: Attempt = { at: NOW, ok: true, origin: '10.0.0.5', deviceId: 'desk', hour: 9 };
const days = (count: number, change: Partial<Attempt> = {}): Attempt[] =>
  Array.from({ length: count }, (_, day) => ({ ...now, at: NOW - (day + 1) * 24 * HOUR, ...change }));
const failed = (count: number): Attempt[] =>
  Array.from({ length: count }, (_, n) => ({ ...now, ok: false, at: NOW - n * 1000 - 1 }));

/** Each sign, as it comes about. */
const WAYS: Record<SignInSign, Parameters<typeof signsOf>[0]> = {
  new_address: { now: { ...now, origin: '10.0.0.9' }, before: days(1), elsewhere: [] },
  new_device: { now: { ...now, deviceId: 'other' }, before: days(1), elsewhere: [] },
  unusual_hour: { now: { ...now, hour: 3 }, before: days(10), elsewhere: [] },
  recent_failures: { now, before: [...days(1), ...failed(3)], elsewhere: [] },
  other_place: { now, before: days(1), elsewhere: ['10.0.0.7'] },
};

describe('what is unusual about a sign-in', () => {
  it.each(Object.keys(SIGNS) as SignInSign[])('%s can be reached, alone', (sign) => {
    expect(signsOf(WAYS[sign])).toEqual([sign]);
  });

  it('all of them together are 100, and nothing is more', () => {
    const all = signsOf({
      now: { ...now, origin: '10.0.0.9', deviceId: 'other', hour: 3 },
      before: [...days(10), ...failed(3)],
      elsewhere: ['10.0.0.7'],
    });
    expect(riskOf(all)).toBe(100);
    expect(riskOf(Object.keys(SIGNS) as SignInSign[])).toBe(100);
  });

  it('the first sign-in of all is not unusual: there is nothing that it could differ from', () => {
    expect(signsOf({ now, before: [], elsewhere: [] })).toEqual([]);
  });

  it('somebody’s night shift is unusual only until it is usual', () => {
    const nights = { ...now, hour: 23 };
    expect(signsOf({ now: nights, before: days(30), elsewhere: [] })).toEqual(['unusual_hour']);
    expect(signsOf({ now: nights, before: [...days(30), ...days(1, { hour: 0 })], elsewhere: [] })).toEqual([]);
  });

  it('what failed long ago, or was tried from elsewhere in vain, makes no place known and no hour usual', () => {
    const tried = days(20, { ok: false, origin: '10.0.0.9', hour: 3 });
    const here = { ...now, origin: '10.0.0.9', hour: 3 };
    expect(signsOf({ now: here, before: [...days(10), ...tried], elsewhere: [] })).toEqual([
      'new_address',
      'unusual_hour',
    ]);
  });

  it('a score is the sum of its signs, from 0 to 100, whatever happened before', () => {
    const attempt = fc.record({
      at: fc.integer({ min: NOW - 100 * HOUR, max: NOW }),
      ok: fc.boolean(),
      origin: fc.constantFrom('a', 'b', 'c'),
      deviceId: fc.constantFrom('x', 'y', null),
      hour: fc.integer({ min: 0, max: 23 }),
    });
    fc.assert(
      fc.property(attempt, fc.array(attempt), fc.array(fc.constantFrom('a', 'd')), (last, before, elsewhere) => {
        const signs = signsOf({ now: last, before, elsewhere });
        expect(new Set(signs).size).toBe(signs.length);
        expect(riskOf(signs)).toBeGreaterThanOrEqual(0);
        expect(riskOf(signs)).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('the threat to the clinic', () => {
  it.each([
    [{ failed: 0, suspicious: 0, high: 0 }, 'normal'],
    [{ failed: 16, suspicious: 0, high: 0 }, 'normal'],
    [{ failed: 17, suspicious: 0, high: 0 }, 'low'],
    [{ failed: 50, suspicious: 10, high: 0 }, 'medium'],
    [{ failed: 100, suspicious: 40, high: 0 }, 'high'],
    [{ failed: 300, suspicious: 20, high: 0 }, 'critical'],
  ] as const)('%o is %s', (counts, level) => expect(threatOf(counts).level).toBe(level));

  it('grows with each of its counts', () => {
    const count = fc.nat({ max: 500 });
    fc.assert(
      fc.property(count, count, count, (bad, suspicious, high) => {
        const rank = (counts: Parameters<typeof threatOf>[0]) => THREATS.indexOf(threatOf(counts).level);
        const base = rank({ failed: bad, suspicious, high });
        expect(rank({ failed: bad + 50, suspicious, high })).toBeGreaterThanOrEqual(base);
        expect(rank({ failed: bad, suspicious: suspicious + 50, high: high + 50 })).toBeGreaterThanOrEqual(base);
      }),
    );
  });
});
