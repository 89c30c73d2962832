import type { TFunction } from 'i18next';
import { v7 as uuidv7 } from 'uuid';
import type { CallOptions, Download } from '../../contract/client.ts';
import { CARD_FORMATS, type CardFormat, PAPER_LANGUAGES, type PaperLanguage } from '../../domain/paper.ts';
import type { Medlane } from '../api.ts';
import type { Wanted } from './printing.ts';

const IN_PAGE = { inPage: true } as const;

/** What may be chosen of a paper before it is printed. */
export type Choice = Readonly<{ language: PaperLanguage; format: string }>;

/** A paper that is looked at before it is printed. */
export type Sheet = Readonly<{
  key: string;
  title: string;
  formats: readonly string[];
  /** As it is shown. */
  look: (choice: Choice, options: CallOptions) => Promise<Download>;
  /** As it is printed or kept: a card is counted for that. */
  take: (choice: Choice, options: CallOptions) => Promise<Download>;
}>;

type Of = Readonly<{ id: string; token: string }>;

/** One more slip of a token. It is counted once, however often printing is tried. */
export function slipOf(api: Medlane, t: TFunction, { id, token }: Of): Wanted {
  const commandId = uuidv7();
  return {
    key: `slip ${id}`,
    what: t('print.slip', { token }),
    tray: 'slip',
    async fetch() {
      const { copy } = await api.paper.countSlip({ id }, { commandId });
      return api.paper.slip({ id, copy }, IN_PAGE);
    },
  };
}

export function summaryOf(api: Medlane, t: TFunction, { id, token }: Of): Sheet {
  const look: Sheet['look'] = ({ language }, options) => api.paper.summary({ id, language }, options);
  return { key: `summary ${id}`, title: t('print.summary', { token }), formats: [], look, take: look };
}

export function cardOf(api: Medlane, t: TFunction, patient: { id: string; registrationNumber: string }): Sheet {
  const { id } = patient;
  const commandId = uuidv7();
  return {
    key: `card ${id}`,
    title: t('print.card', { number: patient.registrationNumber }),
    formats: CARD_FORMATS,
    look: ({ language, format }, options) => api.paper.card({ id, language, format: format as CardFormat }, options),
    async take({ language, format }, options) {
      const { copy } = await api.paper.countCard({ id }, { commandId });
      return api.paper.card({ id, language, format: format as CardFormat, copy }, options);
    },
  };
}

export function reportOf(api: Medlane, t: TFunction, day: string, shown: string): Sheet {
  const look: Sheet['look'] = ({ language }, options) => api.paper.dayReport({ day, language }, options);
  return { key: `report ${day}`, title: t('print.report', { day: shown }), formats: [], look, take: look };
}

/** The sheet as a job, as chosen. */
export const printOf = ({ key, title, take }: Sheet, choice: Choice): Wanted => ({
  key: `${key} ${choice.language} ${choice.format}`,
  what: title,
  tray: 'page',
  fetch: () => take(choice, IN_PAGE),
});

/** Papers speak the screen's language where they know it. */
export const paperLanguage = (screen: string): PaperLanguage =>
  PAPER_LANGUAGES.find((language) => language === screen) ?? 'en';
