import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ageOn } from '../domain/patient.ts';
import { languageOf } from './i18n.ts';
import { perName } from './memo.ts';

const MINUTE = 60_000;

/** Set apart, so that `4:14 AM` and `00-01-171` keep their order among Urdu words. */
export const isolate = (text: string): string => `\u2068${text}\u2069`;

/** Intl's objects take a millisecond to make, and every row of a list formats: they are made once. */
const intlOf = perName((locale) => ({
  date: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  time: new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }),
  moment: new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  }),
  hour: new Intl.DateTimeFormat(locale, { hour: 'numeric', timeZone: 'UTC' }),
  number: new Intl.NumberFormat(locale),
  collator: new Intl.Collator(locale, { numeric: true }),
  list: new Intl.ListFormat(locale, { type: 'conjunction' }),
}));

/** Dates, times, numbers and durations as the person's language writes them. */
export function createFormat(locale: string, t: (key: string, facts?: Record<string, unknown>) => string) {
  const { date, time, moment, hour, number, collator, list } = intlOf(locale);
  const minutes = (ms: number) => Math.max(0, Math.round(ms / MINUTE));

  const duration = (ms: number): string => {
    const all = minutes(ms);
    if (all < 1) return t('time.underMinute');
    if (all < 60) return t('time.minutes', { n: number.format(all) });
    const hours = Math.floor(all / 60);
    const facts = { count: hours, h: number.format(hours), n: number.format(all % 60) };
    return t(all % 60 === 0 ? 'time.hours' : 'time.hoursMinutes', facts);
  };

  return {
    locale,
    duration,
    number: number.format.bind(number),
    /** In the order of the language's alphabet, and numbers within by their size. */
    compare: collator.compare.bind(collator),
    list: (items: readonly string[]) => list.format(items),
    time: (instant: string | number) => isolate(time.format(new Date(instant))),
    /** An hour of a wall clock, 0–23. */
    hour: (of: number) => isolate(hour.format(new Date(of * 3_600_000))),
    moment: (instant: string | number) => isolate(moment.format(new Date(instant))),
    /** A clinic day or a birth date: a date without a place in time. */
    day: (day: string) => date.format(new Date(`${day}T00:00:00Z`)),
    since: (instant: string, now: number) => duration(now - Date.parse(instant)),
    range: (range: Readonly<{ low: number; high: number }> | null): string => {
      if (!range) return t('time.cannotTell');
      const [low, high] = [minutes(range.low), Math.max(1, minutes(range.high))];
      return low === high
        ? duration(range.high)
        : t('time.range', { low: number.format(low), high: number.format(high) });
    },
    age: (birthDate: string, today: string, estimated: boolean): string => {
      const years = ageOn(birthDate, today);
      return t(estimated ? 'patient.ageAbout' : 'patient.ageYears', { count: years, years: number.format(years) });
    },
    bytes: (bytes: number) =>
      isolate(
        new Intl.NumberFormat(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(
          bytes / 1_000_000,
        ),
      ),
    percent: (share: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share),
  };
}
export type Format = ReturnType<typeof createFormat>;

/**
 * The person's own region where the browser names one for this language: British dates for a British browser. Always with
 * the digits of tokens, slips and phones, though Urdu in India has others.
 */
export function localeOf(language: string, preferred: readonly string[] = navigator.languages): string {
  const tag = preferred.find((other) => languageOf(other) === language) ?? language;
  return new Intl.Locale(tag, { numberingSystem: 'latn' }).toString();
}

export function useFormat(): Format {
  const { t, i18n } = useTranslation();
  return useMemo(() => createFormat(localeOf(i18n.language), (key, facts) => t(key, facts ?? {})), [t, i18n.language]);
}
