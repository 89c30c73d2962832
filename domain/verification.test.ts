import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideVerification,
  REVIEW_STEPS,
  startsOf,
  statesOf,
  VERIFICATION_STATES,
  VERIFICATION_STATUSES,
  VERIFICATION_STEPS,
  type VerificationFacts,
  type VerificationState,
  type VerificationStep,
  verificationStatus,
} from './verification.ts';

const STEPS = Object.keys(VERIFICATION_STEPS) as VerificationStep[];
/** The transitions as they are written down in the requirements, apart from the table. */
const WRITTEN = [
  'not_started edit in_progress',
  'in_progress edit in_progress',
  'resubmit edit resubmit',
  'in_progress submit submitted',
  'resubmit submit submitted',
  'submitted review under_review',
  'submitted approve approved',
  'under_review approve approved',
  'submitted reject rejected',
  'under_review reject rejected',
  'submitted resubmit resubmit',
  'under_review resubmit resubmit',
  'approved reopen resubmit',
  'rejected reopen resubmit',
];
const all: VerificationFacts = {
  state: 'not_started',
  own: false,
  asked: 2,
  missing: [],
  remarks: 'The photo is dark.',
};
const facts = fc.record({
  state: fc.constantFrom(...VERIFICATION_STATES),
  own: fc.nat(9).map((n) => n === 0),
  asked: fc.nat(3),
  missing: fc.array(fc.constantFrom('in_pan', 'pk_cnic'), { maxLength: 1 }),
  remarks: fc.constantFrom(null, '', '  ', 'The photo is dark.'),
});

describe('the steps of a verification', () => {
  it('are those that are written down, and no others', () => {
    const possible = VERIFICATION_STATES.flatMap((state) =>
      STEPS.flatMap((step) => {
        const decided = decideVerification(step, { ...all, state });
        return 'to' in decided ? [`${state} ${step} ${decided.to}`] : [];
      }),
    );
    expect(possible.sort()).toEqual([...WRITTEN].sort());
  });

  it('each begins somewhere, and says where', () => {
    for (const step of STEPS) expect(startsOf(step).length).toBeGreaterThan(0);
    expect(startsOf('approve')).toEqual(['submitted', 'under_review']);
  });

  it('never approve what was not handed in complete, whatever is tried in whatever order', () => {
    const tries = fc.array(fc.tuple(fc.constantFrom(...STEPS), facts), { minLength: 20, maxLength: 60 });
    let approved = 0;
    fc.assert(
      fc.property(tries, (walk) => {
        let state: VerificationState = 'not_started';
        let complete = false;
        for (const [step, given] of walk) {
          const decided = decideVerification(step, { ...given, state });
          if ('refusal' in decided) continue;
          if (step === 'submit') complete = given.missing.length === 0 && given.asked > 0;
          if (step === 'edit') complete = false;
          if (decided.to === 'approved') {
            approved += 1;
            expect(complete).toBe(true);
          }
          state = decided.to;
        }
      }),
      { seed: 20261121, numRuns: 2000 },
    );
    expect(approved).toBeGreaterThan(50);
  });

  it('are taken by nobody about their own documents, but for handing them in', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REVIEW_STEPS), facts, (step, given) => {
        expect(decideVerification(step, { ...given, own: true })).toEqual({ refusal: 'own_verification' });
      }),
    );
  });

  it('say why, where somebody must do something again or is turned away', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STEPS), facts, (step, given) => {
        const decided = decideVerification(step, { ...given, remarks: ' ' });
        if ('to' in decided) expect(['reject', 'resubmit', 'reopen']).not.toContain(step);
      }),
    );
  });
});

describe('what others are told', () => {
  it('is one word for each state, and each word stands for some', () => {
    expect(VERIFICATION_STATUSES.flatMap(statesOf).sort()).toEqual([...VERIFICATION_STATES].sort());
    expect(verificationStatus('resubmit')).toBe('declined');
    for (const status of VERIFICATION_STATUSES) expect(statesOf(status)).not.toEqual([]);
  });
});
