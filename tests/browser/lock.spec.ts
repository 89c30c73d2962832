import { lookAt } from './support/look.ts';
import { expect, type Page, signIn, test } from './support/test.ts';

const hidden = (page: Page) => page.getByRole('heading', { level: 1, name: 'Screen hidden' });
const password = (page: Page) => page.getByLabel('Password', { exact: true });

async function setPin(page: Page, name: string, word: string, pin: string) {
  await page.getByRole('button', { name }).click();
  await page.getByRole('menuitem', { name: 'My PIN' }).click();
  const dialog = page.getByRole('dialog', { name: 'My PIN' });
  await dialog.getByLabel('Password', { exact: true }).fill(word);
  await dialog.getByLabel('New PIN').fill(pin);
  await dialog.getByLabel('PIN again').fill(pin);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
}

test('a hidden screen shows, says and does nothing of what lies beneath, also after a reload; what was typed is there afterwards', async ({
  enter,
  clinic,
}) => {
  const page = await enter('reception');
  await page.keyboard.press('Alt+n');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Kamila Underlock');
  await page.keyboard.press('Alt+h');
  await expect(hidden(page)).toBeVisible();
  await expect(password(page)).toBeFocused();
  await expect(page.getByRole('table')).toHaveCount(0);
  await expect(page.getByRole('textbox')).toHaveCount(1);
  await expect(page.locator('body')).not.toContainText('Kamila', { useInnerText: true });
  // Keys of the screen beneath: a new patient, the search, the next step.
  for (const key of ['Alt+n', 'Control+k', 'Escape', '?']) await page.keyboard.press(key);
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await password(page).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByText('That password is not right.')).toBeVisible();
  await password(page).fill(clinic.password);
  await page.keyboard.press('Enter');
  await expect(hidden(page)).toHaveCount(0);
  await expect(name).toHaveValue('Kamila Underlock');
  await expect(name).toBeFocused();

  await page.keyboard.press('Alt+h');
  await page.reload();
  await expect(hidden(page)).toBeVisible();
  await expect(page.locator('body')).not.toContainText('Today', { useInnerText: true });
});

test('a dialog that was open is there again, as it was', async ({ enter, clinic }) => {
  const page = await enter('admin', { at: '/admin/queues' });
  await page.getByRole('button', { name: 'New queue' }).click();
  const dialog = page.getByRole('dialog', { name: 'New queue' });
  await dialog.getByLabel('Name', { exact: true }).fill('Half a queue');
  const other = await page.context().newPage();
  await other.goto('/#/admin/boards');
  await other.getByRole('button', { name: 'New board' }).waitFor();
  await other.keyboard.press('Alt+h');
  // One lock for all tabs of this browser.
  await expect(hidden(page)).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await page.bringToFront();
  await page.keyboard.press('Escape');
  await password(page).fill(clinic.password);
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Half a queue');
  await expect(hidden(other)).toHaveCount(0);
});

test('nobody there for as long as the clinic says: the screen hides itself, and a PIN shows it again; a board stays', async ({
  visitor,
  clinic,
}) => {
  const admin = await clinic.api('admin');
  await admin.settings.update({ idleLockMinutes: 7 });
  const page = await visitor({ at: null });
  await page.clock.install();
  await page.goto('/');
  await signIn(page, 'doctor2', clinic.password);
  await setPin(page, 'Dr. Ramon Cruz', clinic.password, '2580');
  await page.clock.fastForward('06:30');
  await page.keyboard.press('Shift');
  await page.clock.fastForward('06:30');
  await expect(hidden(page)).toHaveCount(0);
  await page.clock.fastForward('01:00');
  await expect(hidden(page)).toBeVisible();
  await page.getByLabel('Your PIN').fill('0000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('That PIN is not right.')).toBeVisible();
  await page.getByLabel('Your PIN').fill('2580');
  await page.keyboard.press('Enter');
  await expect(hidden(page)).toHaveCount(0);

  const { items } = await admin.boards.list();
  await page.goto(`/#/board/${items[0]?.id}`);
  await expect(page.locator('.board h1')).toBeVisible();
  await page.clock.fastForward('20:00');
  await expect(page.locator('.board h1')).toBeVisible();
});

test('somebody else signs in at a hidden screen, and sees nothing of who was there', async ({ enter, clinic }) => {
  const page = await enter('reception');
  await page.keyboard.press('Alt+h');
  await page.getByRole('button', { name: 'Somebody else signs in' }).click();
  await page.getByRole('button', { name: 'Sign in with a password' }).click();
  await signIn(page, 'nurse', clinic.password);
  await expect(hidden(page)).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Places' }).getByRole('link')).toHaveText(['Consulting room']);
});

for (const language of ['en', 'ur'] as const) {
  test(`is accessible, in ${language}`, async ({ visitor, clinic }) => {
    const page = await visitor({ reducedMotion: 'reduce' });
    const { look } = lookAt(page, language);
    await signIn(page, 'reception', clinic.password);
    await page.getByLabel('Language').selectOption(language);
    await page.keyboard.press('Alt+h');
    await expect(page.locator('.lock')).toBeVisible();
    await look('lock');
  });
}
