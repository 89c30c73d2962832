import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NumberFormat } from '../../domain/identity-documents.ts';
import { checkNumber, readNumbers } from './numbers.ts';

const isRight = (format: NumberFormat, typed: string) => 'value' in checkNumber(format, typed);

/**
 * Verhoeff's check from its definition, without a table: digits are the symmetries of a pentagon (0–4 turn it, 5–9 turn it
 * over first), multiplied as such, each place's digit moved on by the powers of one permutation.
 */
const times = (a: number, b: number): number => {
  const turn = (a < 5 ? (a % 5) + (b % 5) : (a % 5) - (b % 5) + 5) % 5;
  return turn + (a < 5 === b < 5 ? 0 : 5);
};
const MOVED = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
const moved = (digit: number, places: number): number => {
  let at = digit;
  for (let i = 0; i < places % 8; i += 1) at = MOVED[at] as number;
  return at;
};
const verhoeff = (digits: readonly number[]): boolean =>
  [...digits].reverse().reduce((sum, digit, place) => times(sum, moved(digit, place)), 0) === 0;

const digits = (length: number) => fc.array(fc.nat(9), { minLength: length, maxLength: length });
const isPalindrome = (number: readonly number[]) => String(number) === String([...number].reverse());
/** An Aadhaar number: eleven digits that do not begin with 0 or 1, and the one digit that makes it right. */
const aadhaar = fc
  .tuple(fc.integer({ min: 2, max: 9 }), digits(10))
  .map(([first, others]) => {
    const check = Array.from({ length: 10 }, (_, digit) => digit).find((digit) => verhoeff([first, ...others, digit]));
    return [first, ...others, check as number];
  })
  // UIDAI gives none that reads the same backwards.
  .filter((number) => !isPalindrome(number));

describe('an Aadhaar number', () => {
  it('is right exactly when Verhoeff’s check says so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), digits(11), (first, others) => {
        const number = [first, ...others];
        fc.pre(!isPalindrome(number));
        expect(isRight('aadhaar', number.join(''))).toBe(verhoeff(number));
      }),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(aadhaar, (number) => isRight('aadhaar', number.join(''))));
  });

  it('with one digit wrong is found, whichever and wherever', () => {
    fc.assert(
      fc.property(aadhaar, (number) => {
        for (const [place, own] of number.entries())
          for (let other = 0; other < 10; other += 1)
            if (other !== own) expect(isRight('aadhaar', number.with(place, other).join(''))).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('with two neighbours swapped is found', () => {
    fc.assert(
      fc.property(aadhaar, fc.nat(10), (number, place) => {
        const [one, two] = [number[place] as number, number[place + 1] as number];
        fc.pre(one !== two);
        expect(
          isRight(
            'aadhaar',
            number
              .with(place, two)
              .with(place + 1, one)
              .join(''),
          ),
        ).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('says what is wrong with it', () => {
    expect(checkNumber('aadhaar', '2341 2341 2347')).toEqual({ problem: 'checksum' });
    expect(checkNumber('aadhaar', '2341 2341 234')).toEqual({ problem: 'length' });
    expect(checkNumber('aadhaar', '0341 2341 2346')).toEqual({ problem: 'format' });
  });
});

describe('the other numbers', () => {
  const RIGHT: [NumberFormat, string, string][] = [
    ['aadhaar', '2341-2341 2346', '234123412346'],
    ['aadhaar', '۲۳۴۱ ۲۳۴۱ ۲۳۴۶', '234123412346'],
    ['aadhaar', '२३४१२३४१२३४६', '234123412346'],
    ['pan', 'abcpe1234f', 'ABCPE1234F'],
    ['epic', 'WKH1186253', 'WKH1186253'],
    ['cnic', '34201-0891231-8', '3420108912318'],
    ['ntn', '1234567-8', '12345678'],
    ['iban', 'PK36 SCBL 0000 0011 2345 6702', 'PK36SCBL0000001123456702'],
    ['ifsc', 'hdfc0001234', 'HDFC0001234'],
    ['account', '0012 3456 789', '00123456789'],
    ['philsys', '1234-5678-9012-3456', '1234567890123456'],
    ['ph_tin', '123-456-789-000', '123456789000'],
    ['philhealth', '12-345678901-2', '123456789012'],
    ['prc', '0123456', '0123456'],
    ['passport', 'a1234567', 'A1234567'],
    ['any', 'pmdc/12-345.p', 'PMDC/12345.P'],
  ];
  it.each(RIGHT)('%s: %s is kept as %s', (format, typed, value) => {
    expect(checkNumber(format, typed)).toEqual({ value });
  });

  const WRONG: [NumberFormat, string][] = [
    ['pan', 'ABCDE12345'],
    ['pan', 'ABCXE1234F'],
    ['epic', 'WKH1186254'],
    ['cnic', '94201-0891231-8'],
    ['ntn', '123456'],
    ['iban', 'PK36SCBL0000001123456703'],
    ['iban', 'GB82WEST12345698765432'],
    ['ifsc', 'HDFC1001234'],
    ['account', '12345678'],
    ['account', '1234567890123456789'],
    ['philsys', '123456789012'],
    ['ph_tin', '1234567890'],
    ['any', '-'],
    ['any', '<script>'],
  ];
  it.each(WRONG)('%s: %s is refused', (format, typed) => {
    expect(isRight(format, typed)).toBe(false);
  });
});

describe('the numbers of a document', () => {
  const fields = { account: '00123456789', ifsc: 'HDFC0001234' };
  it('are all needed, an account typed twice', () => {
    const wrongIn = (...given: Parameters<typeof readNumbers>) => {
      const read = readNumbers(...given);
      return 'wrong' in read ? read.wrong.map(({ field, code }) => `${field} ${code}`) : [];
    };
    expect(wrongIn('in_bank_account', fields, { account: '0012 3456 789' })).toEqual([]);
    expect(wrongIn('in_bank_account', fields, {})).toEqual(['again mismatch']);
    expect(wrongIn('in_bank_account', fields, { account: '00123456780' })).toEqual(['again mismatch']);
    expect(wrongIn('in_bank_account', {}, {})).toEqual(['account format', 'ifsc format']);
  });
});
