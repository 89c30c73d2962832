import { v7 as uuidv7 } from 'uuid';
import { commandIdFrom } from '../../domain/numbered.ts';
import { type FarDesk, farDesk, fillSheet } from './support/desk.ts';
import { expect, type Page, test } from './support/test.ts';

// What desks did without the server and did not fit: people read it, decide, and say how.

let desk: FarDesk | null = null;
test.afterEach(async () => {
  await desk?.close();
  desk = null;
});
const place = (page: Page) => page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'To settle' });
const line = (page: Page, kind: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { level: 3, name: kind }) });

test('a receptionist reads what happened, opens the patient, settles it with a word; the list is fresh', async ({
  enter,
  clinic,
}) => {
  const page = await enter('reception');
  await expect(place(page)).toHaveCount(0);
  desk = await farDesk(clinic, 'Left window');
  const { first, second, known, twin } = await fillSheet(clinic, desk, { number: 3, name: 'Zubaida Qalandari' });
  await expect(place(page)).toHaveText('To settle3');
  await place(page).click();

  const two = line(page, 'Two tokens for one patient');
  await expect(two).toContainText(second.token);
  await expect(two).toContainText(first.token);
  await expect(two).toContainText('Rosa Dizon');
  await expect(two).toContainText('Left window');
  await expect(two).toContainText('Does the patient need both? If not, cancel one of the two.');
  const twice = line(page, 'Registered twice?');
  await expect(twice).toContainText(known.registrationNumber);
  await expect(twice).toContainText(twin.registrationNumber);
  const moved = line(page, 'The visit had moved on');
  await expect(moved).toContainText('“Called” was done at');
  await expect(moved).toContainText('the visit is now “Cancelled” (after “Cancelled”)');
  await expect(moved).toContainText('Dr. Sana Malik');

  await two.getByRole('button', { name: 'Say how it was settled' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('What was decided')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Please fill this in.')).toBeVisible();
  await dialog.getByLabel('What was decided').fill(`${first.token} was cancelled.`);
  await dialog.getByRole('button', { name: 'It is settled' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(two).toHaveCount(0);
  await expect(place(page)).toHaveText('To settle2');

  await page.getByRole('switch', { name: 'Show what is settled' }).click();
  await expect(two).toContainText(/Settled by .?Rosa Dizon/);
  await expect(two).toContainText(`${first.token} was cancelled.`);
  await page.getByRole('switch', { name: 'Show what is settled' }).click();

  // Somebody else settles the rest elsewhere: it goes from this screen, and the place with it.
  const doctor = await clinic.api('doctor');
  const [other] = (await doctor.sheet.list({})).items.filter(({ kind }) => kind === 'moved_on');
  await doctor.sheet.settle({ id: other?.id as string, note: 'She is here.' });
  await expect(moved).toHaveCount(0);
  await twice.getByRole('link', { name: 'Zubaida Qalandari' }).first().click();
  await expect(page.getByRole('heading', { level: 2, name: 'Zubaida Qalandari' })).toBeVisible();
  const [last] = (await doctor.sheet.list({})).items;
  await doctor.sheet.settle({ id: last?.id as string, note: 'One person; merged.' });
  await expect(place(page)).toHaveCount(0);
});

test('an administrator is told under “Now”, and finds the place also when nothing waits', async ({ enter, clinic }) => {
  const page = await enter('admin');
  await expect(place(page)).toBeVisible();
  await place(page).click();
  await expect(page.getByText('Nothing waits for a decision.')).toBeVisible();
  desk = await farDesk(clinic, 'Right window');
  await fillSheet(clinic, desk, { number: 4, name: 'Mahira Baloch' });
  await page.getByRole('link', { name: 'Administration' }).click();
  await expect(page.getByText('3 things that were done without the server wait for a decision.')).toBeVisible();
  await page.getByRole('link', { name: 'Look at the sheet' }).click();
  await line(page, 'Registered twice?').getByRole('link', { name: 'Mahira Baloch' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('Edit');
});

test('people are told that a desk lost what it had not handed over, and what to do', async ({ enter, clinic }) => {
  desk = await farDesk(clinic, 'Old computer');
  await (await desk.as('reception', 60_000)).sheet.report({
    commandId: commandIdFrom(uuidv7()),
    operation: 'desk.lost',
    refusal: 'work_lost',
    facts: { file: 'outbox.db.damaged-1795028456721' },
    visitId: null,
    patientId: null,
  });
  const page = await enter('reception');
  await place(page).click();
  const lost = line(page, 'A desk lost what it had not handed over');
  await expect(lost).toContainText(/Old computer \(R\d+\).* found at .* that its memory was damaged/);
  await expect(lost).toContainText('outbox.db.damaged-1795028456721');
  await expect(lost).toContainText('enter again what is missing');
  await lost.getByRole('button', { name: 'Say how it was settled' }).click();
  await page.getByRole('dialog').getByLabel('What was decided').fill('Two tokens were entered again.');
  await page.getByRole('button', { name: 'It is settled' }).click();
  await expect(lost).toHaveCount(0);
});
