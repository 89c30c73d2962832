import type { CardFormat, SlipFormat } from '../domain/paper.ts';
import { type ReportFacts } from './day-report.pdf.ts';
import { type CardFacts } from './patient-card.pdf.ts';
import { type SlipFacts } from './token-slip.pdf.ts';
import { type SummaryFacts } from './visit-summary.pdf.ts';

export type { Letterhead } from './office.ts';
export type { CardFacts, ReportFacts, SlipFacts, SummaryFacts };
/** How a paper is written, where and when. */
export type Setting = Readonly<{
  language: string;
  timeZone: string;
  printedAt: number;
}>;
export type Paper = ReturnType<typeof createPaper>;
/** Every document of the clinic. `resources` is the folder that holds the translations. */
export declare function createPaper(resources: URL): {
  slip(facts: SlipFacts, format: SlipFormat, setting: Setting): Promise<Uint8Array>;
  summary(facts: SummaryFacts, setting: Setting): Promise<Uint8Array>;
  card(facts: CardFacts, format: CardFormat, setting: Setting): Promise<Uint8Array>;
  dayReport(facts: ReportFacts, setting: Setting): Promise<Uint8Array>;
};
