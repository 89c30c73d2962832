import path from 'node:path';
import { cutOff, textsShown, tooWide } from './in-page.ts';
import { LOADING } from './look.ts';
import { expect, type Page, type Visitor } from './test.ts';
import { type Language, sayIn, TEXTS } from './words.ts';

/** A language that is neither English nor written from right to left, looked at in its own words. */
export function wording(language: Language) {
  const texts = TEXTS[language];
  const own = new Set(texts.values());
  /** What English says and this language does not, as it looks with facts in it. "5 min" is no more English than Filipino. */
  const foreign = [...TEXTS.en.values()]
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

  /** A page in the language, and how it is looked at: nothing left in English, cut off, or wider than the window. */
  async function stage(visitor: Visitor) {
    const page = await visitor({ reducedMotion: 'reduce', at: null });
    await page.addInitScript((code) => localStorage.setItem('medlane.language', code), language);
    const names = new Set<string>();
    page.on('response', async (response) => {
      if (!response.url().includes('/api/')) return;
      const answer = await response.text().catch(() => '');
      for (const [, name] of answer.matchAll(/"name":"([^"]+)"/g)) names.add(name as string);
    });
    /** "Room 1" is what the clinic calls it. */
    const withoutNames = (text: string) => [...names].reduce((rest, name) => rest.replaceAll(name, ''), text);
    await page.goto('/');
    return { page, check: (name: string) => check(page, name, withoutNames) };
  }

  async function check(page: Page, name: string, withoutNames: (text: string) => string): Promise<void> {
    await expect(page.locator(LOADING)).toHaveCount(0);
    const shots = process.env['MEDLANE_SCREENSHOTS'];
    if (shots) await page.screenshot({ path: path.join(shots, `${language}-${name}.png`) });
    const left = (await page.evaluate(textsShown))
      .map(withoutNames)
      .filter((text) => foreign.some((pattern) => pattern.test(text)));
    expect.soft(left, `${name}: in English`).toEqual([]);
    expect.soft(await page.evaluate(cutOff), `${name}: cut off`).toEqual([]);
    expect.soft(await page.evaluate(tooWide), `${name}: too wide`).toEqual([]);
  }
  return { say: sayIn(language), stage };
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
