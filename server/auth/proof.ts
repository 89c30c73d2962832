import type { Actor } from '../actor.ts';

/** What a proof is asked about: a sign-in that begins, or one that wants something more. A proof about another is none about this. */
export type About = string;

/** Of a sign-in: its ticket opens once. */
export const signingIn = (ticket: string): About => `sign-in ${ticket}`;
/** Of somebody who is signed in: until they have proved it. */
export const provingAgain = ({ sessionId, provedAt }: Actor): About => `again ${sessionId} ${provedAt}`;
