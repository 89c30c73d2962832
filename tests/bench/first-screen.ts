import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { type Account, root } from '../day/server.ts';
import { bareScreen } from './bare.ts';
import { type Figure, judged, median, ms, quantile, times } from './figures.ts';
import { accountOf, openContext, signIn } from './page.ts';

const group = 'As felt: the first screen';
type Opened = Readonly<{ cold: readonly number[]; warm: readonly number[] }>;

/** How long somebody looks at nothing after they opened the address, and how much is sent for it. */
export async function firstScreens(
  browser: Browser,
  { url, accounts, rounds }: Readonly<{ url: string; accounts: readonly Account[]; rounds: number }>,
): Promise<Figure[]> {
  const context = await openContext(browser);
  const page = await context.newPage();
  await page.addInitScript(watchFocus);
  await page.goto(url);
  const first = await page.evaluate(() => window.felt.focused);
  const initial = await scriptsOf(page);
  const asked = await open(page, rounds);
  await signIn(page, url, accountOf(accounts, 'receptionist'));
  const signedIn = await open(page, rounds);
  const bare = await bareScreen();
  await page.goto(bare.url);
  const floor = await open(page, rounds);
  bare.close();
  await context.close();

  const judge = (what: string, took: readonly number[], least: readonly number[]) =>
    judged(group, what, Math.round(quantile(took, 0.95)), 'most', 1000, {
      measured: `${say(took)} = ${times(median(took) / median(least))} the bare page`,
      limit: `a bare page with one field: ${say(least)}`,
      unit: 'ms p95',
    });
  return [
    { group, what: 'The very first of all, until the sign-in field', measured: ms(first ?? 0) },
    judge('Until the sign-in field, nothing cached', asked.cold, floor.cold),
    judge('Until the sign-in field, cached', asked.warm, floor.warm),
    judge('Signed in, until reception’s search, nothing cached', signedIn.cold, floor.cold),
    judge('Signed in, until reception’s search, cached', signedIn.warm, floor.warm),
    judged(group, 'JavaScript until one can sign in, gzipped', kilobytes(initial), 'most', 250, {
      measured: `${kilobytes(initial)} kB in ${initial.length} files`,
      unit: 'kB',
    }),
    ...(await scriptsByPlace(browser, url, accounts, initial)),
  ];
}

const say = (took: readonly number[]) => `p50 ${ms(median(took))}, p95 ${ms(quantile(took, 0.95))}`;

/** In the page: from the beginning of its navigation until a field can be typed into, and is painted. */
function watchFocus(): void {
  window.felt.focused = window.felt.painted(() => document.activeElement?.tagName === 'INPUT');
}

async function open(page: Page, rounds: number): Promise<Opened> {
  const browserCache = await page.context().newCDPSession(page);
  const once = async () => {
    await page.reload();
    return (await page.evaluate(() => window.felt.focused)) as number;
  };
  const seen = { cold: [] as number[], warm: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    await browserCache.send('Network.clearBrowserCache');
    seen.cold.push(await once());
    seen.warm.push(await once());
  }
  await browserCache.detach();
  return seen;
}

/** The built scripts that this page has asked for. */
const scriptsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => [
    ...new Set(
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).pathname)
        .filter((name) => name.endsWith('.js')),
    ),
  ]);

const kilobytes = (scripts: readonly string[]): number => {
  const sizes = scripts.map((name) => gzipSync(readFileSync(path.join(root, 'out/renderer', name))).length);
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000);
};

const PLACES = [
  ['receptionist', 'Reception'],
  ['doctor', 'Doctor'],
  ['display', 'Board'],
  ['admin', 'Administration'],
] as const;

/** What each place adds for whoever comes straight to it. */
async function scriptsByPlace(
  browser: Browser,
  url: string,
  accounts: readonly Account[],
  initial: readonly string[],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [role, what] of PLACES) {
    const context = await openContext(browser);
    const page = await context.newPage();
    await signIn(page, url, accountOf(accounts, role));
    await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
    const more = (await scriptsOf(page)).filter((name) => !initial.includes(name));
    figures.push({ group, what: `${what}, in addition`, measured: `${kilobytes(more)} kB in ${more.length} files` });
    await context.close();
  }
  return figures;
}
