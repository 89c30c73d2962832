import type { DayFigures } from '../domain/day-report.ts';
import type { Accuracy } from '../domain/wait-estimate.ts';
import { type Letterhead } from './office.ts';
import { type Look } from './page.ts';
export type ReportFacts = Readonly<{
  letterhead: Letterhead;
  /** Who printed it. */
  by: string;
  /** The clinic day, `YYYY-MM-DD`. */
  day: string;
  /** The day is not over. */
  goesOn: boolean;
  figures: DayFigures;
  queues: Readonly<
    Record<
      string,
      Readonly<{
        code: string;
        name: string;
      }>
    >
  >;
  accuracy: Accuracy | null;
  /** The last signed checkpoint of the audit log. */
  seal: Readonly<{
    seq: number;
    at: number;
    hash: string;
    signature: string;
  }> | null;
}>;
/** The day on a page: what came, how long people waited, whether they were told the truth, and the audit log's seal. */
export declare function dayReport(facts: ReportFacts, look: Look): Promise<Uint8Array>;
