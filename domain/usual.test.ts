import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DayCount, ENOUGH_DAYS, usualOf } from './usual.ts';

const day = (weekday: number, byNow: number, at9 = 0): DayCount => ({
  day: '2026-11-01',
  weekday,
  byNow,
  byHour: Array.from({ length: 24 }, (_, hour) => (hour === 9 ? at9 : 0)),
});

describe('what is usual', () => {
  it('is unknown while there are too few days', () => {
    expect(usualOf([day(1, 10), day(1, 12)], 1)).toBeNull();
  });

  it('is the same weekday when there are enough of those, else any day', () => {
    const mondays = [day(1, 10, 4), day(1, 30, 6), day(1, 20, 5)];
    const others = [day(2, 90, 40), day(3, 90, 40), day(4, 90, 40), day(5, 90, 40)];
    const usual = usualOf([...mondays, ...others], 1);
    expect(usual).toMatchObject({ days: 3, sameWeekday: true, byNow: 20 });
    expect(usual?.byHour[9]).toBe(5);
    expect(usualOf([...mondays, ...others], 0)).toMatchObject({ days: 7, sameWeekday: false, byNow: 90 });
  });

  it('is never a number that no day had', () => {
    const counted = fc.record({ weekday: fc.integer({ min: 1, max: 7 }), byNow: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(counted, { minLength: ENOUGH_DAYS, maxLength: 30 }), (given) => {
        const days = given.map(({ weekday, byNow }) => day(weekday, byNow));
        expect(days.map(({ byNow }) => byNow)).toContain(usualOf(days, 1)?.byNow);
      }),
    );
  });
});
