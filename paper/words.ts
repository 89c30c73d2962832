import { readFileSync } from 'node:fs';
import { createInstance, type i18n, type TFunction } from 'i18next';
import type { Face } from './fonts.ts';
import { type Direction, isolate } from './text.ts';

const MINUTE = 60_000;
/** Languages that are not written in Latin letters. */
const FACES: Readonly<Record<string, Face>> = { ur: 'arabic', hi: 'devanagari' };

/** What a document says, and how its language writes dates, times and numbers. */
export type Words = Readonly<{
  language: string;
  direction: Direction;
  face: Face;
  t: TFunction;
  number: (value: number) => string;
  percent: (share: number) => string;
  /** A clinic day or a birth date: a date without a place in time. */
  day: (day: string) => string;
  longDay: (day: string) => string;
  time: (instant: number) => string;
  moment: (instant: number) => string;
  duration: (ms: number) => string;
  range: (range: Readonly<{ low: number; high: number }> | null) => string;
  list: (items: readonly string[]) => string;
}>;

/** Opens the texts beside the screens' own (`resources/translations/paper`); English fills any gap. */
export function createDictionary(resources: URL): (language: string, timeZone: string) => Words {
  const opened = new Map<string, i18n>();
  const read = (language: string) =>
    JSON.parse(readFileSync(new URL(`translations/paper/${language}.json`, resources), 'utf8')) as Record<
      string,
      object
    >;

  function open(language: string): i18n {
    let texts = opened.get(language);
    if (!texts) {
      texts = createInstance();
      void texts.init({
        lng: language,
        fallbackLng: 'en',
        resources: { en: { translation: read('en') }, [language]: { translation: read(language) } },
        // A fact keeps its own order within a sentence of another direction.
        interpolation: { escape: isolate },
        initAsync: false,
      });
      opened.set(language, texts);
    }
    return texts;
  }
  // Intl's formats take longer to make than a slip takes to draw.
  const made = new Map<string, Words>();
  return (language, timeZone) => {
    const key = `${language} ${timeZone}`;
    const words = made.get(key) ?? createWords(language, timeZone, open(language));
    made.set(key, words);
    return words;
  };
}

function createWords(language: string, timeZone: string, { t, dir }: i18n): Words {
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const longDate = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });
  const time = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const { format: number } = new Intl.NumberFormat(language);
  const { format: percent } = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const minutes = (ms: number) => Math.max(0, Math.round(ms / MINUTE));

  const duration = (ms: number): string => {
    const all = minutes(ms);
    if (all < 1) return t('time.underMinute');
    const [h, n] = [Math.floor(all / 60), all % 60];
    if (h === 0) return t('time.minutes', { n: number(n) });
    return n === 0 ? t('time.hours', { h: number(h) }) : t('time.hoursMinutes', { h: number(h), n: number(n) });
  };
  const at = (day: string) => new Date(`${day}T00:00:00Z`);
  return {
    language,
    direction: dir(language),
    face: FACES[language] ?? 'latin',
    t,
    number,
    percent,
    duration,
    list: (items) => list.format(items.map(isolate)),
    day: (day) => date.format(at(day)),
    longDay: (day) => longDate.format(at(day)),
    time: (instant) => isolate(time.format(instant)),
    moment: (instant) => isolate(withTimeIsolated(moment.formatToParts(instant))),
    range: (range) => {
      if (!range) return t('time.cannotTell');
      const [low, high] = [minutes(range.low), Math.max(1, minutes(range.high))];
      return low === high ? duration(range.high) : t('time.range', { low: number(low), high: number(high) });
    },
  };
}

/** `2:16 PM` reads from its left, also in a sentence that reads from the right. */
function withTimeIsolated(parts: readonly Intl.DateTimeFormatPart[]): string {
  const ofTime = (part: Intl.DateTimeFormatPart) => ['hour', 'minute', 'dayPeriod'].includes(part.type);
  const [first, last] = [parts.findIndex(ofTime), parts.findLastIndex(ofTime)];
  const text = (from: number, to: number) =>
    parts
      .slice(from, to)
      .map(({ value }) => value)
      .join('');
  return text(0, first) + isolate(text(first, last + 1)) + text(last + 1, parts.length);
}
