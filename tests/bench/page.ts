import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import config from '../browser/playwright.config.ts';
import type { Account } from '../day/server.ts';

/** What the bench puts on every page: the moment at which somebody can see a thing, by the page's own clock. */
type Felt = {
  /** Resolves with the time (ms since the page began) of the first frame after the one in which this was so. */
  painted: (so: () => boolean) => Promise<number>;
  longTasks: { at: number; took: number }[];
  focused?: Promise<number>;
  keys: number[];
  tokens: Record<string, number>;
};
declare global {
  interface Window {
    felt: Felt;
  }
}

const { launchOptions, viewport = null, locale, timezoneId } = config.use ?? {};

/** The browser of the browser tests, with their options. */
export const openBrowser = (): Promise<Browser> => chromium.launch(launchOptions);

/** A person's own browser: its own cookies, its own cache. */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    ...(locale ? { locale } : {}),
    ...(timezoneId ? { timezoneId } : {}),
  });
  await context.addInitScript(install);
  return context;
}

export async function signIn(page: Page, url: string, { username, password }: Account): Promise<void> {
  await page.goto(url);
  await page.locator('input[autocomplete="username"]').fill(username);
  await page.locator('input[autocomplete="current-password"]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('#main h1, .board h1').first().waitFor();
}

export const accountOf = (accounts: readonly Account[], role: string): Account =>
  accounts.find(({ roles }) => roles.includes(role)) as Account;

/** From the click until this selector matches something (or nothing any more) on a painted screen, in ms. */
export async function clickUntil(
  page: Page,
  wanted: Readonly<{ selector: string; there: boolean }>,
  click: () => Promise<void>,
): Promise<number> {
  const took = page.evaluate(
    ({ selector, there }) =>
      new Promise<number>((resolve) => {
        const clicked = async ({ timeStamp }: MouseEvent) =>
          resolve((await window.felt.painted(() => (document.querySelector(selector) !== null) === there)) - timeStamp);
        addEventListener('click', (event) => void clicked(event), { once: true, capture: true });
      }),
    wanted,
  );
  await click();
  return took;
}

/** How far this page's clock is ahead of this process's, in ms: both begin at a reading of the wall clock. */
export async function aheadOf(page: Page): Promise<number> {
  let best = { ahead: 0, within: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 10; round += 1) {
    const before = wallClock();
    const there = await page.evaluate(() => performance.timeOrigin + performance.now());
    const after = wallClock();
    if (after - before < best.within) best = { ahead: there - (before + after) / 2, within: after - before };
  }
  return best.ahead;
}

export const wallClock = (): number => performance.timeOrigin + performance.now();

/** In the page. A frame's callbacks run before it is painted: the next frame's say that it was. */
function install(): void {
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const felt: Felt = {
    async painted(so) {
      do await frame();
      while (!so());
      await frame();
      return performance.now();
    },
    longTasks: [],
    keys: [],
    tokens: {},
  };
  window.felt = felt;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) felt.longTasks.push({ at: startTime, took: duration });
  }).observe({ type: 'longtask' });
}
