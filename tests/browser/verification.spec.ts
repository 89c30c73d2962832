import { pngOf } from '../support/documents.ts';
import { expect, type Page, test } from './support/test.ts';

const CARD = { name: 'card.png', mimeType: 'image/png', buffer: pngOf() };
const addFile = (page: Page, of: string) =>
  page.getByRole('listitem').filter({ hasText: of }).locator('input[type=file]').setInputFiles(CARD);

test('a nurse hands in what is asked for, is asked again, and is approved', async ({ enter }) => {
  const admin = await enter('admin', { at: '/admin/verification' });
  const nurse = await enter('nurse', { at: '/account' });
  await expect(nurse.getByRole('heading', { name: 'Where you are signed in' })).toBeVisible();
  await expect(nurse.getByRole('heading', { name: 'Identity documents' })).toHaveCount(0);
  await admin.getByRole('combobox', { name: 'Of staff' }).press('ArrowDown');
  await admin.getByRole('option', { name: 'Bank account (India)' }).click();
  await admin.keyboard.press('Escape');
  await admin.getByRole('button', { name: 'Save' }).click();

  await nurse.reload();
  await expect(nurse.getByText('0 of 1 are complete')).toBeVisible();
  await nurse.getByRole('button', { name: 'Enter the number: Bank account (India)' }).click();
  await nurse.getByLabel('Account number', { exact: true }).fill('00123456789');
  await nurse.getByLabel('Account number once more').fill('00123456780');
  await nurse.getByLabel('IFSC of the branch').fill('HDFC1001234');
  await nurse.keyboard.press('Enter');
  await expect(nurse.getByText('This is not the same as above.')).toBeVisible();
  await expect(nurse.getByText('This is not how such a number is written.')).toBeVisible();
  await nurse.getByLabel('Account number once more').fill('0012 3456 789');
  await nurse.getByLabel('IFSC of the branch').fill('hdfc0001234');
  await nurse.keyboard.press('Enter');
  await expect(nurse.getByText('•••• 6789')).toBeVisible();
  await addFile(nurse, 'Bank account');
  await expect(nurse.getByText('1 of 1 are complete')).toBeVisible();
  await nurse.getByRole('button', { name: 'Hand in' }).click();
  await expect(nurse.getByText('Handed in. An administrator looks at it.')).toBeVisible();
  await expect(nurse.getByRole('button', { name: /Change the number/ })).toHaveCount(0);

  const look = admin.getByRole('button', { name: /^Look / });
  await look.click();
  const dialog = admin.getByRole('dialog');
  await expect(dialog.getByText('•••• 6789')).toBeVisible();
  await dialog.getByRole('button', { name: 'Show the number: Bank account (India)' }).click();
  await expect(dialog.getByText('00123456789')).toBeVisible();
  await dialog.getByRole('button', { name: 'card.png' }).click();
  const picture = dialog.getByRole('img', { name: 'card.png' });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(240);
  await dialog.getByRole('button', { name: 'Ask again' }).click();
  await expect(dialog.getByText('Say why, or what is to be handed in again.')).toBeVisible();
  await dialog.getByLabel('Remarks').fill('The photo is dark.');
  await dialog.getByRole('button', { name: 'Ask again' }).click();
  await expect(dialog).toHaveCount(0);

  await expect(nurse.getByText('The photo is dark.')).toBeVisible();
  await nurse.getByRole('button', { name: 'Remove card.png' }).click();
  await expect(nurse.getByText('0 of 1 are complete')).toBeVisible();
  await addFile(nurse, 'Bank account');
  await nurse.getByRole('button', { name: 'Hand in' }).click();
  await expect(admin.getByText('handed in', { exact: true })).toBeVisible();
  await look.click();
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(nurse.getByText('approved', { exact: true })).toBeVisible();
});

test('the reception hands in a patient’s documents', async ({ enter, clinic }) => {
  const api = await clinic.api('admin');
  await api.settings.updateDocuments({ patientDocuments: ['address_proof'] });
  const { name } = await (await clinic.api('reception')).patients.register({ name: 'Zubaida Anwar' });
  const page = await enter('reception');
  await page.getByRole('combobox', { name: 'Find a patient' }).fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Identity documents' }).click();
  const dialog = page.getByRole('dialog', { name: `Documents of ${name}` });
  await addFile(page, 'Proof of address');
  await dialog.getByRole('button', { name: 'card.png', exact: true }).click();
  await expect(page.getByRole('img', { name: 'card.png' })).toBeVisible();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Hand in' }).click();
  await expect(dialog.getByText('handed in', { exact: true })).toBeVisible();
});

test('an administrator adds a pharmacy, hands in its licence, and sees that it is to be decided', async ({ enter }) => {
  const admin = await enter('admin', { at: '/admin/verification' });
  await admin.getByRole('combobox', { name: 'Of pharmacies' }).press('ArrowDown');
  await admin.getByRole('option', { name: 'PAN' }).click();
  await admin.keyboard.press('Escape');
  await admin.getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByText('Saved.')).toBeVisible();

  await admin.getByRole('link', { name: 'Pharmacies' }).click();
  const dialog = admin.getByRole('dialog');
  for (const [name, licence] of [
    ['Green Cross', 'DL-2026/17'],
    ['Blue Cross', 'dl 2026 17'],
  ] as const) {
    await admin.getByRole('button', { name: 'New pharmacy' }).click();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Licence number').fill(licence);
    await admin.keyboard.press('Enter');
  }
  await expect(dialog.getByText('This licence is already that of Green Cross.')).toBeVisible();
  await dialog.getByLabel('Licence number').fill('DL-2026/18');
  await admin.keyboard.press('Enter');
  const row = (name: string) => admin.getByRole('row').filter({ hasText: name });
  await expect(row('Blue Cross')).toContainText('in use');
  await admin.getByRole('button', { name: 'Stop using Blue Cross' }).click();
  await expect(row('Blue Cross')).toContainText('not used any more');

  await admin.getByRole('button', { name: 'Documents of Green Cross' }).click();
  await admin.getByRole('button', { name: /^Enter the number: PAN/ }).click();
  await admin.getByLabel('Number', { exact: true }).fill('AAPFU0939F');
  await admin.keyboard.press('Enter');
  await expect(dialog.getByText('•••• 939F')).toBeVisible();
  await addFile(admin, 'PAN');
  await dialog.getByRole('button', { name: 'Hand in' }).click();
  await admin.keyboard.press('Escape');
  await expect(row('Green Cross')).toContainText('to be decided');
});
