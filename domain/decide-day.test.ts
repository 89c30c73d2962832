import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Changes, type Decision, decideCloseDay, decideIssue, isRefusal, type QueueRules } from './decide.ts';
import { DEFAULT_POLICY, NO_RUN } from './queue-order.ts';
import { STEP_STATES, type Step, type StepState, type Visit } from './visit.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
let made = 0;
const facts = {
  ...{ now: NOW, day: '2026-11-21', actorId: 'rosa' },
  id: () => {
    made += 1;
    return `made-${made}`;
  },
};
const queue = (state: QueueRules['state'] = 'open'): QueueRules => ({
  ...{ id: 'A', branchId: 'branch', code: 'A', state, policy: DEFAULT_POLICY, run: NO_RUN },
  ...{ returnTo: 'place', rejoinAfter: 2 },
});
const issueWith = (rules: QueueRules, existing: Visit | null, number: number, confirmRepeat = false) => {
  const estimate = { low: 60_000, high: 120_000 };
  const command = { patientId: 'patient', priority: 'normal' as const, reason: null, confirmRepeat, estimate };
  return decideIssue({ queue: rules, existing, number }, command, facts);
};
const done = (decision: Decision): Changes => {
  if (isRefusal(decision)) throw new Error(`refused: ${decision.refused}`);
  return decision;
};

describe('issuing a token', () => {
  it('begins a visit that waits, with the token of the queue and the promise of the wait', () => {
    const { visits, steps, history } = done(issueWith(queue(), null, 12));
    expect(visits).toMatchObject([{ token: 'A-012', tokenNumber: 12, currentStepId: steps[0]?.id, issuedBy: 'rosa' }]);
    expect(steps).toMatchObject([{ state: 'waiting', version: 1, estimateLow: 60_000, estimateHigh: 120_000 }]);
    expect(history).toMatchObject([{ command: 'issue', from: null, to: 'waiting' }]);
  });

  it('is refused in a closed queue, and allowed in a paused one', () => {
    expect(issueWith(queue('closed'), null, 1)).toMatchObject({ refused: 'queue_closed' });
    expect(isRefusal(issueWith(queue('paused'), null, 1))).toBe(false);
  });

  it('is refused for somebody who already waits there, naming their token, unless it is confirmed', () => {
    const [visit] = done(issueWith(queue(), null, 7)).visits as [Visit];
    expect(issueWith(queue(), visit, 8)).toMatchObject({ refused: 'token_exists', details: { token: 'A-007' } });
    expect(isRefusal(issueWith(queue(), visit, 8, true))).toBe(false);
  });
});

describe('closing the day', () => {
  it('leaves nothing open, and says no-show only of those who were called', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<StepState>(...STEP_STATES), { maxLength: 20 }), (states) => {
        const before = states.map((state, index) => ({
          ...(done(issueWith(queue(), null, index)).steps[0] as Step),
          state,
        }));
        const { steps, history } = decideCloseDay(before, NOW + 5);
        const open = before.filter(({ state }) => ['waiting', 'called', 'in_room', 'parked'].includes(state));
        expect(steps.map(({ id }) => id)).toEqual(open.map(({ id }) => id));
        for (const [index, step] of steps.entries()) {
          const was = open[index] as Step;
          expect(step).toMatchObject({ version: was.version + 1, endedAt: NOW + 5, endReason: 'day closed' });
          expect(step.state).toBe(was.state === 'called' ? 'no_show' : 'cancelled');
        }
        expect(history).toHaveLength(steps.length);
      }),
      { numRuns: 1000 },
    );
  });
});
