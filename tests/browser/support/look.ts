import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
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

/** Looks at a page in both schemes, at two sizes, and in its language. */
export function lookAt(page: Page, language: Language) {
  let data = '';
  page.on('response', async (response) => {
    if (response.url().includes('/api/')) data += await response.text().catch(() => '');
  });
  /** What a person typed is data, too. */
  const typed = (text: string) => {
    data += ` ${text} `;
  };

  async function look(name: string): Promise<void> {
    await expect(page.locator('.mantine-Loader-root, .mantine-Skeleton-root')).toHaveCount(0);
    const html = page.locator('html');
    await expect(html).toHaveAttribute('lang', language);
    await expect(html).toHaveAttribute('dir', language === 'ur' ? 'rtl' : 'ltr');
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await expect(html).toHaveAttribute('data-mantine-color-scheme', scheme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary?.split('\n')[1] ?? ''}`),
      );
      expect.soft(found, `${name}, ${language}, ${scheme}: accessible`).toEqual([]);
    }
    if (language === 'ur') expect.soft(await leftovers(), `${name}: all in Urdu`).toEqual([]);
    for (const viewport of [
      { width: 683, height: 384 },
      { width: 1366, height: 768 },
    ]) {
      await page.setViewportSize(viewport);
      expect.soft(await page.evaluate(tooWide), `${name}, ${language}, ${viewport.width} wide`).toEqual([]);
      const shots = process.env['MEDLANE_SCREENSHOTS'];
      if (shots) await page.screenshot({ path: path.join(shots, `${language}-${viewport.width}-${name}.png`) });
    }
  }

  /** Texts that are still English: whole ones, and single Latin words that nothing explains. */
  async function leftovers(): Promise<string[]> {
    const shown = await page.evaluate(textsShown);
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
    else for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(node.getAttribute(name) ?? '');
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
