import { describe, expect, it } from 'vitest';
import { ERRORS, PROBLEMS } from '../contract/errors.ts';
import { ROW_PROBLEMS } from '../contract/patients.ts';
import { DOCUMENT_GROUPS, DOCUMENT_KINDS } from '../domain/identity-documents.ts';
import { ROLES } from '../domain/people.ts';
import { VERIFICATION_STATES, VERIFICATION_STEPS } from '../domain/verification.ts';
import { PRIORITIES, STEP_STATES, TRANSITION_NAMES } from '../domain/visit.ts';
import en from '../resources/translations/en.json' with { type: 'json' };

const files = import.meta.glob<Record<string, unknown>>('../resources/translations/*.json', {
  import: 'default',
  eager: true,
});

function flat(tree: Record<string, unknown>, before = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[before + key, value] as const]
        : [...flat(value as Record<string, unknown>, `${before}${key}.`)],
    ),
  );
}
const english = flat(en);
const languages = Object.entries(files).map(([path, tree]) => {
  const code = path.replace(/^.*\/|\.json$/g, '');
  return { code, texts: flat(tree), plurals: new Intl.PluralRules(code) };
});

const factsOf = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] as string).sort();
/** `visits_other` is one of several forms of `visits`, where English has `visits_one`, too. */
const counted = (key: string) => {
  const name = key.replace(/_(zero|one|two|few|many|other)$/, '');
  return name !== key && english.has(`${name}_one`) && english.has(`${name}_other`) ? name : null;
};
/** Every English key, a counted text once for each plural form of this language. */
const keysIn = ({ plurals }: (typeof languages)[number]) => [
  ...new Set(
    [...english.keys()].flatMap((key) => {
      const name = counted(key);
      return name ? plurals.resolvedOptions().pluralCategories.map((form) => `${name}_${form}`) : [key];
    }),
  ),
];
const formOf = (key: string) => key.slice(key.lastIndexOf('_') + 1);
const sourceOf = (key: string) => english.get(counted(key) ? `${counted(key)}_other` : key) ?? '';

/** English words that are the language's own by now; everything else that equals the English was forgotten. */
const BORROWED: Record<string, readonly string[]> = {
  // Filipino clinics speak of these in English; the native words sound like a textbook's, or like nobody.
  fil: [
    ...['Reception', 'Receptionist', 'Admin', 'Display', 'Board', 'Token', 'Record', 'File', 'Hash', 'Audit'],
    ...['Emergency', 'Priority', 'Appointment', 'Password', 'Code', 'Recovery kit', 'Logo'],
    ...['Slip {{token}}', 'Card (85.6 × 54 mm)'],
    ...['{{n}} min', '{{low}}–{{high}} min', ' min'],
  ],
};
const wordless = (text: string) => !/\p{L}/u.test(text.replace(/\{\{\w+\}\}/g, ''));
/** What stands on the keyboard is the same everywhere. */
const onKeyboard = (key: string) => key.startsWith('key.');

describe.each(languages)('$code', (language) => {
  const { texts, plurals } = language;
  const keys = keysIn(language);

  it('has every text, in every plural form of the language, and none that is not used', () => {
    const missing = keys.filter((key) => !texts.get(key)?.trim());
    const unknown = [...texts.keys()].filter((key) => !keys.includes(key));
    expect({ missing, unknown }).toEqual({ missing: [], unknown: [] });
  });

  it('keeps the order of the English file, so that two files can be read side by side', () => {
    expect([...texts.keys()].filter((key) => keys.includes(key))).toEqual(keys.filter((key) => texts.has(key)));
  });

  it('says the same facts', () => {
    const different = keys.filter((key) => {
      const text = texts.get(key);
      if (text === undefined) return false;
      // "Called once": where a form stands for one number alone, the number may be a word.
      const needless = counted(key) && standsForOne(plurals, formOf(key)) ? 'count' : null;
      const wanted = factsOf(sourceOf(key)).filter((fact) => fact !== needless);
      return String(factsOf(text).filter((fact) => fact !== needless)) !== String(wanted);
    });
    expect(different).toEqual([]);
  });
});

describe.each(languages.filter(({ code }) => code !== 'en'))('$code', ({ code, texts }) => {
  it('leaves nothing in English', () => {
    const same = [...texts].filter(
      ([key, text]) => text === sourceOf(key) && !wordless(text) && !onKeyboard(key) && !BORROWED[code]?.includes(text),
    );
    expect(same).toEqual([]);
  });
});

const HUNDRED = Array.from({ length: 101 }, (_, number) => number);
function standsForOne(plurals: Intl.PluralRules, form: string): boolean {
  return HUNDRED.filter((number) => plurals.select(number) === form).length === 1;
}

describe('English', () => {
  it('has a word for every code of the contract and the domain', () => {
    const needed = [
      ...Object.keys(ERRORS).map((code) => `errors.${code}`),
      ...Object.entries(PROBLEMS).flatMap(([code, problems]) =>
        Object.keys(problems).map((problem) => `problem.${code}.${problem}`),
      ),
      ...Object.keys(ROW_PROBLEMS).map((problem) => `import.problem.${problem}`),
      ...STEP_STATES.map((state) => `state.${state}`),
      ...PRIORITIES.map((priority) => `priority.${priority}`),
      ...TRANSITION_NAMES.map((command) => `command.${command}`),
      ...ROLES.map((role) => `role.${role}`),
      ...DOCUMENT_KINDS.map((kind) => `identity.kind.${kind}`),
      ...DOCUMENT_GROUPS.map((group) => `identity.group.${group}`),
      ...VERIFICATION_STATES.map((state) => `identity.state.${state}`),
      ...Object.keys(VERIFICATION_STEPS).map((step) => `verification.step.${step}`),
    ];
    expect(needed.filter((key) => !english.has(key))).toEqual([]);
  });
});

describe('the screens', () => {
  const sources = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./**/*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  it('use no key that is not there', () => {
    const used = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] as string),
    );
    expect(used.length).toBeGreaterThan(300);
    expect([...new Set(used)].filter((key) => !english.has(key) && !english.has(`${key}_one`))).toEqual([]);
  });
});
