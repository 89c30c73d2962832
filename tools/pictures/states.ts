import type { Page } from 'playwright';
import { type Camera, still } from './camera.ts';
import type { Clinic } from './clinic.ts';

const today = (page: Page) =>
  page.locator('section.panel').filter({ has: page.getByRole('heading', { name: 'Today' }) });

/** Nothing there, on its way, not to be had, wrong in a form: each a picture of a part of the reception. */
export async function statePictures(camera: Camera, clinic: Clinic): Promise<[string, Buffer][]> {
  const viewport = { width: 700, height: 900 };
  const page = await camera.open(clinic, 'reception', { viewport });
  await page.getByLabel('State').selectOption('parked');
  await page.getByLabel('Queue').selectOption({ label: 'C · Pharmacy' });
  await page.getByText('Nobody here.').waitFor();
  const empty = await still(today(page));

  await page.keyboard.press('Alt+n');
  await page.getByLabel('Age or birth date').fill('last spring');
  await page.getByRole('button', { name: 'Save patient' }).click();
  await page.getByText('Please fill this in.').waitFor();
  const wrong = await still(page.locator('section.panel').filter({ hasText: 'New patient' }));
  await page.getByRole('button', { name: 'Back' }).click();

  await page.route('**/api/v1/visits?**', () => {});
  await page.reload();
  await page.getByLabel('Loading…').waitFor();
  const loading = await still(today(page), { busy: true });
  await page.unroute('**/api/v1/visits?**');
  await page.route('**/api/v1/visits?**', (route) => route.fulfill({ status: 500, body: '{}' }));
  await page.reload();
  await page.getByText('This could not be loaded.').waitFor();
  const failed = await still(today(page));
  await page.context().close();
  return [
    ['Empty: a word, not a blank', empty],
    ['Loading: only where something is missing', loading],
    ['Not to be had: what happens next', failed],
    ['Wrong: beside the field, what to type', wrong],
  ];
}
