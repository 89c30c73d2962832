import type { Page } from 'playwright';
import { type Camera, still } from './camera.ts';
import type { Clinic } from './clinic.ts';

/** The same screens in the dark and from right to left. */
export async function otherLooks(camera: Camera, clinic: Clinic): Promise<void> {
  const dark = await camera.open(clinic, 'doctor', { colorScheme: 'dark' });
  await dark.getByTestId('current-token').waitFor();
  await camera.shoot('dark', dark);
  await dark.context().close();
  const urdu = await camera.open(clinic, 'reception');
  await urdu.getByRole('combobox', { name: 'Language' }).selectOption('ur');
  await urdu.locator('html[dir=rtl]').waitFor();
  await urdu.getByRole('row').nth(5).waitFor();
  await camera.shoot('urdu', urdu);
  await urdu.context().close();
}

const STATES = ['waiting', 'called', 'in_room', 'parked', 'done', 'no_show', 'cancelled'];
const PRIORITIES = ['emergency', 'priority', 'appointment'];
const QUEUES = ['open', 'paused', 'closed'];

/** Every badge as the screens draw it, in light and dark; then the scales, drawn from the theme's own variables. */
export async function specimens(camera: Camera, clinic: Clinic): Promise<void> {
  const admin = await clinic.as('admin');
  const queues = (await admin.queues.list()).items;
  const set = (code: string, state: 'open' | 'paused' | 'closed') =>
    admin.queues.setState({ id: queues.find((queue) => queue.code === code)?.id as string, state });
  await set('B', 'paused');
  await set('C', 'closed');
  const page = await camera.open(clinic, 'admin');
  const badges = new Map<string, string>();
  await page.locator('.badge[data-queue=closed]').waitFor();
  await collect(page, badges);
  await set('B', 'open');
  await set('C', 'open');
  await page.context().close();

  const desk = await camera.open(clinic, 'reception');
  for (const filter of ['open', 'no_show', 'ended']) {
    await desk.getByLabel('State').selectOption(filter);
    await desk.getByRole('region', { name: 'Today' }).locator('.badge[data-state]').first().waitFor();
    await collect(desk, badges);
  }
  const rows = [
    ['A visit’s state', STATES.map((state) => `state:${state}`)],
    ['Its priority', PRIORITIES.map((priority) => `priority:${priority}`)],
    ['A queue', QUEUES.map((queue) => `queue:${queue}`)],
  ] as const;
  const missing = rows.flatMap(([, keys]) => keys.filter((key) => !badges.has(key)));
  if (missing.length > 0) throw new Error(`No screen shows ${missing.join(', ')}.`);
  const table = rows
    .map(([title, keys]) => `<h3>${title}</h3><p>${keys.map((key) => badges.get(key)).join(' ')}</p>`)
    .join('');
  await lay(desk, `<style>p { display: flex; flex-wrap: wrap; gap: 8px; inline-size: 19rem }</style>${table}`);
  const light = await still(desk.locator('#specimen'));
  await desk.evaluate(() => document.documentElement.setAttribute('data-mantine-color-scheme', 'dark'));
  const dark = await still(desk.locator('#specimen'));
  await camera.sheet('badges', 2, [
    ['Light', light],
    ['Dark', dark],
  ]);
  await desk.evaluate(() => document.documentElement.setAttribute('data-mantine-color-scheme', 'light'));
  await lay(desk, scales());
  await camera.shoot('scale', desk.locator('#specimen'));
  await desk.context().close();
}

async function collect(page: Page, badges: Map<string, string>): Promise<void> {
  const found = await page.locator('.badge').evaluateAll((all) =>
    all.map((badge) => {
      const [kind = '', value = ''] = Object.entries((badge as HTMLElement).dataset)[0] ?? [];
      return [`${kind}:${value}`, badge.outerHTML] as const;
    }),
  );
  for (const [key, html] of found) if (!badges.has(key)) badges.set(key, html);
}

/** Puts a specimen in the place of the screen, which stays behind it for its style sheets. */
const lay = (page: Page, html: string): Promise<void> =>
  page.evaluate((content) => {
    document.getElementById('specimen')?.remove();
    for (const child of document.body.children) (child as HTMLElement).hidden = true;
    const specimen = document.createElement('div');
    specimen.id = 'specimen';
    specimen.style.cssText = 'inline-size: max-content; padding: 24px; background: var(--mantine-color-body)';
    specimen.innerHTML = content;
    document.body.append(specimen);
  }, html);

function scales(): string {
  const type: [name: string, style: string][] = [
    [
      'token-huge · a token that was given',
      'font-size: 5.5rem; font-weight: 650; letter-spacing: -0.02em; line-height: 1.1',
    ],
    ['token-large · the current token', 'font-size: 2.25rem; font-weight: 650; letter-spacing: -0.01em'],
    ...(['h1', 'h2', 'h3'] as const).map((level): [string, string] => [
      `${level} · ${{ h1: 'a screen’s title', h2: 'a panel, a dialog', h3: 'a part of a panel' }[level]}`,
      `font-size: var(--mantine-${level}-font-size); font-weight: 650`,
    ]),
    ...(['md', 'sm', 'xs'] as const).map((size): [string, string] => [
      `${size} · ${{ md: 'text', sm: 'text in lists and tables', xs: 'facts beside a name' }[size]}`,
      `font-size: var(--mantine-font-size-${size})`,
    ]),
  ];
  const steps = ['xs', 'sm', 'md', 'lg', 'xl'].map(
    (step) =>
      `<tr><td>${step}</td><td><i style="display: block; block-size: 16px; inline-size: var(--mantine-spacing-${step}); background: var(--mantine-color-lane-8)"></i></td></tr>`,
  );
  return `
    <style>#specimen { display: flex; gap: 64px } td { padding: 4px 24px 4px 0; vertical-align: baseline } small { color: var(--mantine-color-dimmed) }</style>
    <table>${type.map(([name, style]) => `<tr><td><small>${name}</small></td><td style="${style}">A-012 Mariana</td></tr>`).join('')}</table>
    <div><h3>Spacing</h3><table>${steps.join('')}</table></div>`;
}
