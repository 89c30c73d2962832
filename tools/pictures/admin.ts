import type { Camera } from './camera.ts';
import type { Clinic } from './clinic.ts';

const LIST = `Name,DOB,Sex,Phone
Anila Tariq,1990-01-01,F,0300 5550170
Joseph Mangubat,1957-11-30,M,0917 555 0171
Sunita Rao,last spring,F,0300 5550172
Hamid Raza,2019-04-12,M,
`;

/** What is happening, the import with a row that was not taken, the order of a queue, who changed what. */
export async function adminPictures(camera: Camera, clinic: Clinic): Promise<void> {
  const page = await camera.open(clinic, 'admin');
  const dialog = page.getByRole('dialog');
  const go = (tab: string) =>
    page.getByRole('navigation', { name: 'Administration pages' }).getByRole('link', { name: tab }).click();

  await go('Settings & backups');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByText('Opens and is whole').first().waitFor();

  await go('Now');
  await page.locator('.recharts-bar-rectangle').first().waitFor();
  await camera.shoot('admin', page);

  await go('Import');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'patients.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) });
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByRole('button', { name: 'Try it without saving' }).click();
  await page.getByRole('button', { name: 'Download the rows that were not taken' }).waitFor();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await camera.shoot('admin-import', page);

  await go('Queues & rooms');
  await page.getByRole('button', { name: 'Edit General' }).click();
  await dialog.getByRole('radio', { name: 'In turns' }).check();
  await camera.shoot('admin-queue', dialog);
  await page.keyboard.press('Escape');

  await go('Security');
  await page.getByRole('row').nth(1).waitFor();
  await camera.shoot('admin-security', page);

  await go('Audit');
  await page.getByLabel('What').fill('visits.cancel');
  const cancelled = page.getByRole('row').filter({ hasText: 'visits.cancel' }).first();
  await cancelled.getByRole('button', { name: /^Details/ }).click();
  await dialog.waitFor();
  await camera.shoot('admin-audit', dialog);
  await page.context().close();
}
