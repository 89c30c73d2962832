import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type Desktop, launchDesktop, signIn } from './launch.ts';

let desktop: Desktop;
test.beforeAll(async () => {
  desktop = await launchDesktop();
  await signIn(desktop.page, 'admin');
  await desktop.page.getByRole('link', { name: 'Audit' }).click();
});
test.afterAll(async () => {
  await desktop?.close();
});

/** The question where to save, which stays open until it is answered. */
async function askWhere(): Promise<(file: string) => Promise<void>> {
  await desktop.app.evaluate(({ dialog }) => {
    Object.assign(dialog, {
      showSaveDialog: () => new Promise((answer) => Object.assign(globalThis, { medlaneChoose: answer })),
    });
  });
  return async (file) => {
    const asked = () => desktop.app.evaluate(() => 'medlaneChoose' in globalThis);
    await expect.poll(asked).toBe(true);
    await desktop.app.evaluate((_electron, filePath) => {
      const held = globalThis as unknown as { medlaneChoose?: (answer: object) => void };
      held.medlaneChoose?.({ canceled: false, filePath });
      delete held.medlaneChoose;
    }, file);
  };
}

test('an export shows how far it is; stopped, it leaves no file and no part of one', async () => {
  const { page, folder } = desktop;
  const chosen = path.join(folder, 'stopped.csv');
  const choose = await askWhere();
  await page.getByRole('button', { name: 'Export CSV' }).click();
  await expect(page.getByRole('progressbar', { name: 'Export of the audit log' })).toBeVisible();
  await expect(page.getByText(/^[\d,]+ of [1-9][\d,]*$/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await choose(chosen);
  await expect(page.getByText('The export was stopped. No file was kept.')).toBeVisible();
  expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
});

test('the next one is written whole', async () => {
  const { page, folder } = desktop;
  const choose = await askWhere();
  await page.getByRole('button', { name: 'Export JSON' }).click();
  await choose(path.join(folder, 'whole.json'));
  await expect(page.getByText('The export is saved')).toBeVisible();
  expect(JSON.parse(readFileSync(path.join(folder, 'whole.json'), 'utf8'))).toMatchObject({
    count: expect.any(Number),
  });
});
