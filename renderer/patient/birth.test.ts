import { describe, expect, it } from 'vitest';
import { readBirth } from './birth.ts';

const TODAY = '2026-11-21';
const exact = (birthDate: string) => ({ birthDate, birthDateEstimated: false });
const about = (birthDate: string) => ({ birthDate, birthDateEstimated: true });

describe('readBirth', () => {
  it.each([
    ['', { birthDate: null, birthDateEstimated: false }],
    ['34', about('1992-07-01')],
    ['0', about('2026-07-01')],
    ['1991', about('1991-07-01')],
    ['12.3.1991', exact('1991-03-12')],
    ['12/03/91', exact('1991-03-12')],
    ['1-2-05', exact('2005-02-01')],
    ['1991-03-12', exact('1991-03-12')],
    ['12031991', exact('1991-03-12')],
    ['31.2.1991', null],
    ['200', null],
    ['1.1.2030', null],
    ['1.1.1800', null],
    ['soon', null],
  ])('reads %j', (typed, expected) => {
    expect(readBirth(typed, TODAY)).toEqual(expected);
  });
});
