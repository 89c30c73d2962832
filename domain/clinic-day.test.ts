import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { clinicDayAt, createDayClock, isTimeZone } from './clinic-day.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const hours = ({ start, end }: { start: number; end: number }) => (end - start) / HOUR;

describe('the clinic day', () => {
  it('lasts 23 hours when the clocks go forward and 25 when they go back', () => {
    const berlin = { timeZone: 'Europe/Berlin', rollOverHour: 0 };
    const spring = clinicDayAt(at('2026-03-29T12:00:00Z'), berlin);
    expect([spring.date, hours(spring)]).toEqual(['2026-03-29', 23]);
    const autumn = clinicDayAt(at('2026-10-25T12:00:00Z'), berlin);
    expect([autumn.date, hours(autumn)]).toEqual(['2026-10-25', 25]);
  });

  it('begins after the gap when the clocks skip the roll-over hour, and once when it comes twice', () => {
    const berlin = { timeZone: 'Europe/Berlin', rollOverHour: 2 };
    // At 02:00 the clocks show 03:00.
    expect(clinicDayAt(at('2026-03-29T00:59:59Z'), berlin).date).toBe('2026-03-28');
    expect(clinicDayAt(at('2026-03-29T01:00:00Z'), berlin).date).toBe('2026-03-29');
    // 02:00 comes at 00:00 UTC and again at 01:00 UTC.
    expect(clinicDayAt(at('2026-10-25T00:00:00Z'), berlin).date).toBe('2026-10-25');
    expect(clinicDayAt(at('2026-10-25T01:00:00Z'), berlin).date).toBe('2026-10-25');
  });

  it('knows Samoa’s 30 December 2011, which never was', () => {
    const samoa = { timeZone: 'Pacific/Apia', rollOverHour: 0 };
    const before = clinicDayAt(at('2011-12-30T09:59:59Z'), samoa);
    const after = clinicDayAt(at('2011-12-30T10:00:00Z'), samoa);
    expect(before.date).toBe('2011-12-29');
    expect(after.date).toBe('2011-12-31');
    expect(hours(after)).toBe(24);
  });

  it('holds midnight to the roll-over hour in the day before', () => {
    const karachi = { timeZone: 'Asia/Karachi', rollOverHour: 4 };
    expect(clinicDayAt(at('2026-11-20T22:59:59Z'), karachi).date).toBe('2026-11-20');
    expect(clinicDayAt(at('2026-11-20T23:00:00Z'), karachi).date).toBe('2026-11-21');
    expect(clinicDayAt(at('2028-02-29T12:00:00Z'), karachi).date).toBe('2028-02-29');
  });

  it('refuses a time zone that nobody knows', () => {
    expect(isTimeZone('Asia/Karachi')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(() => clinicDayAt(0, { timeZone: 'Mars/Olympus', rollOverHour: 0 })).toThrow(RangeError);
  });
});

const instant = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2035-12-31T00:00:00Z') });
const rule = fc.record({
  timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
  rollOverHour: fc.integer({ min: 0, max: 12 }),
});

describe('in every time zone, 1990–2035', () => {
  it('an instant lies in its day, and the next day begins where this one ends', () => {
    fc.assert(
      fc.property(rule, instant, (zone, now) => {
        const day = clinicDayAt(now, zone);
        expect(day.start <= now && now < day.end).toBe(true);
        expect(clinicDayAt(day.start, zone)).toEqual(day);
        expect(clinicDayAt(day.end - 1, zone)).toEqual(day);
        const next = clinicDayAt(day.end, zone);
        expect(next.start).toBe(day.end);
        expect(next.date > day.date).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('days never repeat, skip or go back, but where the zone itself skipped a date', () => {
    fc.assert(
      fc.property(rule, instant, (zone, from) => {
        let day = clinicDayAt(from, zone);
        for (let count = 0; count < 3; count += 1) {
          const next = clinicDayAt(day.end, zone);
          const skipped = Temporal.PlainDate.from(day.date).until(next.date).days - 1;
          // A whole date is missing only where the clocks jumped a day: no instant lies in it.
          if (skipped > 0) expect(hours(day) + hours(next)).toBeLessThanOrEqual(49);
          expect(skipped).toBeLessThanOrEqual(1);
          expect(next.date > day.date).toBe(true);
          day = next;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('later is never an earlier day', () => {
    fc.assert(
      fc.property(rule, instant, fc.integer({ min: 0, max: 400 * 24 * HOUR }), (zone, from, passed) => {
        expect(clinicDayAt(from + passed, zone).date >= clinicDayAt(from, zone).date).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('the clock that remembers a day says the same as asking afresh', () => {
    fc.assert(
      fc.property(rule, fc.array(instant, { minLength: 1, maxLength: 6 }), (zone, instants) => {
        const dayOf = createDayClock(zone);
        for (const now of instants) expect(dayOf(now)).toEqual(clinicDayAt(now, zone));
      }),
      { numRuns: 1000 },
    );
  });
});
