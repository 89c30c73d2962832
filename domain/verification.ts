/** Where a person's identity documents stand. */
export const VERIFICATION_STATES = [
  'not_started',
  'in_progress',
  'submitted',
  'under_review',
  'approved',
  'rejected',
  'resubmit',
] as const;
export type VerificationState = (typeof VERIFICATION_STATES)[number];

/** Whose documents they are: somebody with an account, a patient, or a pharmacy. */
export const SUBJECTS = ['staff', 'patient', 'pharmacy'] as const;
export type Subject = (typeof SUBJECTS)[number];

type Rule = Readonly<{
  /** Whoever hands the documents in, or whoever looks at them. */
  by: 'filler' | 'reviewer';
  /** It says why. */
  remarks?: true;
  /** Everything that was asked for is there. */
  complete?: true;
  moves: Partial<Record<VerificationState, VerificationState>>;
}>;

/** The one table of what may happen. */
export const VERIFICATION_STEPS = {
  edit: {
    by: 'filler',
    moves: { not_started: 'in_progress', in_progress: 'in_progress', resubmit: 'resubmit' },
  },
  submit: { by: 'filler', complete: true, moves: { in_progress: 'submitted', resubmit: 'submitted' } },
  review: { by: 'reviewer', moves: { submitted: 'under_review' } },
  resubmit: { by: 'reviewer', remarks: true, moves: { submitted: 'resubmit', under_review: 'resubmit' } },
  reject: { by: 'reviewer', remarks: true, moves: { submitted: 'rejected', under_review: 'rejected' } },
  approve: { by: 'reviewer', moves: { submitted: 'approved', under_review: 'approved' } },
  /** A decision was a mistake, or a document has run out. */
  reopen: { by: 'reviewer', remarks: true, moves: { approved: 'resubmit', rejected: 'resubmit' } },
} as const satisfies Record<string, Rule>;
export type VerificationStep = keyof typeof VERIFICATION_STEPS;

const rules: Readonly<Record<VerificationStep, Rule>> = VERIFICATION_STEPS;
const names = Object.keys(VERIFICATION_STEPS) as VerificationStep[];
export const REVIEW_STEPS = names.filter((step) => rules[step].by === 'reviewer');

/** From which states a step is possible. */
export const startsOf = (step: VerificationStep): VerificationState[] =>
  VERIFICATION_STATES.filter((state) => rules[step].moves[state] !== undefined);
export const needsRemarks = (step: VerificationStep): boolean => rules[step].remarks === true;

export type VerificationFacts = Readonly<{
  state: VerificationState;
  /** The documents are those of whoever acts. */
  own: boolean;
  /** Kinds that are asked for, and those of them that are not there yet. */
  asked: number;
  missing: readonly string[];
  remarks: string | null;
}>;
export type VerificationRefusal =
  | 'own_verification'
  | 'verification_state'
  | 'verification_incomplete'
  | 'reason_required';

/** The state after a step, or why it is not possible. */
export function decideVerification(
  step: VerificationStep,
  { state, own, asked, missing, remarks }: VerificationFacts,
): { to: VerificationState } | { refusal: VerificationRefusal } {
  const rule = rules[step];
  if (rule.by === 'reviewer' && own) return { refusal: 'own_verification' };
  const to = rule.moves[state];
  if (to === undefined) return { refusal: 'verification_state' };
  if (rule.complete && (asked === 0 || missing.length > 0)) return { refusal: 'verification_incomplete' };
  if (rule.remarks && !remarks?.trim()) return { refusal: 'reason_required' };
  return { to };
}

/** What others are told of it. */
export const VERIFICATION_STATUSES = ['not_submitted', 'pending', 'approved', 'declined'] as const;
export type VerificationStatus = (typeof VERIFICATION_STATUSES)[number];

const STATUS: Record<VerificationState, VerificationStatus> = {
  not_started: 'not_submitted',
  in_progress: 'not_submitted',
  submitted: 'pending',
  under_review: 'pending',
  approved: 'approved',
  rejected: 'declined',
  resubmit: 'declined',
};
/** Of somebody who has handed nothing in. */
export const NOT_SUBMITTED: VerificationStatus = STATUS.not_started;
export const verificationStatus = (state: VerificationState): VerificationStatus => STATUS[state];
export const statesOf = (status: VerificationStatus): VerificationState[] =>
  VERIFICATION_STATES.filter((state) => STATUS[state] === status);
