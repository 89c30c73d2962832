import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInstance } from 'i18next';

export type Texts = Readonly<{
  t: (key: string, facts?: Readonly<Record<string, string | number>>) => string;
  language: () => string;
  direction: () => 'ltr' | 'rtl';
  /** Whether there is such a language; it is the language from now on. */
  use: (language: string) => boolean;
}>;

/** The words outside of the pages: menus, the tray, questions. The same files as the screens', English where one has a gap. */
export function createTexts(folder: string, wanted: string | null, system: string): Texts {
  const known = readdirSync(folder).flatMap((file) => /^([\w-]+)\.json$/.exec(file)?.[1] ?? []);
  const read = (code: string) => JSON.parse(readFileSync(path.join(folder, `${code}.json`), 'utf8')) as object;
  const i18n = createInstance();
  void i18n.init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: read('en') } },
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  let language = 'en';

  function use(code: string): boolean {
    if (!known.includes(code)) return false;
    if (!i18n.hasResourceBundle(code, 'translation')) i18n.addResourceBundle(code, 'translation', read(code));
    language = code;
    return true;
  }
  if (!use(wanted ?? '')) use(system.split('-')[0] ?? '');

  return {
    t: (key, facts = {}) => i18n.getFixedT(language)(key, facts),
    language: () => language,
    direction: () => i18n.dir(language),
    use,
  };
}
