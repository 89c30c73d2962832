import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { type Desktop, launchDesktop } from './launch.ts';

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
  // A printer of the test's own: what it is given to print, and how.
  await desktop.app.evaluate(({ app, BrowserWindow }) => {
    const printed: unknown[] = [];
    Object.assign(globalThis, { printed });
    const printers = async () => [{ name: 'roll', displayName: 'Slip printer' }];
    for (const { webContents } of BrowserWindow.getAllWindows())
      Object.assign(webContents, { getPrintersAsync: printers });
    app.on('web-contents-created', (_event, contents) => {
      Object.assign(contents, {
        print(options: object, done: (success: boolean, reason: string) => void) {
          printed.push({ ...options, url: contents.getURL() });
          done(true, '');
        },
      });
    });
  });
  const { page } = desktop;
  await page.getByLabel('Sign-in name').fill('reception');
  await page.getByLabel('Password').first().fill('try-the-clinic');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('combobox', { name: 'Find a patient' }).waitFor();
});
test.afterAll(async () => {
  await desktop?.close();
});

test('a slip is printed in silence, on a page of its own size, without asking where to save it', async () => {
  const { page, app } = desktop;
  await page.getByRole('combobox', { name: 'Find a patient' }).fill('fadel');
  await page.getByRole('listbox', { name: 'Patients found' }).getByRole('option', { name: /Fadel/ }).first().click();
  await page.getByRole('radiogroup', { name: 'Queue' }).getByRole('radio').first().click();
  await page.getByRole('button', { name: 'Give token' }).click();
  await page.getByRole('button', { name: /Print slip/ }).click();
  const printed = () => app.evaluate(() => (globalThis as unknown as { printed: unknown[] }).printed);
  await expect.poll(printed).toHaveLength(1);
  expect((await printed())[0]).toMatchObject({
    silent: true,
    margins: { marginType: 'none' },
    pageSize: { width: 80_000 },
    url: expect.stringMatching(/\/lent\/\d+\.pdf$/),
  });
  await expect(page.getByRole('status', { name: 'Printing' })).toBeEmpty();
});

test('a page gets the papers that it asks for', async () => {
  const { page } = desktop;
  const call = (name: string, input: object) =>
    page.evaluate(
      ([of, given]) =>
        (
          window as unknown as { medlane: { call: (...all: unknown[]) => Promise<{ ok: boolean; value?: unknown }> } }
        ).medlane.call(of, given, { inPage: true }),
      [name, input] as const,
    );
  const visits = (await call('visits.list', {})) as { value: { items: { id: string }[] } };
  const slip = (await call('paper.slip', { id: visits.value.items[0]?.id })) as {
    value: { bytes: Record<string, number> };
  };
  const text = spawnSync('pdftotext', ['-', '-'], {
    input: Buffer.from(Object.values(slip.value.bytes)),
  }).stdout.toString();
  expect(text).toContain('Preview');
});

test('a summary is shown in its window before it is printed', async () => {
  const { page } = desktop;
  await page
    .getByRole('button', { name: /Actions for/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Print summary' }).click();
  const frame = page.getByRole('dialog').locator('iframe');
  await expect(frame).toHaveAttribute('src', /^blob:/);
  await page.keyboard.press('Escape');
});

test('the desk chooses its printer for slips, and remembers it', async () => {
  const { page, app } = desktop;
  await page.getByRole('button', { name: 'Rosa Dizon' }).click();
  await page.getByRole('menuitem', { name: 'Printing on this computer' }).click();
  await page.getByRole('combobox', { name: 'Printer for slips' }).selectOption({ label: 'Slip printer' });
  await page.reload();
  await page
    .getByRole('button', { name: /Actions for/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Print slip' }).click();
  const last = () => app.evaluate(() => (globalThis as unknown as { printed: unknown[] }).printed.at(-1));
  await expect.poll(last).toMatchObject({ silent: true, deviceName: 'roll' });
});
