import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { comeBackByPin, menu } from './support/menu.ts';
import type { Api } from './support/server.ts';
import { expect, type Page, signIn, test } from './support/test.ts';

let post: PostOffice;
test.beforeAll(async () => {
  post = await openPostOffice();
});
test.afterAll(() => post.close());

const NEXT = 'another horse 43';
const code = (page: Page) => page.getByLabel('Code', { exact: true });
const useMail = async (clinic: { api: (username: string) => Promise<Api> }) =>
  (await clinic.api('admin')).mail.set(post.settings);
/** Gives somebody an address. */
async function address(clinic: { api: (username: string) => Promise<Api> }, username: string) {
  const admin = await clinic.api('admin');
  const found = (await admin.users.list({ q: username })).items.find((user) => user.username === username);
  const email = `${username}@example.com`;
  await admin.users.update({ id: found?.id ?? '', email });
  return email;
}

test('an administrator sets up the mail server, and is told in plain words what is wrong with it', async ({
  enter,
}) => {
  const page = await enter('admin', { at: '/admin/settings' });
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Mail', exact: true }) });
  await panel.getByLabel('Mail server').fill('127.0.0.1');
  await panel.getByLabel('Port').fill(String(post.port));
  await panel.getByLabel('Encryption').selectOption('none');
  await panel.getByLabel('Sender’s address').fill('desk@clinic.example');
  await panel.getByLabel('User name there').fill('clinic');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByText('Type the password again')).toBeVisible();
  await panel.getByLabel('User name there').fill('');
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByRole('button', { name: 'Send a test mail' }).click();
  const to = page.getByRole('dialog').getByLabel('To');
  await to.fill('nobody@example.com');
  await page.keyboard.press('Enter');
  await expect(page.getByText('the mail server refused the recipient’s address')).toBeVisible();
  await to.fill('rosa@example.com');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The mail server has taken it.')).toBeVisible();
  expect(post.to('rosa@example.com')?.raw).toContain('mail works');
});

test('a doctor verifies the address, chooses codes by mail, and signs in with one', async ({ enter, clinic }) => {
  await useMail(clinic);
  const email = await address(clinic, 'doctor2');
  const page = await enter('doctor2', { at: '/account' });
  const choice = page.getByRole('switch', { name: 'Codes by e-mail' });
  await expect(choice).toBeDisabled();
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('A code was sent to')).toBeVisible();
  await code(page).fill(post.to(email)?.code ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByText('verified', { exact: true })).toBeVisible();
  await choice.click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(choice).toBeChecked();
  await expect(page.getByText('You sign in with codes that are sent to your e-mail address.')).toBeVisible();

  await page.getByRole('button', { name: 'Dr. Ramon Cruz' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  const coming = post.next(email);
  await page.getByLabel('Sign-in name').fill('doctor2');
  await page.getByLabel('Password', { exact: true }).fill(clinic.password);
  await page.keyboard.press('Enter');
  const letter = await coming;
  await expect(page.getByText('A code was sent to')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send another one' })).toBeDisabled();
  await code(page).fill(letter.code);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();
});

test('whoever has only codes by mail says by one who they are, before the password is changed', async ({
  enter,
  clinic,
}) => {
  await useMail(clinic);
  const email = await address(clinic, 'pharmacist');
  const own = await clinic.api('pharmacist');
  await own.ownEmail.sendCode({});
  await own.ownEmail.verify({ code: post.to(email)?.code ?? '' });
  const page = await enter('pharmacist');
  await own.secondFactor.byMail({ on: true });
  await comeBackByPin(page, 'Imran Qureshi', clinic.password);
  await menu(page, 'Imran Qureshi', 'Change password');
  await page.getByLabel('Current password').fill(clinic.password);
  await page.getByLabel('New password').fill(NEXT);
  await page.getByLabel('Password again').fill(NEXT);
  const coming = post.next(email);
  await page.keyboard.press('Enter');
  const asked = page.getByRole('dialog', { name: 'Is it still you?' });
  await asked.getByLabel('Password', { exact: true }).fill(clinic.password);
  const letter = await coming;
  expect(letter.raw).toContain('where you are signed in');
  await asked.getByLabel('Code', { exact: true }).fill(letter.code);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await expect(asked).toHaveCount(0);
});

test('whoever forgot the password gets a code by mail and chooses a new one', async ({ visitor, clinic }) => {
  await useMail(clinic);
  const email = await address(clinic, 'nurse');
  const own = await clinic.api('nurse');
  await own.ownEmail.sendCode({});
  await own.ownEmail.verify({ code: post.to(email)?.code ?? '' });

  const page = await visitor();
  await page.getByRole('button', { name: 'Forgotten password?' }).click();
  await page.getByRole('button', { name: 'Send a code to my e-mail address' }).click();
  await expect(page.getByText('Please fill this in.')).toHaveCount(1);
  await page.getByLabel('Sign-in name').fill('nurse');
  const coming = post.next(email);
  await page.getByRole('button', { name: 'Send a code to my e-mail address' }).click();
  await expect(page.getByText('If there is such an account')).toBeVisible();
  await code(page).fill((await coming).code);
  await page.getByLabel('New password').fill(NEXT);
  await page.getByLabel('Password again').fill(NEXT);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await signIn(page, 'nurse', NEXT);
});
