import { expect, test } from '@playwright/test';
import { answerQuestions, call, clickMenu, type Desktop, launchDesktop, signIn } from './launch.ts';

// The program around the pages: its menu, its window, its links, what it keeps the computer from.
test.describe.configure({ mode: 'serial' });

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
});
test.afterAll(async () => {
  await desktop?.close();
});

const menuTitles = () =>
  desktop.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label) ?? []);
const place = () => desktop.page.evaluate(() => window.location.hash);

test('keeps this computer awake for the other desks, and lets the display sleep', async () => {
  const held = await desktop.app.evaluate(({ powerSaveBlocker }) =>
    [0, 1, 2, 3].map((id) => powerSaveBlocker.isStarted(id)),
  );
  expect(held.filter(Boolean)).toHaveLength(1);
});

test('the menu speaks the language of the page, also after the next start', async () => {
  expect(await menuTitles()).toEqual(['File', 'Edit', 'View', 'Help']);
  await desktop.page.getByLabel('Language').selectOption('ur');
  await expect.poll(menuTitles).toEqual(['فائل', 'ترمیم', 'منظر', 'مدد']);
  const { folder } = desktop;
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ folder });
  expect(await menuTitles()).toEqual(['فائل', 'ترمیم', 'منظر', 'مدد']);
  await desktop.page.getByLabel('زبان').selectOption('en');
  await expect.poll(menuTitles).toEqual(['File', 'Edit', 'View', 'Help']);
});

test('zooms every window, and remembers it', async () => {
  const zoom = () =>
    desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel());
  for (let step = 0; step < 9; step += 1) await clickMenu(desktop.app, 'zoomIn');
  expect(await zoom()).toBe(5);
  await clickMenu(desktop.app, 'zoomOut');
  const { folder } = desktop;
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ folder });
  await expect.poll(zoom).toBe(4);
  await clickMenu(desktop.app, 'zoomReset');
  expect(await zoom()).toBe(0);
});

test('fills the screen and comes back; says what it is; shows where its logs are', async () => {
  const { app } = desktop;
  const full = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFullScreen());
  await clickMenu(app, 'fullScreen');
  expect(await full()).toBe(true);
  await clickMenu(app, 'fullScreen');
  expect(await full()).toBe(false);
  const asked = await answerQuestions(app, 'OK');
  await clickMenu(app, 'about');
  expect((await asked())[0]).toMatchObject({ message: expect.stringMatching(/^Medlane \d/), buttons: ['OK'] });
  const opened = app.evaluate(
    ({ shell }) =>
      new Promise<string>((resolve) => {
        shell.openPath = async (folder) => {
          resolve(folder);
          return '';
        };
      }),
  );
  await clickMenu(app, 'diagnostics');
  expect(await opened).toMatch(/logs/);
});

test('opens the guides in a window of their own, and the server has them for its menu', async () => {
  const { app, page, server } = desktop;
  const [guides] = await Promise.all([
    app.waitForEvent('window'),
    page.evaluate(() => window.open('docs/index.html', '_blank')),
  ]);
  await expect(guides.getByRole('heading', { level: 1 })).toHaveText('Guides');
  await guides.getByRole('navigation', { name: 'Guides' }).getByRole('link').first().click();
  await expect(guides.getByRole('img').nth(1)).toBeVisible();
  await guides.close();
  expect((await fetch(`${server().url}/docs/`)).status).toBe(200);
  const items = await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('documentation')?.label);
  expect(items).toBe('Documentation');
});

test('opens where it was closed, and whole when that display is gone', async () => {
  const bounds = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  const moved = { x: 300, y: 120, width: 1100, height: 700 };
  const { folder } = desktop;
  await desktop.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), moved);
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ folder });
  expect(await bounds()).toEqual(moved);
  await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setBounds({ x: 9000, y: 9000 }));
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ folder });
  expect(await bounds()).toMatchObject({ width: 1100, height: 700 });
  expect((await bounds())?.x).toBeLessThan(1920);
});

test('a link opens its place once somebody has signed in, and only there', async () => {
  const { page } = desktop;
  await signIn(page, 'reception');
  const found = (await call(page, 'patients.list', { q: 'fadel', limit: 1 }, {})).value;
  const [patient] = (found as { items: { name: string; registrationNumber: string }[] }).items;
  expect((await call(page, 'auth.logout', {}, {})).ok).toBe(true);
  await page.reload();
  await desktop.startAgain(`medlane://patient/${patient?.registrationNumber}`);
  await expect.poll(place).toContain('/open/patient/');
  await expect(page.getByText(patient?.name ?? '')).toHaveCount(0);
  await signIn(page, 'reception');
  await expect(page.getByText(patient?.name ?? '').first()).toBeVisible();
  expect(await place()).toContain('/reception');
  expect(desktop.app.windows()).toHaveLength(1);
});

test('a link that is not one of ours, or leads nowhere, opens nothing', async () => {
  const { page } = desktop;
  const before = await place();
  for (const link of ['medlane://users/1', 'medlane://patient/%3Cscript%3E', 'medlane://patient/a?b', 'medlane:x'])
    await desktop.startAgain(link);
  expect(await place()).toBe(before);
  await desktop.startAgain('medlane://patient/NO-SUCH-99');
  await expect(page.getByRole('heading', { name: 'This link cannot be opened' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to my screen' }).click();
  await expect(page.getByRole('combobox', { name: 'Find a patient' })).toBeVisible();
});

test('a link shows nobody what their account may not see', async () => {
  const { page } = desktop;
  const found = (await call(page, 'patients.list', { q: 'fadel', limit: 1 }, {})).value;
  const number = (found as { items: { registrationNumber: string }[] }).items[0]?.registrationNumber;
  const { value } = await call(page, 'boards.list', {}, {});
  const board = (value as { items: { id: string; name: string }[] }).items[0];
  await call(page, 'auth.logout', {}, {});
  await page.reload();
  await signIn(page, 'board');
  await desktop.startAgain(`medlane://patient/${number}`);
  await expect(page.getByText('There is no such record')).toBeVisible();
  await desktop.startAgain(`medlane://board/${board?.id}`);
  await expect(page.locator('.board')).toBeVisible();
  expect(await place()).toBe(`#/board/${board?.id}`);
});

test('tells the page when nobody is at the computer any more', async () => {
  const { app, page } = desktop;
  await page.evaluate(() => {
    const heard: unknown[] = [];
    Object.assign(window, { medlaneLocks: heard });
    const { medlane } = window as unknown as {
      medlane: { on: (event: string, hear: (payload: unknown) => void) => void };
    };
    medlane.on('lock', (payload) => heard.push(payload));
  });
  await app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('lock-screen');
    powerMonitor.emit('suspend');
  });
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { medlaneLocks: unknown[] }).medlaneLocks))
    .toEqual([{ reason: 'screen' }, { reason: 'sleep' }]);
});

test('a locked computer has hidden the screens of the staff, until the password is typed', async () => {
  const { app, page } = desktop;
  await call(page, 'auth.logout', {}, {});
  await page.reload();
  await signIn(page, 'reception');
  await page.evaluate(() => window.location.assign('#/reception'));
  const today = page.getByRole('region', { name: 'Today' });
  await expect(today.getByRole('row').nth(1)).toBeVisible();
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
  await expect(page.getByRole('heading', { name: 'Screen hidden' })).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
  await page.getByLabel('Password').first().fill('try-the-clinic');
  await page.keyboard.press('Enter');
  await expect(today.getByRole('row').nth(1)).toBeVisible();
});
