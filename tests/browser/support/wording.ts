import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from './test.ts';

export type Say = (key: string, facts?: Record<string, string | number>) => string;

const folder = path.join(import.meta.dirname, '../../../resources/translations');
function textsOf(language: string): Map<string, string> {
  const flat = (tree: object, before: string): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]: [string, string | object]) =>
      typeof value === 'string' ? [[before + key, value] as [string, string]] : flat(value, `${before}${key}.`),
    );
  return new Map(flat(JSON.parse(readFileSync(path.join(folder, `${language}.json`), 'utf8')), ''));
}
const english = textsOf('en');

/** A language's words, from the same file as the screens have them. */
export function wording(language: string) {
  const texts = textsOf(language);
  const own = new Set(texts.values());
  /** What English says and this language does not, as it looks with facts in it. "5 min" is no more English than Filipino. */
  const foreign = [...english.values()]
    .filter((text) => !own.has(text) && /[A-Za-z]{4}|^[A-Za-z]+$/.test(text.replace(/\{\{\w+\}\}/g, '')))
    .map(
      (text) =>
        new RegExp(
          `^${text
            .split(/\{\{\w+\}\}/)
            .map(literally)
            .join('.+')}$`,
          's',
        ),
    );

  const say: Say = (key, facts = {}) => {
    const text = texts.get(key);
    if (text === undefined) throw new Error(`No text ${key} in ${language}.`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? `{{${name}}}`));
  };

  /** Watches a page, so that it can be looked at: nothing left in English, cut off, or wider than the window. */
  function watch(page: Page) {
    const names = new Set<string>();
    page.on('response', async (response) => {
      if (!response.url().includes('/api/')) return;
      const answer = await response.text().catch(() => '');
      for (const [, name] of answer.matchAll(/"name":"([^"]+)"/g)) names.add(name as string);
    });
    /** "Room 1" is what the clinic calls it. */
    const withoutNames = (text: string) => [...names].reduce((rest, name) => rest.replaceAll(name, ''), text);
    return (name: string) => check(page, name, withoutNames);
  }

  async function check(page: Page, name: string, withoutNames: (text: string) => string): Promise<void> {
    await expect(page.locator('.mantine-Loader-root, .mantine-Skeleton-root')).toHaveCount(0);
    const shots = process.env['MEDLANE_SCREENSHOTS'];
    if (shots) await page.screenshot({ path: path.join(shots, `${language}-${name}.png`) });
    const left = (await page.evaluate(textsShown))
      .map(withoutNames)
      .filter((text) => foreign.some((pattern) => pattern.test(text)));
    expect.soft(left, `${name}: in English`).toEqual([]);
    expect.soft(await page.evaluate(cutOff), `${name}: cut off`).toEqual([]);
  }
  return { say, watch };
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** In the page: every text that is seen or read aloud. */
function textsShown(): string[] {
  const texts: (string | null)[] = [];
  for (const element of document.body.querySelectorAll('*')) {
    if (!element.checkVisibility() || element.closest('script, style, .kit')) continue;
    for (const child of element.childNodes) if (child.nodeType === Node.TEXT_NODE) texts.push(child.textContent);
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(element.getAttribute(name));
  }
  return [...new Set(texts.map((text) => text?.trim() ?? '').filter(Boolean))];
}

/** In the page: each text that reaches beyond its button, its panel, or a box that hides what reaches beyond it. */
function cutOff(): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim();
    const holder = node.parentElement;
    if (!text || !holder?.checkVisibility() || holder.closest('option, .visually-hidden, .skip')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const shown = range.getBoundingClientRect();
    for (let box: Element | null = holder; box; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (/auto|scroll/.test(overflowX + overflowY)) break;
      if (!/hidden|clip/.test(overflowX + overflowY) && !box.matches('button, .panel')) continue;
      const { left, right, top, bottom } = box.getBoundingClientRect();
      if (shown.left < left - 1 || shown.right > right + 1 || shown.top < top - 1 || shown.bottom > bottom + 1)
        found.push(text);
    }
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`The page is ${scrollWidth} wide in ${clientWidth}.`);
  return [...new Set(found)];
}
