import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Adding a language is adding a file; its name is the language's code. */
const files = import.meta.glob<Record<string, unknown>>('../resources/translations/*.json', { import: 'default' });
const codeOf = (path: string) => /([\w-]+)\.json$/.exec(path)?.[1] ?? '';
export const LANGUAGES = Object.keys(files).map(codeOf).sort();

const REMEMBERED = 'medlane.language';

/** Browsers may still name a language by its former code. */
const FORMER: Readonly<Record<string, string>> = { tl: 'fil' };
/** The language of a tag such as `ur-PK`. */
export function languageOf(tag: string): string {
  const code = tag.split('-')[0] ?? tag;
  return FORMER[code] ?? code;
}

/** The language's own name for itself. */
export const languageName = (code: string): string =>
  new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;

async function load(code: string): Promise<void> {
  const file = Object.entries(files).find(([path]) => codeOf(path) === code)?.[1];
  if (file && !i18next.hasResourceBundle(code, 'translation'))
    i18next.addResourceBundle(code, 'translation', await file());
}

function tellPage(code: string) {
  document.documentElement.lang = code;
  document.documentElement.dir = i18next.dir(code);
}

/** Starts in the language chosen on this computer before, else the browser's, else English; English fills any gap. */
export async function startI18n(): Promise<i18n> {
  const wanted = [localStorage.getItem(REMEMBERED), ...navigator.languages.map(languageOf)];
  const first = wanted.find((code) => code && LANGUAGES.includes(code)) ?? 'en';
  await i18next
    .use(initReactI18next)
    .init({ lng: first, fallbackLng: 'en', resources: {}, interpolation: { escapeValue: false }, returnNull: false });
  await Promise.all([load('en'), load(first)]);
  tellPage(first);
  return i18next;
}

let atDoor: string | null = null;
/** The language that was chosen before anybody signed in; told once. */
export function chosenAtDoor(): string | null {
  const chosen = atDoor;
  atDoor = null;
  return chosen;
}
export async function setLanguageAtDoor(code: string): Promise<void> {
  atDoor = code;
  await setLanguage(code);
}

export async function setLanguage(code: string): Promise<void> {
  await load(code);
  await i18next.changeLanguage(code);
  localStorage.setItem(REMEMBERED, code);
  tellPage(code);
}
