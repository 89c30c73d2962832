import { readFileSync } from 'node:fs';
import path from 'node:path';

export const LANGUAGES = ['en', 'fil', 'hi', 'ur'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Say = (key: string, facts?: Record<string, string | number>) => string;

const folder = path.join(import.meta.dirname, '../../../resources/translations');
function textsOf(language: Language): ReadonlyMap<string, string> {
  const flat = (tree: object, before: string): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]: [string, string | object]) =>
      typeof value === 'string' ? [[before + key, value] as [string, string]] : flat(value, `${before}${key}.`),
    );
  return new Map(flat(JSON.parse(readFileSync(path.join(folder, `${language}.json`), 'utf8')), ''));
}

/** Every text of every language, by its key. */
export const TEXTS = { en: textsOf('en'), fil: textsOf('fil'), hi: textsOf('hi'), ur: textsOf('ur') };

/** A screen's words in a language, from the same file as the screen has them. */
export const sayIn =
  (language: Language): Say =>
  (key, facts = {}) => {
    const text = TEXTS[language].get(key);
    if (text === undefined) throw new Error(`No text ${key} in ${language}.`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? `{{${name}}}`));
  };

export const directionOf = (language: Language) => (language === 'ur' ? 'rtl' : 'ltr');
