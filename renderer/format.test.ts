import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFormat, localeOf } from './format.ts';

const files = import.meta.glob<object>('../resources/translations/*.json', { import: 'default', eager: true });
const i18n = i18next.createInstance();
beforeAll(async () => {
  const resources = Object.entries(files).map(([path, translation]) => [
    path.replace(/^.*\/|\.json$/g, ''),
    { translation },
  ]);
  await i18n.init({ lng: 'en', resources: Object.fromEntries(resources) });
});
const formatIn = (language: string, preferred: readonly string[] = []) =>
  createFormat(localeOf(language, preferred), i18n.getFixedT(language));

const HOUR = 3_600_000;

describe('each language writes', () => {
  it.each([
    ['en', 'Mar 5, 2026'],
    ['fil', 'Mar 5, 2026'],
    ['hi', '5 मार्च 2026'],
    ['ur', '5 مارچ، 2026'],
  ])('a day: %s', (language, day) => expect(formatIn(language).day('2026-03-05')).toBe(day));

  it.each([
    ['en', '1 h', '2 h 5 min'],
    ['fil', '1 oras', '2 oras 5 min'],
    ['hi', '1 घंटा', '2 घंटे 5 मिनट'],
    ['ur', '1 گھنٹہ', '2 گھنٹے 5 منٹ'],
  ])('one hour and two: %s', (language, one, two) => {
    const { duration } = formatIn(language);
    expect([duration(HOUR), duration(2 * HOUR + HOUR / 12)]).toEqual([one, two]);
  });

  it.each([
    ['en', 'A, B, and C'],
    ['fil', 'A, B, at C'],
    ['hi', 'A, B, और C'],
    ['ur', 'A، B، اور C'],
  ])('a list: %s', (language, list) => expect(formatIn(language).list(['A', 'B', 'C'])).toBe(list));
});

describe('a locale', () => {
  it('is the region that the browser names', () => {
    expect(formatIn('en', ['ur-PK', 'en-GB']).day('2026-03-05')).toBe('5 Mar 2026');
  });
  it('keeps the digits of the slip where the region has others', () => {
    expect(formatIn('ur', ['ur-IN']).number(1234)).toBe('1,234');
    expect(formatIn('ur', ['ur-IN']).time('2026-03-05T16:04:00Z')).toMatch(/\d:04/);
  });
  it('knows Filipino by its former code', () => {
    expect(localeOf('fil', ['tl-PH'])).toBe('fil-PH-u-nu-latn');
  });
});

describe('names and tokens', () => {
  it('are sorted by the alphabet of the language, and numbers by their size', () => {
    expect(['گل', 'تاج', 'پری', 'بانو'].sort(formatIn('ur').compare)).toEqual(['بانو', 'پری', 'تاج', 'گل']);
    expect(['A-10', 'A-9'].sort(formatIn('en').compare)).toEqual(['A-9', 'A-10']);
  });
});
