import type { Page } from 'playwright';
import { type Camera, still } from './camera.ts';
import type { Clinic } from './clinic.ts';
import { HERO, NEWCOMER } from './stage.ts';

const search = (page: Page) => page.getByRole('combobox', { name: 'Find a patient' });

/** The front desk, from the search to the token, and what to do when something is wrong. */
export async function receptionPictures(camera: Camera, clinic: Clinic): Promise<void> {
  const page = await camera.open(clinic, 'reception');
  await page.getByRole('region', { name: 'Today' }).getByRole('row').nth(5).waitFor();
  await camera.shoot('reception', page);

  await search(page).pressSequentially('greg');
  await page.getByRole('option').filter({ hasText: NEWCOMER }).waitFor();
  await camera.shoot('reception-search', page.locator('section.panel').first());
  await page.getByRole('option').filter({ hasText: NEWCOMER }).click();
  await page.getByRole('radio', { name: 'General' }).waitFor();
  await page.keyboard.press('a');
  await camera.shoot('reception-token', page.getByRole('region', { name: `Token for ${NEWCOMER}` }));
  await page.keyboard.press('Enter');
  await page.getByTestId('issued-token').waitFor();
  await camera.shoot('reception-issued', page.getByRole('region', { name: 'The token' }));
  await page.keyboard.press('Enter');

  const called = page.getByRole('row').filter({ hasText: 'Called' }).first();
  await called.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menu').waitFor();
  await camera.shoot('reception-menu', page);
  await page.keyboard.press('Escape');

  await page.keyboard.press('Alt+n');
  await page.getByLabel('Name', { exact: true }).fill('Mariana Ruterford');
  await page.getByLabel('Age or birth date').fill('1978');
  await page.getByLabel('Phone', { exact: true }).fill('0300 5550142');
  await page.getByRole('radio', { name: 'Female' }).click();
  await page.getByText(HERO).first().waitFor();
  await page.getByText('alike').first().waitFor();
  await camera.shoot('reception-duplicate', page.locator('section.panel').first());
  await page.getByRole('button', { name: 'Back' }).click();

  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('A place, or a patient’s name').pressSequentially('wa');
  await page.locator('.mantine-Spotlight-action').nth(4).waitFor();
  await camera.shoot('search', page);
  await page.context().close();
}

/** A shared desk, on which a nurse and a doctor have signed in before the receptionist, and have PINs. */
export async function switchPicture(camera: Camera, clinic: Clinic): Promise<void> {
  const page = await camera.open(clinic);
  for (const who of ['nurse', 'doctor', 'reception']) {
    await (await clinic.as(who)).auth.setPin({ password: clinic.password, pin: '2580' });
    await page.request.post('/api/v1/auth/login', { data: { identifier: who, password: clinic.password } });
  }
  await page.reload();
  await page.getByRole('button', { name: 'Rosa Dizon' }).waitFor();
  await page.keyboard.press('Alt+l');
  await page.getByRole('dialog').getByText('Priya Nair').waitFor();
  await camera.shoot('switch', page.getByRole('dialog'));
  await page.context().close();
}

/** The last picture of a clinic: its server goes while a token is being given. Answers with the line that says so. */
export async function offlinePicture(camera: Camera, clinic: Clinic): Promise<Buffer> {
  const page = await camera.open(clinic, 'reception');
  await search(page).fill('Cythia');
  await page.getByRole('option').filter({ hasText: 'Reichel' }).first().click();
  await page.getByRole('radio', { name: 'General' }).waitFor();
  await page.keyboard.press('a');
  await clinic.stop();
  await page.keyboard.press('Enter');
  await page.getByText('1 change not saved yet').waitFor();
  await camera.shoot('offline', page, { busy: true });
  return still(page.locator('.link'), { busy: true });
}
