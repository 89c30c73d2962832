import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayFigures, type ReportedStep, waitFigures } from './day-report.ts';
import { LEFT_UNSEEN } from './reasons.ts';
import { STEP_STATES } from './visit.ts';
import { ENOUGH } from './wait-estimate.ts';

const HOUR = 3_600_000;
const rules = {
  outOfOrder: 0,
  rollOverHour: 4,
  hourOf: (at: number) => Math.floor(at / HOUR) % 24,
};
const step = (change: Partial<ReportedStep> = {}): ReportedStep => ({
  visitId: 'v',
  queueId: 'q',
  last: true,
  state: 'done',
  waitingSince: 0,
  calledAt: null,
  endReason: null,
  ...change,
});
const waited = (minutes: number) => step({ calledAt: minutes * 60_000 });

describe('a day', () => {
  it('counts each visit by where it stands at the end, and each queue by who came there', () => {
    const steps = [
      step({ visitId: 'a', queueId: 'doctor', last: false, state: 'transferred' }),
      step({ visitId: 'a', queueId: 'pharmacy' }),
      step({ visitId: 'b', queueId: 'doctor', state: 'cancelled', endReason: LEFT_UNSEEN }),
      step({ visitId: 'c', queueId: 'doctor', state: 'cancelled', endReason: 'wrong queue' }),
      step({ visitId: 'd', queueId: 'doctor', state: 'parked' }),
    ];
    const { issued, outcomes, queues } = dayFigures({ ...rules, arrivals: [0, 0, 0, 0], steps });
    expect(issued).toBe(4);
    expect(outcomes).toEqual({ done: 1, no_show: 0, left: 1, cancelled: 1, open: 1 });
    expect(queues.map(({ queueId, came, outcomes: { done } }) => [queueId, came, done])).toEqual([
      ['doctor', 4, 1],
      ['pharmacy', 1, 1],
    ]);
  });

  it('begins its hours at the first thing that happened, also past midnight', () => {
    const arrivals = [22, 23, 25].map((hour) => hour * HOUR);
    const { hours } = dayFigures({
      ...rules,
      arrivals,
      steps: [step({ waitingSince: 25 * HOUR, calledAt: 26 * HOUR })],
    });
    expect(hours).toEqual([
      { hour: 22, tokens: 1, calls: 0 },
      { hour: 23, tokens: 1, calls: 0 },
      { hour: 0, tokens: 0, calls: 0 },
      { hour: 1, tokens: 1, calls: 0 },
      { hour: 2, tokens: 0, calls: 1 },
    ]);
    expect(dayFigures({ ...rules, arrivals: [], steps: [] }).hours).toEqual([]);
  });

  it('every visit has one outcome, and every token and call its hour', () => {
    const steps = fc.array(
      fc.record({
        visitId: fc.constant('v'),
        queueId: fc.constantFrom('a', 'b'),
        last: fc.constant(true),
        state: fc.constantFrom(...STEP_STATES),
        waitingSince: fc.integer({ min: 4 * HOUR, max: 20 * HOUR }),
        calledAt: fc.option(fc.integer({ min: 4 * HOUR, max: 27 * HOUR })),
        endReason: fc.constantFrom(null, LEFT_UNSEEN, 'other'),
      }),
    );
    fc.assert(
      fc.property(steps, (given) => {
        const arrivals = given.map(({ waitingSince }) => waitingSince);
        const { issued, outcomes, queues, hours, waits } = dayFigures({ ...rules, arrivals, steps: given });
        const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
        expect(sum(Object.values(outcomes))).toBe(issued);
        expect(sum(queues.map(({ came }) => came))).toBe(issued);
        expect(sum(hours.map(({ tokens }) => tokens))).toBe(issued);
        expect(sum(hours.map(({ calls }) => calls))).toBe(waits.calls);
      }),
    );
  });
});

describe('waiting times', () => {
  it('are the nearest ranks: half, and nine in ten, did not wait longer', () => {
    const minutes = [5, 1, 9, 3, 7, 2, 8, 4, 10, 6];
    const { median, p90, longest } = waitFigures(minutes.map(waited));
    expect([median, p90, longest].map((ms) => (ms ?? 0) / 60_000)).toEqual([5, 9, 10]);
  });

  it('are not told from too few, and never from a call before the wait', () => {
    const few = Array.from({ length: ENOUGH - 1 }, () => waited(5));
    expect(waitFigures(few)).toEqual({ calls: ENOUGH - 1, median: null, p90: null, longest: 300_000 });
    expect(waitFigures([step({ waitingSince: 10, calledAt: 5 }), step()])).toEqual({
      calls: 0,
      median: null,
      p90: null,
      longest: null,
    });
  });
});
