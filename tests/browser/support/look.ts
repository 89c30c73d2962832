import path from 'node:path';
import axe, { type RunOptions } from 'axe-core';
import { ERRORS } from '../../../contract/errors.ts';
import { textsShown, tooWide } from './in-page.ts';
import { expect, type Page, type Visitor } from './test.ts';
import { directionOf, type Language, type Say, sayIn, TEXTS } from './words.ts';

const wordsOf = (text: string): string[] => text.match(/[A-Za-z]{2,}/g) ?? [];
/** English values that Urdu says differently. */
const ENGLISH = new Set([...TEXTS.en].flatMap(([key, text]) => (TEXTS.ur.get(key) === text ? [] : [text.trim()])));
/** Latin words that belong into Urdu text: those of the translation itself, brand, codes, and units of Intl. */
const BORROWED = new Set([
  ...[...TEXTS.ur.values()].map((text) => text.replace(/\{\{\w+\}\}/g, '')).flatMap(wordsOf),
  ...Object.keys(ERRORS).flatMap(wordsOf),
  ...['Medlane', 'English', 'AM', 'PM', 'MB', 'UTC', 'ok', 'visits', 'issue', 'http', 'localhost'],
]);

/** A menu or a list that pops up is outside the landmarks in the page, and belongs to the control that opened it. */
const POPUPS = 'dialog, [role=dialog], [role=alertdialog], [role=menu], [role=listbox], svg';
const AXE = `${axe.source}; axe.configure({ checks: [{ id: 'region', options: { regionMatcher: '${POPUPS}' } }] });`;

/** What is on its way. A spinner beside words that say for what one waits belongs to the screen, and so does one beneath a dialog. */
export const LOADING = '.mantine-Loader-root:not([role=status] *, [aria-hidden=true] *), .mantine-Skeleton-root';

const softly = expect.configure({ soft: true, timeout: 3000 });
const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * Every screen is looked at in Urdu: from right to left, in the tallest letters, and what nobody translated stands out. With
 * `MEDLANE_LOOK=all` in English as well, which all other specs speak; every run has its minutes.
 */
export const LOOKED_AT: readonly ('en' | 'ur')[] = process.env['MEDLANE_LOOK'] === 'all' ? ['en', 'ur'] : ['ur'];

export type Stage = Readonly<{
  page: Page;
  say: Say;
  /** Looks at the page as it is, under this name. */
  look: (name: string) => Promise<void>;
  /** What a person typed is data, too. */
  typed: (text: string) => void;
}>;

/** A page in a language, with somebody who looks at it. `prepare` is done before anything is loaded. */
export async function stage(
  visitor: Visitor,
  language: (typeof LOOKED_AT)[number],
  prepare: (page: Page) => Promise<void> = async () => undefined,
): Promise<Stage> {
  const page = await visitor({ reducedMotion: 'reduce', at: null });
  await prepare(page);
  await page.addInitScript((code) => localStorage.setItem('medlane.language', code), language);
  const seen = lookAt(page, language);
  await page.goto('/');
  return { page, say: sayIn(language), ...seen };
}

/** Looks at a page in both schemes, at two sizes, and in its language. */
export function lookAt(page: Page, language: Language): Pick<Stage, 'look' | 'typed'> {
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
  const typed = (text: string) => void told.push(text);

  async function look(name: string): Promise<void> {
    await expect(page.locator(LOADING)).toHaveCount(0);
    const html = page.locator('html');
    await expect(html).toHaveAttribute('lang', language);
    await expect(html).toHaveAttribute('dir', directionOf(language));
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
    // Nothing but the colours differs in the dark, and they are the same in every language.
    expect.soft(await violations(language === 'ur' ? 'all' : 'shape'), `${name}, ${language}: accessible`).toEqual([]);
    if (language !== 'ur') return;
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
    expect.soft(await violations('colours'), `${name}, ${language}, dark: accessible`).toEqual([]);
    await shoot(name, 'dark');
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light');
  }

  async function shoot(name: string, how: string): Promise<void> {
    const folder = process.env['MEDLANE_SCREENSHOTS'];
    if (folder) await page.screenshot({ path: path.join(folder, `${language}-${how}-${name}.png`), fullPage: true });
  }

  async function violations(of: 'all' | 'shape' | 'colours'): Promise<string[]> {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
    const options: RunOptions = {
      resultTypes: ['violations'],
      ...(of === 'colours' ? { runOnly: { type: 'rule', values: COLOURS } } : {}),
      ...(of === 'shape' ? { rules: Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }])) } : {}),
    };
    const results = await page.evaluate((given) => (window as unknown as { axe: typeof axe }).axe.run(given), options);
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary?.split('\n')[1] ?? ''}`),
    );
  }

  /** Texts that are still English: whole ones, and single Latin words that nothing explains. */
  async function leftovers(): Promise<string[]> {
    const shown = (await page.evaluate(textsShown)).filter((text) => /[A-Za-z]{2}/.test(text));
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
