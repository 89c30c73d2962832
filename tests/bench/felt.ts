import type { Browser, Page } from '@playwright/test';
import { bareClicks } from './bare.ts';
import { addPatients } from './bulk.ts';
import type { BusyOrder, BusyResult } from './busy-clinic.ts';
import { onTheirWay, typeSearches, watchBoard, watchKeys } from './by-hand.ts';
import { type Clinic, openClinic, type Workshop } from './clinic-folder.ts';
import { type Figure, judged, median, ms, quantile, times } from './figures.ts';
import { firstScreens } from './first-screen.ts';
import { startHelper } from './helper.ts';
import { accountOf, openBrowser, openContext, signIn } from './page.ts';
import { QUERIES } from './search.ts';

const group = 'As felt: by hand, and while others work';
const LANES = 12;
type Scale = Readonly<{ patients: number; rounds: number; ways: number; seconds: number }>;
type Screens = Readonly<Record<'desk' | 'doctor' | 'board', Page>>;

/** What people at the desks see and wait for, in a real browser: every time ends with the frame after the one that showed it. */
export async function benchFelt(shop: Workshop, scale: Scale): Promise<Figure[]> {
  const folder = shop.copy('felt');
  const patients = addPatients(folder, scale.patients);
  const clinic = await openClinic({ entry: shop.entry, accounts: shop.accounts, folder });
  const browser = await openBrowser();
  try {
    const first = { url: clinic.server.url, accounts: shop.accounts, rounds: scale.rounds };
    const figures = await firstScreens(browser, first);
    const screens = await openScreens(browser, clinic, shop);
    const searches = QUERIES.flatMap(([, queries]) => queries);
    const label = `${scale.patients.toLocaleString('en')} patients`;
    figures.push(within(`A key in reception’s search, ${label}`, await typeSearches(screens.desk, searches), 100));
    const floor = await bareClicks(browser, scale.ways);
    const way = await onTheirWay(screens, clinic, patients.slice(0, scale.ways));
    figures.push(
      within('Click on “Give token” until the token is there', way.given, 50, floor),
      within('Click on “Finish” until the patient has gone', way.finished, 50, floor),
      within('A call, from the request until the board has it', way.shown, 250),
    );
    return [...figures, ...(await whileOthersWork(screens, clinic, patients.slice(scale.ways), scale.seconds))];
  } finally {
    await browser.close();
    await clinic.stop();
  }
}

const say = (took: readonly number[]) =>
  `p50 ${ms(quantile(took, 0.5))}, p95 ${ms(quantile(took, 0.95))}, most ${ms(Math.max(...took))} (${took.length})`;

const within = (what: string, took: readonly number[], goal: number, floor?: readonly number[]): Figure =>
  judged(group, what, Number(quantile(took, 0.95).toFixed(1)), 'most', goal, {
    measured: `${say(took)}${floor ? ` = ${times(median(took) / median(floor))} the bare page` : ''}`,
    ...(floor ? { limit: `a bare page that asks once: ${say(floor)}` } : {}),
    unit: 'ms p95',
  });

async function openScreens(browser: Browser, { server }: Clinic, { accounts }: Workshop): Promise<Screens> {
  const screen = async (role: string, watch?: () => void) => {
    const page = await (await openContext(browser)).newPage();
    if (watch) await page.addInitScript(watch);
    await signIn(page, server.url, accountOf(accounts, role));
    return page;
  };
  return {
    desk: await screen('receptionist', watchKeys),
    doctor: await screen('doctor'),
    board: await screen('display', watchBoard),
  };
}

/** Forty desks at twenty commands a second, while somebody types at reception. */
async function whileOthersWork(
  screens: Screens,
  clinic: Clinic,
  patients: readonly string[],
  seconds: number,
): Promise<Figure[]> {
  const queues = (await clinic.admin.queues.list()).items;
  const lanes = [];
  for (let index = 0; index < LANES; index += 1) {
    const queueId = queues[index % queues.length]?.id as string;
    const room = await clinic.admin.rooms.create({ name: `Bench ${index + 1}`, queueIds: [queueId] });
    lanes.push({ queueId, roomId: room.id });
  }
  await screens.desk.evaluate(() => {
    location.hash = '#/reception';
  });
  await screens.desk.keyboard.press('Escape');
  for (const page of Object.values(screens))
    await page.evaluate(() => {
      window.felt.longTasks = [];
    });
  const desks = startHelper<BusyOrder, BusyResult>('./busy-clinic.ts');
  const order = { port: clinic.port, desks: 40, pace: 20, seconds, tokens: clinic.tokens, patients, lanes };
  const [worked, keys] = await Promise.all([
    desks.ask(order),
    typeSearches(screens.desk, QUERIES.flatMap(([, queries]) => queries).slice(0, seconds)),
  ]).finally(() => desks.stop());
  if (worked.failures.length > 0) throw new Error(`The desks could not work: ${worked.failures[0]}`);
  const figures = [within('A key in reception’s search, while 40 desks work', keys, 100)];
  for (const [what, page] of Object.entries(screens)) {
    const tasks = (await page.evaluate(() => window.felt.longTasks)).map(({ took }) => took);
    const longest = Math.max(0, ...tasks);
    figures.push(
      judged(group, `Longest task while 40 desks work, ${what}`, Math.round(longest), 'most', 100, {
        measured: `${tasks.length === 0 ? 'none over 50 ms' : ms(longest)}; ${tasks.length} over 50 ms, ${tasks.filter((took) => took > 100).length} over 100 ms, in ${seconds} s and ${worked.done} commands`,
        unit: 'ms',
      }),
    );
  }
  return figures;
}
