import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy, ENOUGH, group, type Served, serviceTime, waitRange } from './wait-estimate.ts';

const MINUTE = 60_000;
const runs = { numRuns: 1000 };

const served: fc.Arbitrary<Served> = fc.record({
  duration: fc.integer({ min: 0, max: 8 * 60 * MINUTE }),
  staffId: fc.constantFrom(null, 'sana', 'omar'),
  weekday: fc.integer({ min: 1, max: 7 }),
  hour: fc.integer({ min: 0, max: 23 }),
});
const history = fc.array(served, { maxLength: 60, size: 'max' });
const now = fc.record({
  staffId: fc.constantFrom(null, 'sana', 'omar'),
  weekday: fc.integer({ min: 1, max: 7 }),
  hour: fc.integer({ min: 0, max: 23 }),
});
/** Visits of 1 to 60 minutes: what a clinic sees when nobody forgets to finish. */
const usual = fc.array(fc.integer({ min: MINUTE, max: 60 * MINUTE }), {
  minLength: ENOUGH,
  maxLength: 60,
  size: 'max',
});
const ahead = fc.integer({ min: 0, max: 200 });
const rooms = fc.integer({ min: 1, max: 20 });

describe('the estimate of a wait', () => {
  it('is never negative, never NaN, and its low end is never above its high end', () => {
    fc.assert(
      fc.property(history, now, ahead, rooms, (steps, at, before, serving) => {
        const range = waitRange(serviceTime(steps, at), before, serving);
        if (!range) return;
        expect(Number.isInteger(range.low) && Number.isInteger(range.high)).toBe(true);
        expect(range.low).toBeGreaterThanOrEqual(0);
        expect(range.high).toBeGreaterThanOrEqual(range.low);
      }),
      runs,
    );
  });

  it('is "cannot tell yet" below ten finished steps, with no room, and with nothing but zeros', () => {
    fc.assert(
      fc.property(history, now, ahead, rooms, (steps, at, before, serving) => {
        const few = steps.slice(0, ENOUGH - 1);
        expect(waitRange(serviceTime(few, at), before, serving)).toBeNull();
        expect(waitRange(serviceTime(steps, at), before, 0)).toBeNull();
        const zeros = steps.map((step) => ({ ...step, duration: 0 }));
        expect(waitRange(serviceTime(zeros, at), before, serving)).toBeNull();
      }),
      runs,
    );
  });

  it('can be told from ten finished steps on', () => {
    fc.assert(
      fc.property(usual, ahead, rooms, (durations, before, serving) => {
        expect(waitRange(group(durations), before, serving)).not.toBeNull();
      }),
      runs,
    );
  });

  it('does not shrink when more people are ahead', () => {
    fc.assert(
      fc.property(usual, ahead, rooms, (durations, before, serving) => {
        const [fewer, more] = [
          waitRange(group(durations), before, serving),
          waitRange(group(durations), before + 1, serving),
        ];
        expect(more?.low).toBeGreaterThanOrEqual(fewer?.low ?? 0);
        expect(more?.high).toBeGreaterThanOrEqual(fewer?.high ?? 0);
      }),
      runs,
    );
  });

  it('does not grow when more rooms serve', () => {
    fc.assert(
      fc.property(usual, ahead, rooms, (durations, before, serving) => {
        const [fewer, more] = [
          waitRange(group(durations), before, serving),
          waitRange(group(durations), before, serving + 1),
        ];
        expect(more?.low).toBeLessThanOrEqual(fewer?.low ?? 0);
        expect(more?.high).toBeLessThanOrEqual(fewer?.high ?? 0);
      }),
      runs,
    );
  });

  it('still promises a wait when one step was left open for hours', () => {
    const service = group([...Array<number>(300).fill(2 * MINUTE), 600 * MINUTE]);
    expect(waitRange(service, 1, 1)?.high).toBeGreaterThanOrEqual(2 * MINUTE);
  });

  it('is near the truth for steps that always last ten minutes', () => {
    const range = waitRange(group(Array(20).fill(10 * MINUTE)), 6, 2);
    expect(range?.low).toBeGreaterThan(29 * MINUTE);
    expect(range?.high).toBeLessThan(33 * MINUTE);
  });

  it('leans on the doctor’s own steps the more there are of them', () => {
    const step = (staffId: string, duration: number): Served => ({
      staffId,
      duration: duration * MINUTE,
      weekday: 1,
      hour: 9,
    });
    const others = Array.from({ length: 40 }, () => step('omar', 5));
    const mean = (own: number) =>
      serviceTime([...others, ...Array.from({ length: own }, () => step('sana', 20))], {
        ...{ staffId: 'sana', weekday: 3, hour: 20 },
      }).mean;
    expect(mean(1)).toBeLessThan(mean(8));
    expect(mean(8)).toBeLessThan(mean(40));
    expect(mean(40)).toBeLessThan(20 * MINUTE);
  });
});

describe('how good the estimates were', () => {
  const wait = fc.record({
    waited: fc.integer({ min: 0, max: 300 * MINUTE }),
    range: fc.tuple(fc.nat(100 * MINUTE), fc.nat(100 * MINUTE)).map(([low, more]) => ({ low, high: low + more })),
  });

  it('is said only of ten waits and more, and never with a figure that is no figure', () => {
    fc.assert(
      fc.property(fc.array(wait, { maxLength: 40, size: 'max' }), (waits) => {
        const judged = accuracy(waits);
        expect(judged === null).toBe(waits.length < ENOUGH);
        if (!judged) return;
        expect(judged.promised).toBe(waits.length);
        expect(judged.kept).toBeLessThanOrEqual(waits.length);
        expect(judged.pinball).toBeGreaterThanOrEqual(0);
        expect(judged.pinballOfMean).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  it('counts a promise as kept only when the call came inside the range', () => {
    const early = { waited: 0, range: { low: 30 * MINUTE, high: 60 * MINUTE } };
    expect(accuracy(Array(10).fill(early))?.kept).toBe(0);
  });
});
