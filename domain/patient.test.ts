import fc from 'fast-check';
import { distance } from 'fastest-levenshtein';
import { describe, expect, it } from 'vitest';
import {
  ageOn,
  birthDateForAge,
  fold,
  type Identity,
  likeness,
  phoneDigits,
  SEXES,
  spellingKeys,
  words,
} from './patient.ts';

const runs = { numRuns: 1000 };
/** As the server measures it. */
const closeness = (a: string, b: string): number => {
  const near = 1 - distance(a, b) / Math.max(a.length, b.length);
  return near < 0.6 ? 0 : near;
};

const date = fc
  .date({ min: new Date('1920-01-01'), max: new Date('2026-11-21'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const given = fc.constantFrom(
  'José',
  'Maria',
  'Mariam',
  'Ayesha',
  'Aisha',
  'Ali',
  'Muhammad',
  'Mohammed',
  'Zoë',
  'Øystein',
);
const family = fc.constantFrom('Gómez', 'Khan', 'Kahn', 'Malik', 'Müller', 'Groß', 'Ahmed', 'Ahmad');
const person: fc.Arbitrary<Identity> = fc.record({
  name: fc.tuple(given, given, family, fc.boolean()).map(([a, b, c, two]) => (two ? `${a} ${b} ${c}` : `${a} ${c}`)),
  birthDate: fc.option(date),
  birthDateEstimated: fc.boolean(),
  sex: fc.constantFrom(...SEXES),
  phone: fc.option(fc.integer({ min: 3_000_000_000, max: 3_999_999_999 }).map((digits) => `0${digits}`)),
});

describe('names as a search compares them', () => {
  it('lose diacritics, case and signs, and keep letters of every script and digits', () => {
    expect(fold('José  GÓMEZ-Peña')).toBe('jose gomez pena');
    expect(fold('Weiß Øystein')).toBe('weiss oystein');
    expect(fold('محمد')).toBe('محمد');
    expect(fold("O'Brien 3rd")).toBe('o brien 3rd');
    expect(fold('')).toBe('');
    expect(words('Ali ali ALI Khan')).toEqual(['ali', 'khan']);
  });

  it('fold the same when they are folded again, and hold nothing that a query language knows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
        expect(fold(text)).not.toMatch(/["'%_*\0]|^ | $| {2}/);
      }),
      runs,
    );
  });

  it('share a spelling key when one letter is missing, or is another', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 5, maxLength: 9 });
    fc.assert(
      fc.property(word, fc.nat(4), fc.constantFrom(...'xyz'), (right, at, letter) => {
        const shared = (wrong: string) => spellingKeys(wrong).some((key) => spellingKeys(right).includes(key));
        expect(shared(right.slice(0, at) + right.slice(at + 1))).toBe(true);
        expect(shared(right.slice(0, at) + letter + right.slice(at + 1))).toBe(true);
      }),
      runs,
    );
  });
});

describe('how alike two records are', () => {
  it('lies between 0 and 100', () => {
    fc.assert(
      fc.property(person, person, (a, b) => {
        const score = likeness(a, b, closeness);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
      }),
      runs,
    );
  });

  it('is 100 for one person with birth date and phone, however the name is written', () => {
    fc.assert(
      fc.property(person, date, (one, birthDate) => {
        const known = { ...one, birthDate, phone: '0300 1234567' };
        const again = {
          ...known,
          name: one.name.toUpperCase().split(' ').reverse().join('  '),
          phone: '+92 300-1234567',
        };
        expect(likeness(known, again, closeness)).toBe(100);
      }),
      runs,
    );
  });

  it('is the same from either side when one name is longer than the other', () => {
    fc.assert(
      fc.property(person, person, (a, b) => {
        fc.pre(words(a.name).length !== words(b.name).length);
        expect(likeness(a, b, closeness)).toBe(likeness(b, a, closeness));
      }),
      runs,
    );
  });

  it('is the same from either side', () => {
    fc.assert(
      fc.property(person, person, (a, b) => {
        expect(likeness(a, b, closeness)).toBe(likeness(b, a, closeness));
      }),
      { numRuns: 5000 },
    );
  });

  it('does not take two phones without digits for the same phone', () => {
    const one = { name: 'Ali Khan', birthDate: null, birthDateEstimated: false, sex: 'male' as const };
    const without = likeness({ ...one, phone: null }, { ...one, phone: null }, closeness);
    expect(likeness({ ...one, phone: 'none' }, { ...one, phone: '-' }, closeness)).toBe(without);
  });

  it('falls when the sexes are known and differ, or the birth dates are years apart', () => {
    const one: Identity = {
      name: 'Ali Khan',
      birthDate: '1980-05-01',
      birthDateEstimated: false,
      sex: 'male',
      phone: null,
    };
    const same = likeness(one, one, closeness);
    expect(likeness(one, { ...one, sex: 'female' }, closeness)).toBe(same - 20);
    expect(likeness(one, { ...one, sex: 'unknown' }, closeness)).toBe(same);
    expect(likeness(one, { ...one, birthDate: '1950-05-01' }, closeness)).toBe(same - 30);
    // Day and month changed places.
    expect(likeness(one, { ...one, birthDate: '1980-01-05' }, closeness)).toBeGreaterThan(same - 30);
  });
});

describe('age', () => {
  it('is whole years, and changes on the birthday', () => {
    expect(ageOn('1990-05-25', '2026-05-24')).toBe(35);
    expect(ageOn('1990-05-25', '2026-05-25')).toBe(36);
    expect(ageOn('2024-02-29', '2025-02-28')).toBe(0);
    expect(ageOn('2024-02-29', '2025-03-01')).toBe(1);
    expect(ageOn('2026-11-21', '2026-11-21')).toBe(0);
  });

  it('that somebody guesses is their age in the middle of the year', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 120 }), (today, age) => {
        const counted = ageOn(birthDateForAge(age, today), today);
        expect(counted === age || counted === age - 1).toBe(true);
      }),
      runs,
    );
  });
});

describe('phone numbers', () => {
  it('are compared by their digits, without the zeros in front', () => {
    expect(phoneDigits('0300-123 4567')).toBe('3001234567');
    expect(phoneDigits('0092 300 1234567')).toBe('923001234567');
    expect(phoneDigits('none')).toBe('');
  });
});
