import { describe, expect, it } from 'vitest';
import { ERRORS, PROBLEMS } from '../contract/errors.ts';
import { ROW_PROBLEMS } from '../contract/patients.ts';
import { ROLES } from '../domain/people.ts';
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
const facts = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
const english = flat(en);

describe('every language', () => {
  it.each(Object.keys(files))('%s has every English text, with the same facts in it', (path) => {
    const texts = flat(files[path] ?? {});
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of english) expect([key, facts(texts.get(key) ?? '')]).toEqual([key, facts(text)]);
  });
});

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
