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
  const token = await page.getByTestId('issued-token').innerText();
  await camera.shoot('reception-issued', page.getByRole('region', { name: 'The token' }));
  await page.keyboard.press('Enter');

  await page.getByRole('button', { name: `Actions for ${token}` }).click();
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

  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await camera.shoot('keys', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search', { exact: true }).last().pressSequentially('ma');
  await page.locator('.mantine-Spotlight-action').nth(4).waitFor();
  await camera.shoot('search', page);
  await page.context().close();
}

/** A shared desk: three people have signed in here, and two of them have a PIN. */
export async function switchPicture(camera: Camera, clinic: Clinic): Promise<void> {
  const page = await camera.open(clinic);
  const enter = async (who: string, name: string) => {
    await page.getByRole('button', { name: new RegExp(`^${who}\\b(?!2)`) }).click();
    await page.getByRole('button', { name }).waitFor();
  };
  for (const [who, name] of [
    ['nurse', 'Priya Nair'],
    ['doctor', 'Dr. Sana Malik'],
  ] as const) {
    await enter(who, name);
    await page.getByRole('button', { name }).click();
    await page.getByRole('menuitem', { name: 'My PIN' }).click();
    const dialog = page.getByRole('dialog', { name: 'My PIN' });
    await dialog.getByLabel('Password', { exact: true }).fill(clinic.password);
    await dialog.getByLabel('New PIN').fill('2580');
    await dialog.getByLabel('PIN again').fill('2580');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
  }
  await enter('reception', 'Rosa Dizon');
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
