import { describe, expect, it } from 'vitest';
import { weakness } from './password-strength.ts';

const AMNA = ['amna', 'Amna Farooq'];
const problem = async (password: string, personal = AMNA) =>
  (await weakness(password, personal, ['Green Valley Clinic']))?.problem ?? 'none';

describe('a password', () => {
  it.each([
    ['short', 'too_short'],
    ['Password1234', 'common'],
    ['P@ssw0rd!!!!', 'common'],
    ['qwertyuiop12', 'common'],
    ['rjycnhernjh', 'common'],
    ['ByAScyther', 'common'],
    ['medlanemedlane', 'guessable'],
    ['greenvalleyclinic', 'guessable'],
    ['receptionist1', 'guessable'],
    ['aaaaaaaaaaaa', 'pattern'],
    ['abcabcabcabc', 'pattern'],
    ['asdfghjkl;poi', 'keyboard'],
    ['Wolfeschlegel', 'one_word'],
    ['15081985!!', 'guessable'],
    ['farooq is tall', 'personal'],
  ])('P15: %j is refused: %s', async (password, why) => {
    expect(await problem(password)).toBe(why);
  });

  it.each(['rain on tin roof 7', 'mera naam hai', 'gulab jamun 12', 'ہوا میں پتنگ اڑتی ہے', 'tatlong kuwago 9'])(
    '%j will do: it needs no capitals and no signs',
    async (password) => expect(await problem(password)).toBe('none'),
  );

  it('names the personal word that it must not contain', async () => {
    expect(await weakness('my FAROOQ password', AMNA, [])).toEqual({ problem: 'personal', word: 'farooq' });
  });

  it.each(['a'.repeat(128), 'ab1'.repeat(42)])('is judged by its first letters, however many follow', async (long) => {
    expect(await problem(long)).toBe('pattern');
  });
});
