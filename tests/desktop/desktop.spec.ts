import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type Bridge, call, type Desktop, isAlive, launchDesktop, signIn } from './launch.ts';

declare global {
  interface Window {
    medlaneHeard?: unknown[];
  }
}

// One desk's day, in order: each test goes on where the one before it stopped.
test.describe.configure({ mode: 'serial' });

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
});
test.afterAll(async () => {
  await desktop?.close();
});

test('opens at the sign-in of the demonstration clinic', async () => {
  const { page } = desktop;
  await expect(page.getByLabel('Sign-in name')).toBeVisible();
  await expect(page).toHaveTitle('Medlane');
});

test('gives the page two functions and nothing else', async () => {
  const seen = await desktop.page.evaluate(() => {
    const bridge = (window as unknown as { medlane: Bridge }).medlane;
    const loose = window as unknown as Record<string, unknown>;
    return [Object.keys(bridge).sort(), Object.isFrozen(bridge), typeof loose['require'], typeof loose['process']];
  });
  expect(seen).toEqual([['call', 'on'], true, 'undefined', 'undefined']);
});

test('a wrong password is refused as it is in the browser', async () => {
  const answer = await call(desktop.page, 'auth.login', { identifier: 'reception', password: 'wrong' }, {});
  expect(answer).toMatchObject({ ok: false, error: { code: 'bad_credentials' } });
});

test('reception signs in, and the page gets no token', async () => {
  const { page } = desktop;
  await page.evaluate(() => {
    const heard: unknown[] = [];
    window.medlaneHeard = heard;
    const { on } = (window as unknown as { medlane: Bridge }).medlane;
    for (const event of ['changed', 'link']) on(event, (payload) => heard.push([event, payload]));
  });
  await signIn(page, 'reception');
  await expect(page.getByRole('combobox', { name: 'Find a patient' })).toBeVisible();
  const renewed = await call(page, 'auth.refresh', {}, {});
  expect(renewed.value).toMatchObject({ accessToken: '', refreshToken: null, csrfToken: '' });
  const me = await call(page, 'auth.me', {}, {});
  expect(me.value).toMatchObject({ username: 'reception' });
});

test('finds a patient, gives a token, and hears of it from the server', async () => {
  const { page } = desktop;
  await page.getByRole('combobox', { name: 'Find a patient' }).fill('fadel');
  await page.getByRole('listbox', { name: 'Patients found' }).getByRole('option', { name: /Fadel/ }).first().click();
  await page.getByRole('radiogroup', { name: 'Queue' }).getByRole('radio').first().click();
  await page.getByRole('button', { name: 'Give token' }).click();
  const token = page.getByTestId('issued-token');
  await expect(token).toHaveText(/[A-Z]+-?\d+/);
  await expect
    .poll(() => page.evaluate(() => JSON.stringify(window.medlaneHeard)))
    .toMatch(/"link",\{"state":"online".*visit\.changed/);
  const list = JSON.stringify((await call(page, 'visits.list', {}, {})).value);
  expect(list).toContain((await token.innerText()).trim());
});

test('a page that is loaded again is still signed in', async () => {
  const { page } = desktop;
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Find a patient' })).toBeVisible();
});

test('refuses calls that are no operation, or not well formed', async () => {
  const { page } = desktop;
  const refused = async (...given: unknown[]) => (await call(page, ...given)).error?.code;
  expect(await refused('constructor.prototype', {}, {})).toBe('not_found');
  expect(await refused('__proto__', {}, {})).toBe('not_found');
  expect(await refused(7, {}, {})).toBe('validation_failed');
  expect(await refused('patients.search', 'fadel', {})).toBe('validation_failed');
  expect(await refused('auth.me', {}, { commandId: 'two words' })).toBe('validation_failed');
  expect(await refused('auth.me', { extra: true }, {})).toBe('validation_failed');
  expect(await refused('users.list', {}, {})).toBe('forbidden');
});

test('refuses a window that is not the desktop’s own, though it shows the same page', async () => {
  const preload = path.join(import.meta.dirname, '../../out/preload/preload.cjs');
  const answer = await desktop.app.evaluate(async ({ BrowserWindow }, file) => {
    const window = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: true } });
    await window.loadURL('app://clinic/index.html');
    const answer = await window.webContents.executeJavaScript('medlane.call("auth.me", {}, {})');
    window.destroy();
    return answer as unknown;
  }, preload);
  expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
});

test('the page reaches no network, not even the clinic’s own server', async () => {
  const { page, server } = desktop;
  const attempt = (url: string) =>
    page.evaluate(
      (address) =>
        fetch(address, { mode: 'no-cors' }).then(
          () => 'came',
          () => 'refused',
        ),
      url,
    );
  expect(await attempt(`${server().url}/api/v1/health`)).toBe('refused');
  expect(await attempt('https://example.com/')).toBe('refused');
  const image = await page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const picture = new Image();
        picture.onload = () => resolve('came');
        picture.onerror = () => resolve('refused');
        picture.src = `${address}/icon.svg`;
      }),
    server().url,
  );
  expect(image).toBe('refused');
});

