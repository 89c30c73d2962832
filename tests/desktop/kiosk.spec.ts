import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { answerQuestions, call, clickMenu, type Desktop, launchDesktop, signIn } from './launch.ts';

// A computer on the wall: from a desk to a board, through a restart, and back.
test.describe.configure({ mode: 'serial' });

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
});
test.afterAll(async () => {
  // A board asks before it goes.
  await answerQuestions(desktop.app, 'Quit');
  await desktop.close();
});

const state = () =>
  desktop.app.evaluate(({ BrowserWindow, Menu, powerSaveBlocker }) => ({
    kiosk: BrowserWindow.getAllWindows().map((window) => [window.isKiosk(), window.isMenuBarVisible()]),
    menu: Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items.map(({ id }) => id)).length,
    held: [0, 1, 2, 3, 4, 5].filter((id) => powerSaveBlocker.isStarted(id)).length,
  }));
const pointer = () => desktop.page.evaluate(() => getComputedStyle(document.body).cursor);
const autostart = () => existsSync(path.join(desktop.folder, 'autostart', 'medlane.desktop'));
const board = () => desktop.page.locator('.board');

test('asks for a sign-in before it names the boards', async () => {
  const asked = await answerQuestions(desktop.app, 'OK');
  await clickMenu(desktop.app, 'board');
  await expect.poll(async () => (await asked()).map(({ message }) => message)).toEqual(['Sign in first.']);
});

test('becomes the board that was chosen: full screen, awake, without menu and pointer', async () => {
  const { app, page } = desktop;
  await signIn(page, 'reception');
  const { value } = await call(page, 'boards.list', {}, {});
  const { name } = (value as { items: { name: string }[] }).items[0] as { name: string };
  const asked = await answerQuestions(app, name);
  await clickMenu(app, 'board');
  await expect(board()).toBeVisible();
  expect((await asked())[0]?.buttons).toContain(name);
  expect(await state()).toEqual({ kiosk: [[true, false]], menu: 1, held: 2 });
  await expect.poll(pointer).toBe('none');
  expect(autostart()).toBe(true);
});

test('a link, a second window, closing and quitting do not take it off the wall', async () => {
  const { app, page } = desktop;
  const asked = await answerQuestions(app, 'Keep the board');
  await desktop.startAgain('medlane://patient/07-31-004');
  await page.evaluate(() => window.open('app://clinic/index.html#/reception'));
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(async () => (await asked()).length).toBe(1);
  await clickMenu(app, 'quit');
  await expect.poll(async () => (await asked()).length).toBe(2);
  expect((await asked()).map(({ buttons }) => buttons)).toEqual(
    Array(2).fill(['Quit', 'Leave the board', 'Keep the board']),
  );
  expect([await board().isVisible(), app.windows().length, (await state()).kiosk]).toEqual([true, 1, [[true, false]]]);
});

test('is a board again after the next start, for whoever signs in there', async () => {
  const { folder } = desktop;
  await answerQuestions(desktop.app, 'Quit');
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ folder });
  expect((await state()).kiosk).toEqual([[true, false]]);
  // Who signs in sees the pointer; the board does not show it.
  await expect(desktop.page.getByLabel('Sign-in name')).toBeVisible();
  expect(await pointer()).not.toBe('none');
  await signIn(desktop.page, 'board');
  await expect(board()).toBeVisible();
  await expect.poll(pointer).toBe('none');
});

test('is a desk again when somebody leaves the board, also after the next start', async () => {
  const { folder } = desktop;
  await answerQuestions(desktop.app, 'Leave the board');
  await clickMenu(desktop.app, 'quit');
  await expect.poll(async () => (await state()).kiosk).toEqual([[false, true]]);
  expect([(await state()).held, autostart()]).toEqual([1, false]);
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ folder });
  expect((await state()).kiosk).toEqual([[false, true]]);
});

test('the command line makes a board for one start only', async () => {
  const { folder } = desktop;
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ folder, args: ['--kiosk'] });
  expect((await state()).kiosk).toEqual([[true, false]]);
  // The account of a screen on the wall knows its board by itself.
  await signIn(desktop.page, 'board');
  await expect(board()).toBeVisible();
});
