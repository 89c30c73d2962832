import { givePrinter, nextPaper } from './support/printer.ts';
import { expect, type Page, test } from './support/test.ts';

async function findPatient(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Find a patient' }).fill(name.toLowerCase());
  const found = page.getByRole('listbox', { name: 'Patients found' });
  await found
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .click();
}

/** Gives a token to somebody of the demonstration. */
async function giveToken(page: Page, name: string): Promise<string> {
  await findPatient(page, name);
  await page.getByRole('radiogroup', { name: 'Queue' }).getByRole('radio').first().click();
  await page.getByRole('button', { name: 'Give token' }).click();
  return (await page.getByTestId('issued-token').innerText()).trim();
}

test('a slip is printed under P, another one as a copy, and the desk waits for neither', { tag: '@paper' }, async ({
  enter,
}) => {
  const page = await enter('reception');
  const printer = await givePrinter(page);
  const token = await giveToken(page, 'Fadel');
  const first = await nextPaper(page, /\/slip\?/);
  await page.keyboard.press('p');
  const original = await first.text;
  expect(original).toContain(token);
  expect(original).not.toMatch(/Copy|Fadel/);
  await expect.poll(printer.printed).toBe(1);
  const second = await nextPaper(page, /\/slip\?/);
  await page.keyboard.press('p');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Find a patient' })).toBeFocused();
  expect(await second.text).toContain('Copy 2');
  await expect.poll(printer.printed).toBe(2);
});

test('a printer that is off holds nobody up: a note says so, and the same slip is printed again', {
  tag: '@paper',
}, async ({ enter }) => {
  const page = await enter('reception');
  const printer = await givePrinter(page);
  const token = await giveToken(page, 'Jakubowski');
  await printer.off(true);
  await page.keyboard.press('p');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Find a patient' })).toBeFocused();
  const notes = page.getByRole('status', { name: 'Printing' });
  await expect(notes).toContainText(`Slip ${token} was not printed.`, { timeout: 15_000 });
  await printer.off(false);
  const again = await nextPaper(page, /\/slip\?/);
  await notes.getByRole('button', { name: 'Print again' }).click();
  expect(await again.text).not.toContain('Copy');
  await expect.poll(printer.printed).toBe(1);
  await expect(notes).toBeEmpty();
});

test('a desk may print each slip by itself, and remembers it', { tag: '@paper' }, async ({ enter }) => {
  const page = await enter('reception');
  await page.getByRole('button', { name: 'Rosa Dizon' }).click();
  await page.getByRole('menuitem', { name: 'Printing on this computer' }).click();
  await page.getByRole('switch', { name: 'Print the slip as soon as a token is given' }).press('Space');
  await page.keyboard.press('Escape');
  const printer = await givePrinter(page);
  await giveToken(page, 'Dickinson');
  await expect.poll(printer.printed).toBe(1);
});

test('a slip is printed again, and a summary shown, from today’s list', { tag: '@paper' }, async ({ enter }) => {
  const page = await enter('reception');
  const printer = await givePrinter(page);
  await page
    .getByRole('button', { name: /Actions for/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Print slip' }).click();
  await expect.poll(printer.printed).toBe(1);
  await page
    .getByRole('button', { name: /Actions for/ })
    .first()
    .click();
  const shown = await nextPaper(page, /\/summary\?/);
  await page.getByRole('menuitem', { name: 'Print summary' }).click();
  expect(await shown.text).toContain('Visit summary');
  const hindi = await nextPaper(page, /\/summary\?.*language=hi/);
  await page.getByRole('dialog').getByRole('combobox', { name: 'Language' }).selectOption('hi');
  expect(await hindi.text).toContain('मुलाक़ात का सारांश');
  await expect(page.getByRole('dialog').locator('iframe')).toBeVisible();
  await page.getByRole('button', { name: 'Print', exact: true }).click();
  await expect.poll(printer.printed).toBe(2);
});

test('a card is a preview until it is printed, and counted then', { tag: '@paper' }, async ({ enter }) => {
  const page = await enter('reception');
  const printer = await givePrinter(page);
  await findPatient(page, 'Ruecker');
  const preview = await nextPaper(page, /\/card\?/);
  await page.getByRole('button', { name: 'Print card' }).click();
  expect(await preview.text).toContain('Preview');
  // Looked at only: the patient is still chosen.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: 'Print card' }).click();
  const card = await nextPaper(page, /\/card\?.*copy=1/);
  await page.getByRole('button', { name: 'Print', exact: true }).click();
  expect(await card.text).not.toContain('Preview');
  await expect.poll(printer.printed).toBe(1);
});

test('the letterhead of the settings stands on the report of any day', async ({ enter }) => {
  const page = await enter('admin', { at: '/admin/settings' });
  await page.getByLabel('Address', { exact: true }).fill('12 Garden Road, Karachi');
  await page.getByLabel('Last line of every sheet').fill('Closed on Sundays');
  await page.locator('input[type=file]').first().setInputFiles('docs/pictures/board.png');
  await expect(page.getByRole('img', { name: 'Logo' })).toBeVisible();
  await page.locator('form').filter({ hasText: 'Last line' }).getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('link', { name: 'Now' }).click();
  await page.getByRole('button', { name: 'Day report' }).click();
  await page.getByLabel('Day', { exact: true }).fill('2026-01-05');
  const report = await nextPaper(page, /\/reports\/day\?.*day=2026-01-05/);
  await page.getByRole('button', { name: 'Show report' }).click();
  const text = await report.text;
  for (const told of ['12 Garden Road', 'Closed on Sundays', 'Nobody came on this day']) expect(text).toContain(told);
});