test('no window of the program reaches the network, whatever its page allows itself', async () => {
  const loaded = await desktop.app.evaluate(async ({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
    const answer = await window.loadURL(url).then(
      () => 'came',
      (error: Error) => error.message,
    );
    window.destroy();
    return answer;
  }, `${desktop.server().url}/`);
  expect(loaded).toContain('ERR_BLOCKED_BY_CLIENT');
});

test('opens no foreign window and goes nowhere else', async () => {
  const { app, page } = desktop;
  await app.evaluate(({ BrowserWindow, shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { medlaneOpened: opened });
    shell.openExternal = async (url) => void opened.push(`outside ${url}`);
    const [window] = BrowserWindow.getAllWindows();
    // Asked after the desktop's own listeners, which were there first.
    window?.webContents.on('will-navigate', (event, url) => opened.push(`${event.defaultPrevented} ${url}`));
  });
  const opened = () => app.evaluate(() => (globalThis as unknown as { medlaneOpened: string[] }).medlaneOpened);
  expect(await page.evaluate(() => window.open('https://example.com/?patient=1'))).toBeNull();
  await page.evaluate(() => window.location.assign('https://example.com/'));
  await expect.poll(opened).toEqual(['true https://example.com/']);
  await expect(page.getByRole('combobox', { name: 'Find a patient' })).toBeVisible();
  expect(app.windows()).toHaveLength(1);
});

test('closing the window keeps the clinic open', async () => {
  const { app, server } = desktop;
  const visible = await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.close();
    const hidden = window?.isVisible();
    window?.show();
    return [hidden, window?.isVisible()];
  });
  expect(visible).toEqual([false, true]);
  expect((await fetch(`${server().url}/api/v1/health`)).ok).toBe(true);
});

test('a server that dies is started again, and the desk goes on', async () => {
  const { page, server } = desktop;
  const { pid } = server();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
  await expect.poll(() => server().pid).not.toBe(pid);
  await expect.poll(async () => (await call(page, 'auth.me', {}, {})).ok).toBe(true);
});

test('signing out forgets who was there', async () => {
  const { page } = desktop;
  expect((await call(page, 'auth.logout', {}, {})).ok).toBe(true);
  expect((await call(page, 'auth.me', {}, {})).error?.code).toBe('unauthenticated');
  expect((await call(page, 'auth.refresh', {}, {})).error?.code).toBe('session_ended');
});

test('files come and go through the main process, and the page never sees where they are', async () => {
  const { app, folder, page } = desktop;
  const login = await call(page, 'auth.login', { identifier: 'admin', password: 'try-the-clinic' }, {});
  expect(login.ok).toBe(true);
  // Nobody answers the dialog here: as shipped, the stand-in's is cancelled.
  const choose = (filePath: string) =>
    app.evaluate(({ dialog }, chosen) => {
      Object.assign(dialog, { showSaveDialog: async () => ({ canceled: chosen === '', filePath: chosen }) });
    }, filePath);
  await choose('');
  const cancelled = await call(page, 'audit.export', { format: 'csv' }, {});
  expect(cancelled.value).toMatchObject({ media: expect.stringContaining('text/csv'), saved: null });
  await choose(path.join(folder, 'audit.csv'));
  const saved = await call(page, 'audit.export', { format: 'csv' }, {});
  expect(saved.value).toMatchObject({ saved: 'audit.csv' });
  expect(JSON.stringify(saved)).not.toContain(folder);
  expect(readFileSync(path.join(folder, 'audit.csv'), 'utf8')).toContain('auth.login');
  await choose(path.join(folder, 'no-such-folder', 'audit.csv'));
  expect((await call(page, 'audit.export', {}, {})).error?.code).toBe('unavailable');

  const uploaded = await page.evaluate(() => {
    const file = new TextEncoder().encode('First,Last,Sex\nAda,Lovelace,female\n');
    return (window as unknown as { medlane: Bridge }).medlane.call('imports.upload', { filename: 'p.csv', file }, {});
  });
  expect(uploaded.value).toMatchObject({ rows: 1, columns: ['First', 'Last', 'Sex'] });
});

test('quitting ends every process', async () => {
  const { app, server } = desktop;
  const pids = [app.process().pid as number, server().pid];
  await desktop.close();
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
});

test('a desktop that is killed leaves no server behind', async () => {
  const { app, server, close } = await launchDesktop();
  const { pid } = server();
  app.process().kill('SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
  await close();
});
