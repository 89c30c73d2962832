import { readFileSync } from 'node:fs';
import { createInstance, type i18n } from 'i18next';
import { PAPER_LANGUAGES, type PaperLanguage } from '../../domain/paper.ts';

export const LETTERS = ['sign_in', 'step_up', 'verify_email', 'reset', 'reset_not_by_mail', 'test'] as const;
export type LetterKind = (typeof LETTERS)[number];
/** What stands in a letter, and nothing else: no name of a person, no link. */
export type LetterFacts = Readonly<{ clinic: string; code?: string; minutes?: number }>;
export type Letter = Readonly<{ subject: string; text: string; html: string }>;

/** Letters in the clinic's language, as plain text and as simple HTML. */
export function createLetters(resources: URL) {
  let opened: i18n | undefined;
  const read = (language: string) =>
    JSON.parse(readFileSync(new URL(`translations/mail/${language}.json`, resources), 'utf8')) as object;

  function texts(): i18n {
    if (opened) return opened;
    opened = createInstance();
    const all = PAPER_LANGUAGES.map((language) => [language, { translation: read(language) }]);
    void opened.init({ fallbackLng: 'en', resources: Object.fromEntries(all), initAsync: false });
    return opened;
  }

  return (kind: LetterKind, language: PaperLanguage, { code, minutes, clinic }: LetterFacts): Letter => {
    const facts = { clinic: clinic.replace(/\s+/g, ' ') };
    const say = texts().getFixedT(language);
    const number = new Intl.NumberFormat(language).format(minutes ?? 0);
    const lines = (escapeValue: boolean) => ({
      before: say(`${kind}.text`, { ...facts, interpolation: { escapeValue } }),
      after: [
        ...(minutes === undefined ? [] : [say('until', { minutes: number })]),
        say(`${kind}.end`, { ...facts, interpolation: { escapeValue } }),
      ],
    });
    const [plain, marked] = [lines(false), lines(true)];
    const paragraph = (text: string) => `<p>${text}</p>`;
    return {
      subject: say(`${kind}.subject`, { ...facts, interpolation: { escapeValue: false } }),
      text: [plain.before, ...(code ? [code] : []), ...plain.after].join('\n\n'),
      html: [
        `<!doctype html><html lang="${language}" dir="${texts().dir(language)}"><body style="font:16px/1.5 sans-serif">`,
        paragraph(marked.before),
        ...(code ? [`<p dir="ltr" style="font-size:28px;letter-spacing:4px"><b>${code}</b></p>`] : []),
        ...marked.after.map(paragraph),
        '</body></html>',
      ].join('\n'),
    };
  };
}
export type Letters = ReturnType<typeof createLetters>;
