/**
 * The usual reasons for what needs one, in the order in which they are offered. A record keeps the code: so it can be
 * counted, and is read in every language. Any other reason is what somebody typed.
 */
export const USUAL_REASONS = {
  cancel: ['left_unseen', 'mistake', 'wrong_queue'],
  park: ['waits_for_result', 'away_shortly', 'comes_back_later'],
  callBefore: ['urgent', 'short_matter', 'needs_help'],
  archive: ['duplicate', 'died', 'made_by_mistake'],
} as const;
export type UsualReason = (typeof USUAL_REASONS)[keyof typeof USUAL_REASONS][number];

const ALL: readonly string[] = Object.values(USUAL_REASONS).flat();
export const isUsualReason = (reason: string): reason is UsualReason => ALL.includes(reason);

/** Ended a visit without being seen: the day report counts these apart. */
export const LEFT_UNSEEN: UsualReason = 'left_unseen';
