import type { CardFormat, SlipFormat } from '../domain/paper.ts';
import { dayReport, type ReportFacts } from './day-report.pdf.ts';
import type { Look } from './page.ts';
import { type CardFacts, patientCard } from './patient-card.pdf.ts';
import { type TableFacts, tableReport } from './table-report.pdf.ts';
import { type SlipFacts, tokenSlip } from './token-slip.pdf.ts';
import { type SummaryFacts, visitSummary } from './visit-summary.pdf.ts';
import { createDictionary, type Words } from './words.ts';

export type { Letterhead } from './office.ts';
export type { Column } from './table.ts';
export type { Words } from './words.ts';
export type { CardFacts, ReportFacts, SlipFacts, SummaryFacts, TableFacts };

/** How a paper is written, where and when. */
export type Setting = Readonly<{ language: string; timeZone: string; printedAt: number }>;
export type Paper = ReturnType<typeof createPaper>;

/** Every document of the clinic. `resources` is the folder that holds the translations. */
export function createPaper(resources: URL) {
  const dictionary = createDictionary(resources);
  const look = ({ language, timeZone, printedAt }: Setting, author: string): Omit<Look, 'title'> => ({
    words: dictionary(language, timeZone),
    author,
    printedAt,
  });

  return {
    slip(facts: SlipFacts, format: SlipFormat, setting: Setting): Promise<Uint8Array> {
      const of = look(setting, facts.clinic);
      return tokenSlip(facts, format, { ...of, title: of.words.t('slip.title', { token: facts.token }) });
    },
    summary(facts: SummaryFacts, setting: Setting): Promise<Uint8Array> {
      const of = look(setting, facts.letterhead.clinic);
      const named = { token: facts.token, day: of.words.day(facts.day) };
      return visitSummary(facts, { ...of, title: of.words.t('summary.title', named) });
    },
    card(facts: CardFacts, format: CardFormat, setting: Setting): Promise<Uint8Array> {
      const of = look(setting, facts.clinic);
      return patientCard(facts, format, { ...of, title: of.words.t('card.title', { number: facts.number }) });
    },
    /** `facts` gets the words of the language, since all that it holds is words. */
    tables(facts: (words: Words) => TableFacts, clinic: string, setting: Setting): Promise<Uint8Array> {
      const of = look(setting, clinic);
      const made = facts(of.words);
      return tableReport(made, { ...of, title: `${made.heading} ${made.about}` });
    },
    dayReport(facts: ReportFacts, setting: Setting): Promise<Uint8Array> {
      const of = look(setting, facts.letterhead.clinic);
      return dayReport(facts, { ...of, title: of.words.t('report.title', { day: of.words.day(facts.day) }) });
    },
  };
}
