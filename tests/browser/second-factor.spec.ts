import { codeAt } from '../support/authenticator.ts';
import { comeBackByPin, menu, openAccount } from './support/menu.ts';
import { expect, type Page, signIn, test, typeSignIn } from './support/test.ts';

/** A telephone beside the computer: what it shows of the key on the page, and never the same code twice. */
async function telephone(page: Page) {
  const secret = (await page.locator('.app-key').innerText()).replaceAll(' ', '');
  let used = 0;
  return () => {
    // The server takes the code of the next half minute, too: a test need not wait for it.
    const at = Math.max(Date.now(), used + 30_000);
    used = at;
    return codeAt(secret, at);
  };
}
const code = (page: Page) => page.getByLabel('Code', { exact: true });
const password = (page: Page) => page.getByLabel('Password', { exact: true });

/** A security key at this computer, in the browser's own model of one (CDP, WebAuthn). */
async function plugInKey(page: Page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'usb', hasUserVerification: true, isUserVerified: true },
  });
  /** Whether somebody touches it when it is asked. */
  const shown = (enabled: boolean) =>
    browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  return { shown };
}

test('a doctor sets up an authenticator app, and signs in with it and without the telephone', async ({
  enter,
  clinic,
}) => {
  const page = await enter('doctor2');
  await page.getByRole('button', { name: 'Dr. Ramon Cruz' }).click();
  await page.getByRole('menuitem', { name: 'My account' }).click();
  await expect(page.getByText('You sign in with your password alone.')).toBeVisible();
  await page.getByRole('button', { name: 'Set up a second factor' }).click();
  const shown = await telephone(page);
  await expect(page.getByRole('img', { name: 'Picture of the key for an authenticator app' })).toBeVisible();
  await expect(code(page)).toBeFocused();
  await code(page).fill('000000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This code is not right, or it was used already.')).toBeVisible();
  await code(page).fill(shown());
  await page.keyboard.press('Enter');
  const codes = page.getByRole('dialog').getByRole('listitem');
  await expect(codes).toHaveCount(10);
  const [first = ''] = await codes.allInnerTexts();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText(/You sign in with a code since/)).toBeVisible();
  await expect(page.getByText('10 recovery codes are left')).toBeVisible();

  await page.getByRole('button', { name: 'Dr. Ramon Cruz' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await typeSignIn(page, 'doctor2', clinic.password);
  await expect(code(page)).toBeFocused();
  await expect(password(page)).toHaveCount(0);
  await code(page).fill(shown());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();

  await page.getByRole('button', { name: 'Dr. Ramon Cruz' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await typeSignIn(page, 'doctor2', clinic.password);
  await code(page).fill(first.toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page.getByText('9 recovery codes are left')).toBeVisible();
});

test('a pharmacist adds a security key, signs in by it, and shows it again before something that needs it', async ({
  enter,
  clinic,
}) => {
  const bare = await enter('pharmacist');
  await openAccount(bare, 'Imran Qureshi');
  const named = clinic.url.replace('127.0.0.1', 'localhost');
  await expect(bare.getByRole('link', { name: named })).toHaveAttribute('href', `${named}/#/account`);
  await expect(bare.getByRole('button', { name: 'Add a security key' })).toHaveCount(0);

  const page = await enter('pharmacist', { baseURL: named });
  const key = await plugInKey(page);
  await openAccount(page, 'Imran Qureshi');
  await page.getByRole('button', { name: 'Add a security key' }).click();
  await page.getByRole('dialog').getByLabel('Name of the key').fill('Blue key');
  await page.keyboard.press('Enter');
  const codes = page.getByRole('dialog').getByRole('listitem');
  await expect(codes).toHaveCount(10);
  const [first = ''] = await codes.allInnerTexts();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('You sign in with a security key.')).toBeVisible();
  await expect(page.getByText('Blue key · localhost')).toBeVisible();

  await menu(page, 'Imran Qureshi', 'Sign out');
  await typeSignIn(page, 'pharmacist', clinic.password);
  await key.shown(false);
  await page.getByRole('button', { name: 'Use a security key' }).click();
  await expect(page.getByRole('button', { name: 'Use a security key' })).toHaveAttribute('data-loading');
  await code(page).fill(first);
  await page.keyboard.press('Enter');
  await expect(page.getByText('9 recovery codes are left')).toBeVisible();

  await menu(page, 'Imran Qureshi', 'Sign out');
  await typeSignIn(page, 'pharmacist', clinic.password);
  await key.shown(true);
  await page.getByRole('button', { name: 'Use a security key' }).click();
  await expect(page.getByText(/Last used \D?\d/)).toBeVisible();

  await comeBackByPin(page, 'Imran Qureshi', clinic.password);
  await openAccount(page, 'Imran Qureshi');
  await page.getByRole('button', { name: 'Remove Blue key' }).click();
  const asked = page.getByRole('dialog', { name: 'Is it still you?' });
  await asked.getByRole('button', { name: 'Use a security key' }).click();
  await expect(asked.getByText('Please fill this in.')).toBeVisible();
  await password(page).fill(clinic.password);
  await asked.getByRole('button', { name: 'Use a security key' }).click();
  await expect(page.getByText('You sign in with your password alone.')).toBeVisible();
});

test('somebody whose role needs one sets it up while signing in, and is told about recovery codes', async ({
  enter,
  visitor,
  clinic,
}) => {
  const admin = await enter('admin', { at: '/admin/security' });
  const panel = admin.locator('section').filter({ has: admin.getByRole('heading', { name: 'Signing in' }) });
  await panel.getByRole('checkbox', { name: 'Nurse' }).check();
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByText('Saved.')).toBeVisible();

  const page = await visitor();
  await typeSignIn(page, 'nurse', clinic.password);
  await expect(page.getByText('Set up a second factor')).toBeVisible();
  const shown = await telephone(page);
  await code(page).fill(shown());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();
  await expect(page.getByText('You have no recovery codes')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove', exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'New recovery codes' }).click();
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(10);
  await page.getByRole('button', { name: 'I have kept them' }).click();

  await admin.goto('/#/admin/users');
  await admin.getByRole('button', { name: 'More for nurse' }).click();
  await admin.getByRole('menuitem', { name: 'Reset second factor' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Reset second factor' }).click();
  await expect(page.getByText('You have been signed out.')).toBeVisible();
  await (await clinic.api('admin')).settings.updateAccess({ secondFactorFor: [] });
  await signIn(page, 'nurse', clinic.password);
});

test('whoever took over by PIN says who they are before an account is changed, and then it is changed', async ({
  enter,
  clinic,
}) => {
  const page = await enter('admin');
  await comeBackByPin(page, 'Amna Farooq', clinic.password);
  await page.goto('/#/admin/users');

  await page.getByRole('button', { name: 'Edit pharmacist' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Imran Q.');
  await page.getByRole('button', { name: 'Save' }).click();
  const asked = page.getByRole('dialog', { name: 'Is it still you?' });
  await expect(asked).toBeVisible();
  await asked.getByRole('button', { name: 'Back' }).click();
  await expect(page.getByText('This was not done: it needs to know that it is still you.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Imran Q.');
  await page.getByRole('button', { name: 'Save' }).click();
  await asked.getByLabel('Password', { exact: true }).fill('not this one');
  await page.keyboard.press('Enter');
  await expect(asked.getByText('The name or the password is not right.')).toBeVisible();
  await asked.getByLabel('Password', { exact: true }).fill(clinic.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('cell', { name: 'Imran Q.' })).toBeVisible();
  await expect(asked).toHaveCount(0);
});

test('one sees where one is signed in, and ends what is not one’s own', async ({ enter }) => {
  const [here, there] = [await enter('reception2', { at: '/account' }), await enter('reception2')];
  const rows = here.getByRole('table', { name: 'Where you are signed in' }).getByRole('row');
  await here.reload();
  await expect(rows).toHaveCount(3);
  await expect(rows.filter({ hasText: 'here' })).toHaveCount(1);
  await here.getByRole('button', { name: 'End all others' }).click();
  await expect(here.getByText('1 sign-in has ended.')).toBeVisible();
  await expect(there.getByText('You have been signed out.')).toBeVisible();
  await expect(rows).toHaveCount(2);
});
