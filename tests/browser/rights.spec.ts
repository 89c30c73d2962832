import { expect, signIn, test, typeSignIn } from './support/test.ts';

test('a nurse gets the audit log to look at, for a time, and loses it again', async ({ enter, clinic }) => {
  const admin = await enter('admin', { at: '/admin/users' });
  const nurse = await enter('nurse');
  await expect(nurse.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  await admin.getByRole('button', { name: 'More for nurse' }).click();
  await admin.getByRole('menuitem', { name: 'What they may do' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Part').selectOption('audit');
  await dialog.getByLabel('Until').fill('2099-12-31');
  await dialog.getByRole('button', { name: 'Give' }).click();
  const row = dialog.getByRole('row', { name: /Audit log/ });
  await expect(row).toContainText('Given until');

  await nurse.getByRole('link', { name: 'Administration' }).click();
  await expect(nurse.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
  await expect(nurse.getByRole('navigation', { name: 'Administration pages' }).getByRole('link')).toHaveCount(1);
  await expect(nurse.getByRole('button', { name: 'Verify the log' })).toHaveCount(0);

  await row.getByRole('button', { name: /Take back/ }).click();
  await expect(row).toContainText('Nothing');
  await expect(nurse.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  const refused = await (await clinic.api('nurse')).audit.list().catch((error: { code: string }) => error.code);
  expect(refused).toBe('forbidden');
});

test('somebody who is blocked reads why and until when, and is let in again', async ({ enter, visitor, clinic }) => {
  const admin = await enter('admin', { at: '/admin/users' });
  await admin.getByRole('button', { name: 'More for doctor2' }).click();
  await admin.getByRole('menuitem', { name: 'Block' }).click();
  await admin.getByRole('dialog').getByLabel('Reason').fill('Keys were left at the desk');
  await admin.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await expect(admin.getByRole('row', { name: /doctor2/ })).toContainText('Blocked');

  const page = await visitor();
  await typeSignIn(page, 'doctor2', clinic.password);
  await expect(page.getByText(/blocked until .*: Keys were left at the desk/)).toBeVisible();
  await admin.getByRole('button', { name: 'More for doctor2' }).click();
  await admin.getByRole('menuitem', { name: 'Let in again' }).click();
  await expect(admin.getByRole('row', { name: /doctor2/ })).toContainText('Active');
  await signIn(page, 'doctor2', clinic.password);
  await expect(page.getByRole('button', { name: 'Dr. Ramon Cruz' })).toBeVisible();
});

test('a new colleague chooses a password that nobody else knows, before anything else', async ({ enter, visitor }) => {
  const admin = await enter('admin', { at: '/admin/users' });
  await admin.getByRole('button', { name: 'New user' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Leena Das');
  await dialog.getByLabel('Sign-in name').fill('leena');
  await dialog.getByLabel('Password', { exact: true }).fill('written on a note 1');
  await dialog.getByLabel('Nurse').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByRole('row', { name: /leena/ })).toBeVisible();

  const page = await visitor();
  await typeSignIn(page, 'leena', 'written on a note 1');
  await page.getByLabel('New password', { exact: true }).fill('mango lassi at noon');
  await page.getByLabel('Password again').fill('mango lassi at noon');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Leena Das' })).toBeVisible();
});

test('a second branch is a clinic of its own, and whoever is above both goes from one to the other', async ({
  enter,
}) => {
  const page = await enter('admin', { at: '/admin/branches' });
  await page.getByRole('button', { name: 'New branch' }).click();
  await page.getByRole('dialog').getByLabel('Code').fill('riv');
  await page.getByRole('dialog').getByLabel('Name').fill('By the river');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Work there By the river' }).click();
  await expect(page.getByRole('row', { name: /RIV/ })).toContainText('You are here');
  await page.getByRole('link', { name: 'Users' }).click();
  await expect(page.getByText('Nothing found.')).toBeVisible();
  await page.getByRole('link', { name: 'Branches' }).click();
  await page.getByRole('button', { name: /^Work there Green Valley/ }).click();
  await expect(page.getByRole('row', { name: /MAIN/ })).toContainText('You are here');
});

test('a new colleague asks for an account, and gets in once an administrator has said so', async ({
  enter,
  visitor,
}) => {
  const admin = await enter('admin', { at: '/admin/security' });
  await admin.getByLabel('People may ask for an account').check();
  await admin.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByText('Saved.')).toBeVisible();

  const page = await visitor();
  await page.getByRole('button', { name: 'Ask for an account' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Bina Shah');
  await page.getByLabel('Sign-in name').fill('bina');
  await page.getByLabel('Password', { exact: true }).fill('seven quiet rivers');
  await page.getByLabel('Password again').fill('seven quiet rivers');
  await page.getByLabel('Receptionist').check();
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('An administrator will look at it.');

  await admin.goto('/#/admin/users');
  await admin.getByRole('button', { name: 'Approve bina' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(admin.getByRole('row', { name: /bina/ })).toContainText('Active');
  await signIn(page, 'bina', 'seven quiet rivers');
  await expect(page.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
});
