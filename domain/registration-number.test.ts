import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from './patient.ts';
import {
  DEFAULT_PATTERN,
  isRegistrationPattern,
  registrationNumber,
  registrationSeries,
} from './registration-number.ts';

const MONTHLY = 'MMYY-CC-NNNN';
const november = { date: '2026-11-21', category: '01' };

const facts = fc.record({
  date: fc
    .date({ min: new Date('1990-01-01'), max: new Date('2089-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  category: fc.constantFrom(...CATEGORIES),
});

/** What a clinic does: one counter per series. */
function register(pattern: string, people: readonly { date: string; category: string }[]): (string | null)[] {
  const counters = new Map<string, number>();
  return people.map((one) => {
    const series = registrationSeries(pattern, one);
    const serial = (counters.get(series) ?? 0) + 1;
    counters.set(series, serial);
    return registrationNumber(pattern, serial, one);
  });
}

describe('registration numbers', () => {
  it('by default count up from 00-00-001, whatever month or category', () => {
    const december = { date: '2026-12-01', category: '02' };
    expect(register(DEFAULT_PATTERN, [november, november, december])).toEqual(['00-00-001', '00-00-002', '00-00-003']);
    expect(registrationNumber(DEFAULT_PATTERN, 1_234_567, november)).toBe('12-34-567');
  });

  it('Q18: two categories each have serial 0001', () => {
    const other = { ...november, category: '02' };
    expect(register(MONTHLY, [november, other])).toEqual(['1126-01-0001', '1126-02-0001']);
  });

  it('Q19: five registrations in one month and category have serials 0001 to 0005', () => {
    const five = register(MONTHLY, Array(5).fill(november));
    expect(five).toEqual([1, 2, 3, 4, 5].map((serial) => `1126-01-000${serial}`));
  });

  it('restart with the month', () => {
    const december = { ...november, date: '2026-12-01' };
    expect(register(MONTHLY, [november, november, december])).toEqual(['1126-01-0001', '1126-01-0002', '1226-01-0001']);
  });

  it('run out, and say so rather than growing a digit or starting again', () => {
    expect(registrationNumber(MONTHLY, 9999, november)).toBe('1126-01-9999');
    expect(registrationNumber(MONTHLY, 10_000, november)).toBeNull();
    expect(registrationNumber(DEFAULT_PATTERN, 9_999_999, november)).toBe('99-99-999');
    expect(registrationNumber(DEFAULT_PATTERN, 10_000_000, november)).toBeNull();
  });

  it('are never given twice, and always have the pattern’s shape', () => {
    fc.assert(
      fc.property(fc.constantFrom(DEFAULT_PATTERN, MONTHLY), fc.array(facts, { maxLength: 40 }), (pattern, people) => {
        const numbers = register(pattern, people);
        expect(new Set(numbers).size).toBe(people.length);
        const shape = pattern === MONTHLY ? /^(0[1-9]|1[0-2])\d\d-0[1-5]-\d{4}$/ : /^\d\d-\d\d-\d{3}$/;
        for (const number of numbers) expect(number).toMatch(shape);
      }),
      { numRuns: 1000 },
    );
  });

  it('rise with the counter within a series', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(DEFAULT_PATTERN, MONTHLY),
        facts,
        fc.integer({ min: 1, max: 9998 }),
        (pattern, one, n) => {
          const [first, second] = [registrationNumber(pattern, n, one), registrationNumber(pattern, n + 1, one)];
          expect(String(first) < String(second)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('take a pattern with at least three digits that a slip and a search box can hold', () => {
    for (const good of [DEFAULT_PATTERN, MONTHLY, 'NNN', 'H/NNNNNN', 'YY.NNNNN'])
      expect(isRegistrationPattern(good)).toBe(true);
    for (const bad of ['', 'NN', 'NN-N ', 'nnn', 'NNN\n', 'ÄNNN', 'N'.repeat(21), 'NNN%', 'MM-CC'])
      expect(isRegistrationPattern(bad)).toBe(false);
  });
});
