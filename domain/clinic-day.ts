import { Temporal } from 'temporal-polyfill';

/** How a clinic counts its days: an IANA time zone, and the wall-clock hour (0–23) at which a new day begins. */
export type DayRule = Readonly<{ timeZone: string; rollOverHour: number }>;

/** One clinic day: its date (`YYYY-MM-DD`) and the instants (ms since 1970) between which it lies: `start ≤ t < end`. */
export type ClinicDay = Readonly<{ date: string; start: number; end: number }>;

function startOf(date: Temporal.PlainDate, rule: DayRule): number {
  const wall = date.toPlainDateTime({ hour: rule.rollOverHour });
  // 'compatible': a roll-over hour that a clock change skips begins after the gap, one that happens twice begins at the first.
  return wall.toZonedDateTime(rule.timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/**
 * The clinic day that holds an instant. Days follow each other without gap or overlap, whatever the zone's rules do,
 * because a day is defined by the instants at which it and the next one begin.
 * @throws RangeError when the time zone is unknown.
 */
export function clinicDayAt(instant: number, rule: DayRule): ClinicDay {
  const wall = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(rule.timeZone);
  let date = wall.hour < rule.rollOverHour ? wall.toPlainDate().subtract({ days: 1 }) : wall.toPlainDate();
  while (instant < startOf(date, rule)) date = date.subtract({ days: 1 });
  while (instant >= startOf(date.add({ days: 1 }), rule)) date = date.add({ days: 1 });
  return { date: date.toString(), start: startOf(date, rule), end: startOf(date.add({ days: 1 }), rule) };
}

/** The clinic day of a date (`YYYY-MM-DD`). */
export function clinicDayOn(date: string, rule: DayRule): ClinicDay {
  const day = Temporal.PlainDate.from(date);
  return { date, start: startOf(day, rule), end: startOf(day.add({ days: 1 }), rule) };
}

/** Remembers the last day it answered, so that asking thousands of times a second costs a comparison. */
export function createDayClock(rule: DayRule): (instant: number) => ClinicDay {
  let last: ClinicDay | undefined;
  return (instant) => {
    if (!last || instant < last.start || instant >= last.end) last = clinicDayAt(instant, rule);
    return last;
  };
}

const clocks = new Map<string, (instant: number) => ClinicDay>();

/** The date of the clinic day that holds an instant, by a clock that is kept for each rule. */
export function dayOfInstant(rule: DayRule, instant: number): string {
  const key = `${rule.timeZone} ${rule.rollOverHour}`;
  const clock = clocks.get(key) ?? createDayClock(rule);
  clocks.set(key, clock);
  return clock(instant).date;
}

/** The hour on the wall, 0–23, of an instant. */
export const hourAt = (instant: number, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).hour;

/** Whether the platform knows this IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
