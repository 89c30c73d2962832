import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ageOn } from '../domain/patient.ts';

const MINUTE = 60_000;

/** Dates, times, numbers and durations as the person's language writes them. */
export function createFormat(locale: string, t: (key: string, facts?: Record<string, unknown>) => string) {
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const moment = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  });
  const hour = new Intl.DateTimeFormat(locale, { hour: 'numeric', timeZone: 'UTC' });
  const number = new Intl.NumberFormat(locale);
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  /** Isolated, so that `4:14 AM` keeps its order within Urdu words. */
  const isolate = (text: string) => `\u2068${text}\u2069`;
  const minutes = (ms: number) => Math.max(0, Math.round(ms / MINUTE));

  const duration = (ms: number): string => {
    const all = minutes(ms);
    if (all < 1) return t('time.underMinute');
    if (all < 60) return t('time.minutes', { n: number.format(all) });
    const hours = Math.floor(all / 60);
    return all % 60 === 0
      ? t('time.hours', { h: number.format(hours) })
      : t('time.hoursMinutes', { h: number.format(hours), n: number.format(all % 60) });
  };

  return {
    locale,
    duration,
    number: number.format.bind(number),
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
      return t(estimated ? 'patient.ageAbout' : 'patient.ageYears', { years: number.format(years) });
    },
    bytes: (bytes: number) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(
        bytes / 1_000_000,
      ),
    percent: (share: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share),
  };
}
export type Format = ReturnType<typeof createFormat>;

/** The person's own region where the browser names one for this language: British dates for a British browser. */
const localeOf = (language: string): string =>
  navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;

export function useFormat(): Format {
  const { t, i18n } = useTranslation();
  return useMemo(() => createFormat(localeOf(i18n.language), (key, facts) => t(key, facts ?? {})), [t, i18n.language]);
}
