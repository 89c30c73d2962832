import { expect, type Page, test } from './support/test.ts';

test.use({ demo: false });

async function fillHost(page: Page, password: string, again = password) {
  await page.getByLabel('Name of the clinic').fill('Al-Shifa Clinic');
  await page.getByLabel('Your name').fill('Dr. Nadia Aslam');
  await page.getByLabel('Sign-in name').fill('nadia');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password again').fill(again);
  await page.getByRole('button', { name: 'Set up the clinic' }).click();
}

test('hosting a clinic: a good password, the recovery kit in hand, then the clinic', async ({ visitor }) => {
  const page = await visitor();
  await expect(page.getByRole('heading', { name: 'Welcome to Medlane' })).toBeVisible();
  await page.getByRole('button', { name: /^Host a clinic on this computer/ }).click();
  await expect(page.getByLabel('Name of the clinic')).toBeFocused();
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue(/.+/);

  await page.getByRole('button', { name: 'Set up the clinic' }).click();
  await expect(page.getByText('Please fill this in.')).toHaveCount(3);
  await fillHost(page, 'rain on tin roof 7', 'rain on tin roof 8');
  await expect(page.getByText('The two passwords are not the same.')).toBeVisible();
  await fillHost(page, 'short');
  const weak = page.getByText(/^Choose another password: /);
  await expect(weak).toBeVisible();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');

  await fillHost(page, 'rain on tin roof 7');
  const kit = page.getByTestId('recovery-kit');
  await expect(kit).toHaveText(/\S{4}/);
  const go = page.getByRole('button', { name: 'Go to the clinic' });
  await expect(go).toBeDisabled();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as a file' }).click();
  expect((await saving).suggestedFilename()).toBe('medlane-recovery-kit.txt');
  await page.getByLabel('I have printed it').check();
  await go.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Now' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Dr. Nadia Aslam' })).toBeVisible();

  await page.getByRole('button', { name: 'Dr. Nadia Aslam' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Al-Shifa Clinic' })).toBeVisible();
  await page.getByLabel('Sign-in name').fill('nadia');
  await page.getByLabel('Password', { exact: true }).fill('rain on tin roof 7');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Now' })).toBeVisible();
});

test('nobody goes on without the recovery kit: not by going back, and not by loading the page again', async ({
  visitor,
}) => {
  const page = await visitor();
  await page.getByRole('button', { name: /^Host a clinic/ }).click();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: /^Host a clinic/ }).click();
  await fillHost(page, 'rain on tin roof 7');
  await expect(page.getByTestId('recovery-kit')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Back' })).toHaveCount(0);
  // A second clinic cannot be made over the first, and the kit can be seen again by its administrator.
  await page.reload();
  await page.getByLabel('Sign-in name').fill('nadia');
  await page.getByLabel('Password', { exact: true }).fill('rain on tin roof 7');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Settings & backups' }).click();
  await page.getByRole('button', { name: 'Show recovery kit' }).click();
  await expect(page.getByRole('dialog').getByTestId('recovery-kit')).toHaveText(/\S{4}/);
});

test('joining asks for an address, and says when it is none', async ({ visitor }) => {
  const page = await visitor();
  await page.getByRole('button', { name: /^Join a clinic/ }).click();
  await expect(page.getByLabel('Address of the server')).toBeFocused();
  await page.getByRole('button', { name: 'Open the clinic' }).click();
  await expect(page.getByText('This is not an address.')).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome to Medlane' })).toBeVisible();
});

test('the demo clinic is one press away, with a day in progress', async ({ visitor }) => {
  const page = await visitor();
  await page.getByRole('button', { name: /^Try the demo clinic/ }).click();
  await page.getByRole('button', { name: 'Make the demo clinic' }).click();
  const accounts = page.getByRole('region', { name: 'Demo accounts' });
  await expect(accounts.getByRole('button')).toHaveCount(8, { timeout: 20_000 });
  await accounts.getByRole('button', { name: /^reception\b(?!2)/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Today' }).getByRole('row')).not.toHaveCount(1);
});
