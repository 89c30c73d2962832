import { expect, test } from '@playwright/test';
import { answerQuestions, call, type Desktop, isAlive, launchDesktop, signIn } from './launch.ts';

// What happens when a part of the program ends.
test.describe.configure({ mode: 'serial' });

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
});
test.afterAll(async () => {
  await desktop?.close();
});

const crash = () =>
  desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
/** Through the main process: a page that crashed may be lost to the driver. */
const inPage = (code: string) =>
  desktop.app.evaluate(
    ({ BrowserWindow }, text) =>
      Promise.race([
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(text),
        new Promise((resolve) => setTimeout(() => resolve(null), 500)),
      ]).catch(() => null) as Promise<unknown>,
    code,
  );

test('says that its server is starting again while it does, and goes on', async () => {
  const { page, server } = desktop;
  await signIn(page, 'reception');
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { medlaneSaid: said });
    const link = document.querySelector('[data-link]') as HTMLElement;
    new MutationObserver(() => said.push(link.innerText)).observe(link, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  const { pid } = server();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
  await expect.poll(() => server().pid).not.toBe(pid);
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  const said = await page.evaluate(() => (window as unknown as { medlaneSaid: string[] }).medlaneSaid);
  expect(said).toContain('The clinic’s server is starting again');
  expect((await call(page, 'auth.me', {}, {})).ok).toBe(true);
});

test('a fault of the main process is told in words, and the clinic goes on', async () => {
  const { app, page } = desktop;
  const asked = await answerQuestions(app, 'OK');
  await app.evaluate(
    () =>
      void setTimeout(() => {
        throw new Error('Fadel Haddad');
      }),
  );
  await expect.poll(async () => (await asked()).length).toBe(1);
  const [told] = await asked();
  expect(told).toMatchObject({
    message: 'Something went wrong inside Medlane.',
    buttons: ['Open the log folder', 'OK'],
  });
  expect(JSON.stringify(told)).not.toContain('Fadel');
  expect((await call(page, 'auth.me', {}, {})).ok).toBe(true);
});

test('a page that crashes is opened again, still signed in, and says what became of the work', async () => {
  const asked = await answerQuestions(desktop.app, 'OK');
  await crash();
  await expect
    .poll(async () => (await asked()).map(({ message }) => message))
    .toEqual(['This screen closed unexpectedly and was opened again.']);
  await expect.poll(() => inPage(`document.querySelector('[role=combobox]') !== null`)).toBe(true);
});

test('one that keeps crashing gives way to a plain page, which leads back', async () => {
  test.setTimeout(120_000);
  const title = () => inPage('document.querySelector("h1")?.innerText ?? ""');
  // The pauses grow to half a minute; here nobody waits for them.
  await desktop.app.evaluate(() => {
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = ((run: () => void, ms = 0) =>
      real(run, ms >= 1000 && ms <= 30_000 ? 50 : ms)) as typeof setTimeout;
  });
  for (let time = 0; time < 5; time += 1) {
    await expect.poll(() => inPage('document.readyState')).toBe('complete');
    await crash();
    await expect.poll(() => inPage('document.readyState')).toBe('complete');
  }
  await expect.poll(title).toBe('This screen keeps closing');
  await inPage('document.querySelector("a").click()');
  await expect.poll(() => inPage(`document.querySelector('[role=combobox]') !== null`)).toBe(true);
});
