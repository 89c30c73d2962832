import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright';
import { root } from '../bootstrap.mjs';
import type { Clinic } from './clinic.ts';

const FOLDER = path.join(root, 'docs/pictures');

/** Opens screens of a clinic as its people see them, and takes their pictures. */
export type Camera = Readonly<{
  open: (clinic: Clinic, who?: string | null, options?: BrowserContextOptions) => Promise<Page>;
  /** Writes `docs/pictures/NAME.png`: a page as it fills the window, or one part of it. */
  shoot: (name: string, what: Page | Locator, moment?: Moment) => Promise<void>;
  /** Several parts of screens as one picture, each under its caption. */
  sheet: (name: string, columns: number, parts: readonly [caption: string, part: Buffer][]) => Promise<void>;
  close: () => Promise<void>;
}>;

/** `busy`: what turns while it waits belongs to the picture. */
type Moment = { busy?: boolean };

export async function createCamera(): Promise<Camera> {
  mkdirSync(FOLDER, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env['MEDLANE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  const write = (name: string, picture: Buffer) => writeFileSync(path.join(FOLDER, `${name}.png`), picture);
  return {
    async open(clinic, who = null, options = {}) {
      const context = await browser.newContext({
        baseURL: clinic.url,
        viewport: { width: 1366, height: 768 },
        locale: 'en-GB',
        timezoneId: clinic.timeZone,
        reducedMotion: 'reduce',
        ...options,
      });
      const page = await context.newPage();
      await page.goto('/');
      if (who) await signIn(page, who, clinic.password);
      return page;
    },
    shoot: async (name, what, moment) => write(name, await still(what, moment)),
    sheet: async (name, columns, parts) => write(name, await compose(browser, columns, parts)),
    close: () => browser.close(),
  };
}

export async function signIn(page: Page, who: string, password: string): Promise<void> {
  await page.getByLabel('Sign-in name').fill(who);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('#main h1, .board h1').first().waitFor();
}

/** A picture when nothing loads and nothing moves any more. */
export async function still(what: Page | Locator, { busy = false }: Moment = {}): Promise<Buffer> {
  const page = 'page' in what ? what.page() : what;
  await page.waitForFunction(
    (turning) =>
      document.fonts.status === 'loaded' &&
      document.getAnimations().every(({ effect }) => effect?.getTiming().iterations === Infinity) &&
      (turning || !document.querySelector('.mantine-Loader-root, .mantine-Skeleton-root')),
    busy,
  );
  // The pointer lies on nothing that would light up under it.
  await page.mouse.move(0, 0);
  return what.screenshot({ animations: busy ? 'allow' : 'disabled' });
}

async function compose(browser: Browser, columns: number, parts: readonly [string, Buffer][]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const figure = ([caption, part]: readonly [string, Buffer]) =>
    `<figure><figcaption>${caption}</figcaption><img src="data:image/png;base64,${part.toString('base64')}"></figure>`;
  const stacks = Array.from({ length: columns }, (_, column) =>
    parts.filter((_, index) => index % columns === column).map(figure),
  );
  await page.setContent(`
    <style>
      body { margin: 0; background: #f5f7f9; font: 600 15px 'Noto Sans', sans-serif; color: #17212b; }
      main { display: flex; gap: 24px; padding: 24px; inline-size: max-content; }
      main > div { display: grid; gap: 24px; align-content: start; }
      figure { margin: 0; }
      figcaption { margin-block-end: 8px; }
      img { display: block; border-radius: 8px; }
    </style>
    <main>${stacks.map((stack) => `<div>${stack.join('')}</div>`).join('')}</main>`);
  const picture = await page.locator('main').screenshot();
  await page.close();
  return picture;
}
