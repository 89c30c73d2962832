import { type Sex } from '../domain/patient.ts';
import type { StepState } from '../domain/visit.ts';
import { type Letterhead } from './office.ts';
import { type Look } from './page.ts';
export type SummaryFacts = Readonly<{
  letterhead: Letterhead;
  by: string;
  token: string;
  day: string;
  arrivedAt: number;
  reason: string | null;
  patient: Readonly<{
    name: string;
    identified: boolean;
    number: string;
    birthDate: string | null;
    birthDateEstimated: boolean;
    sex: Sex;
    allergies: readonly Readonly<{
      substance: string;
      reaction: string | null;
    }>[];
  }>;
  steps: readonly Readonly<{
    queue: string;
    room: string | null;
    staff: string | null;
    waitingSince: number;
    calledAt: number | null;
    endedAt: number | null;
    state: StepState;
  }>[];
  /** What was written about the visit; null when whoever prints this may not read it. */
  notes:
    | readonly Readonly<{
        text: string;
        author: string;
        at: number;
      }>[]
    | null;
}>;
/** What the patient takes home, or another clinic gets: who, when, what happened, signed. */
export declare function visitSummary(facts: SummaryFacts, look: Look): Promise<Uint8Array>;
