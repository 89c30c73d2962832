import { readFileSync } from 'node:fs';
import path from 'node:path';
import axe, { type RunOptions } from 'axe-core';
import { ERRORS } from '../../../contract/errors.ts';
import { expect, type Page } from './test.ts';

export type Language = 'en' | 'ur';
export type Say = (key: string, facts?: Record<string, string | number>) => string;

const folder = path.join(import.meta.dirname, '../../../resources/translations');
const textsOf = (language: Language): Map<string, string> => {
  const flat = (tree: object, before: string): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]: [string, string | object]) =>
      typeof value === 'string' ? [[before + key, value] as [string, string]] : flat(value, `${before}${key}.`),
    );
  return new Map(flat(JSON.parse(readFileSync(path.join(folder, `${language}.json`), 'utf8')), ''));
};
const TEXTS = { en: textsOf('en'), ur: textsOf('ur') };

/** A screen's words in a language, from the same file as the screen has them. */
export const sayIn =
  (language: Language): Say =>
  (key, facts = {}) => {
    const text = TEXTS[language].get(key);
    if (text === undefined) throw new Error(`No text ${key} in ${language}.`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? `{{${name}}}`));
  };

const wordsOf = (text: string): string[] => text.match(/[A-Za-z]{2,}/g) ?? [];
/** English values that Urdu says differently. */
const ENGLISH = new Set([...TEXTS.en].flatMap(([key, text]) => (TEXTS.ur.get(key) === text ? [] : [text.trim()])));
/** Latin words that belong into Urdu text: those of the translation itself, brand, codes, and units of Intl. */
const BORROWED = new Set([
  ...[...TEXTS.ur.values()].map((text) => text.replace(/\{\{\w+\}\}/g, '')).flatMap(wordsOf),
  ...Object.keys(ERRORS).flatMap(wordsOf),
  ...['Medlane', 'English', 'AM', 'PM', 'MB', 'UTC', 'ok', 'visits', 'issue'],
]);

/** A menu or a list that pops up is outside the landmarks in the page, and belongs to the control that opened it. */
const POPUPS = 'dialog, [role=dialog], [role=alertdialog], [role=menu], [role=listbox], svg';
const AXE = `${axe.source}; axe.configure({ checks: [{ id: 'region', options: { regionMatcher: '${POPUPS}' } }] });`;

const softly = expect.configure({ soft: true, timeout: 3000 });
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Looks at a page in both schemes, at two sizes, and in its language. */
export function lookAt(page: Page, language: Language) {
  const told: string[] = [];
  const reading = new Set<Promise<unknown>>();
  page.on('response', (response) => {
    // A refusal's own words are no data: they are for scripts, and screens say them in the person's language.
    if (!response.url().includes('/api/') || !response.ok()) return;
    const body = response.text().then(
      (text) => told.push(text),
      () => undefined,
    );
    reading.add(body);
    void body.finally(() => reading.delete(body));
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => told.push(String(payload))));
  /** What a person typed is data, too. */
  const typed = (text: string) => void told.push(text);

  async function look(name: string): Promise<void> {
    await expect(page.locator('.mantine-Loader-root, .mantine-Skeleton-root')).toHaveCount(0);
    const html = page.locator('html');
    await expect(html).toHaveAttribute('lang', language);
    await expect(html).toHaveAttribute('dir', language === 'ur' ? 'rtl' : 'ltr');
    if (language === 'ur') expect.soft(await leftovers(), `${name}: all in Urdu`).toEqual([]);
    for (const viewport of [
      { width: 683, height: 384 },
      { width: 1366, height: 768 },
    ]) {
      await page.setViewportSize(viewport);
      // A menu moves to its place a moment after the window changed.
      await softly.poll(() => page.evaluate(tooWide), `${name}, ${language}, ${viewport.width} wide`).toEqual([]);
      await shoot(name, `${viewport.width}`);
    }
    expect.soft(await violations(), `${name}, ${language}, light: accessible`).toEqual([]);
    // Nothing but the colours differs in the dark.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
    expect.soft(await violations(COLOURS), `${name}, ${language}, dark: accessible`).toEqual([]);
    await shoot(name, 'dark');
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light');
  }

  async function shoot(name: string, how: string): Promise<void> {
    const folder = process.env['MEDLANE_SCREENSHOTS'];
    if (folder) await page.screenshot({ path: path.join(folder, `${language}-${how}-${name}.png`), fullPage: true });
  }

  async function violations(rules?: string[]): Promise<string[]> {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
    const options: RunOptions = {
      resultTypes: ['violations'],
      ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
    };
    const results = await page.evaluate((given) => (window as unknown as { axe: typeof axe }).axe.run(given), options);
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary?.split('\n')[1] ?? ''}`),
    );
  }

  /** Texts that are still English: whole ones, and single Latin words that nothing explains. */
  async function leftovers(): Promise<string[]> {
    const shown = await page.evaluate(textsShown);
    await Promise.all(reading);
    const data = told.join(' ');
    const known = new Set(wordsOf(data));
    return shown.filter(
      (text) =>
        (ENGLISH.has(text) && !data.includes(`"${text}"`)) ||
        wordsOf(text).some((word) => !known.has(word) && !BORROWED.has(word)),
    );
  }

  return { look, typed };
}

/** In the page: every text that is seen or read aloud. */
function textsShown(): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (!element?.checkVisibility() || element.closest('script, style, .kit')) continue;
    if (!(node instanceof Element)) texts.push(node.textContent ?? '');
    // What is hidden from screen readers has no label that anybody hears.
    else if (!element.closest('[aria-hidden="true"]'))
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(node.getAttribute(name) ?? '');
  }
  return [...new Set(texts.map((text) => text.trim()).filter((text) => /[A-Za-z]{2}/.test(text)))];
}

/** In the page: what makes it, or a dialog on it, scroll sideways. */
function tooWide(): string[] {
  const boxes = [document.documentElement, ...document.querySelectorAll('[role="dialog"], [role="dialog"] *')];
  return boxes
    .filter((box) => {
      const scrolls = box === document.documentElement || /auto|scroll/.test(getComputedStyle(box).overflowX);
      return scrolls && box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1;
    })
    .map((box) => `${box.tagName}.${box.className} is ${box.scrollWidth} wide in ${box.clientWidth}`);
}
