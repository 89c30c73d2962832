import { givePrinter, nextPaper } from './support/printer.ts';
import { emptyClinic, expect, issuedToken, type Page, test } from './support/test.ts';

const search = (page: Page) => page.getByRole('combobox', { name: 'Find a patient' });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 2, name });

/** Presses keys one by one and counts them; a word is as many keys as it has letters. */
function keyboard(page: Page) {
  let count = 0;
  return {
    get count() {
      return count;
    },
    async press(...keys: string[]) {
      for (const key of keys) {
        count += 1;
        await page.keyboard.press(key);
      }
    },
    async type(text: string) {
      count += [...text].length;
      await page.keyboard.type(text);
    },
  };
}

test.describe('reception, by keys only', () => {
  test('a known patient has a printed token after at most twelve keystrokes', { tag: '@paper' }, async ({ enter }) => {
    const page = await enter('reception');
    const { printed } = await givePrinter(page);
    await expect(search(page)).toBeFocused();
    const keys = keyboard(page);
    await keys.type('an');
    await keys.press('Enter');
    // Without waiting for the results: what is pressed ahead of them counts when they are there.
    await keys.press('b', 'Enter');
    await expect(issuedToken(page)).toHaveText(/^B-\d+$/);
    await expect(page.getByRole('button', { name: 'Next patient' })).toBeFocused();
    const slip = await nextPaper(page, /\/slip\?/);
    await keys.press('p');
    await expect.poll(printed).toBe(1);
    expect(await slip.text).toContain(await issuedToken(page).innerText());
    await keys.press('Enter');
    await expect(search(page)).toBeFocused();
    await expect(search(page)).toHaveValue('');
    expect(keys.count).toBeLessThanOrEqual(12);
  });

  test('Enter pressed before the results came counts for the first of them', async ({ enter }) => {
    const page = await enter('reception');
    await page.keyboard.type('mar');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('radiogroup', { name: 'Queue' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(search(page)).toBeFocused();
  });

  test('a new patient is registered and queued without the mouse', async ({ enter }) => {
    const page = await enter('reception');
    await expect(search(page)).toBeFocused();
    const keys = keyboard(page);
    await keys.type('Qadira Bakht');
    await expect(page.getByText('Nobody found.')).toBeVisible();
    await keys.press('Enter');
    await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Qadira Bakht');
    await keys.press('Tab');
    await keys.type('34');
    await expect(page.getByText('about 34 years')).toBeVisible();
    await keys.press('Tab');
    await keys.type('03451234567');
    await keys.press('Tab', 'ArrowRight');
    await keys.press('Tab', 'Tab', 'Tab');
    await expect(page.getByRole('button', { name: 'Save patient' })).toBeFocused();
    await keys.press('Enter');
    await expect(heading(page, 'Qadira Bakht')).toBeVisible();
    await keys.press('c', 'Enter');
    await expect(issuedToken(page)).toHaveText(/^C-\d+$/);
    await keys.press('Escape');
    await expect(search(page)).toBeFocused();
  });

  test('a new patient is saved by Enter in any field, and Escape leads back', async ({ enter }) => {
    const page = await enter('reception');
    await page.keyboard.press('Alt+n');
    await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(search(page)).toBeFocused();
    await page.keyboard.press('Alt+n');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Please fill this in.')).toBeVisible();
    await page.keyboard.type('Wazira Yaldrim');
    await page.keyboard.press('Enter');
    await expect(heading(page, 'Wazira Yaldrim')).toBeVisible();
  });

  test('somebody unidentified has a token after two keys', async ({ enter }) => {
    const page = await enter('reception');
    await expect(search(page)).toBeFocused();
    const keys = keyboard(page);
    await keys.press('Control+u');
    await expect(heading(page, 'Unidentified patient')).toBeVisible();
    await expect(page.getByRole('radiogroup', { name: 'Queue' })).toContainText('General');
    await keys.press('a');
    await expect(issuedToken(page)).toHaveText(/^A-\d+$/);
    expect(keys.count).toBe(2);
  });

  test('a letter typed into a field is text, and never a command', async ({ enter }) => {
    const page = await enter('reception');
    await page.keyboard.type('a?/');
    await expect(search(page)).toHaveValue('a?/');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});

test('a doctor works through a visit by keys only', async ({ enter, clinic }) => {
  await emptyClinic(clinic);
  const reception = await clinic.api('reception');
  const [queue] = (await reception.queues.list()).items.filter(({ code }) => code === 'A');
  const patients = (await reception.patients.list({ q: 'le', limit: 2 })).items;
  const tokens: string[] = [];
  for (const { id } of patients)
    tokens.push((await reception.visits.issue({ patientId: id, queueId: queue?.id as string })).token);
  const staff = await clinic.api('doctor2');
  await staff.rooms.leave({ id: (await staff.auth.me()).workingInRoomId as string });
  const page = await enter('doctor2');
  const current = page.getByTestId('current-token');
  const chart = page.getByRole('region', { name: 'Current patient' });
  await expect(page.getByRole('combobox', { name: 'I work in room' })).toBeFocused();
  await page.keyboard.type('Room 2', { delay: 50 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Begin' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Room 2' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Call next' })).toBeEnabled();

  await page.keyboard.press('Space');
  await expect(current).toHaveText(tokens[0] as string);
  await page.keyboard.press('r');
  await expect(chart).toContainText('called 2 times');
  await page.keyboard.press('e');
  await expect(chart).toContainText('In the room');
  await page.keyboard.press('u');
  await expect(chart).toContainText('Called');
  await page.keyboard.press('e');
  await expect(chart).toContainText('In the room');

  // The next one is called while somebody is here: asked what becomes of them, with the likely answer under Enter.
  await page.keyboard.press('Space');
  const dialog = page.getByRole('dialog', { name: 'Room 2 is occupied' });
  await expect(dialog.getByRole('button', { name: 'Finished' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(current).toHaveText(tokens[1] as string);
  await page.keyboard.press('e');
  await expect(chart).toContainText('In the room');
  await page.keyboard.press('p');
  await expect(page.getByRole('dialog', { name: `Set ${tokens[1]} aside` })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The room is empty.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Set aside, or did not come' })).toContainText(tokens[1] as string);
});

test('? shows the keys of this screen, and Ctrl-K goes anywhere', async ({ enter }) => {
  const page = await enter('reception');
  await expect(search(page)).toBeFocused();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toContainText('Unidentified patient');
  await expect(help).toContainText('New patient');
  await expect(help).toContainText('Search');
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);

  await page.keyboard.press('Control+k');
  const spotlight = page.getByRole('dialog');
  await expect(spotlight.getByLabel('Search')).toBeFocused();
  await page.keyboard.type('Waiting room');
  await expect(spotlight.getByRole('button', { name: 'Board: Waiting room' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/board\//);
});

test('a patient found by Ctrl-K is ready to be given a token, however fast the keys come', async ({ enter }) => {
  const page = await enter('reception');
  await expect(search(page)).toBeFocused();
  const find = async (typed: string) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(typed);
  };
  // Nobody waits, neither until it is open nor for the answer: Enter is meant for what was typed, all of it.
  await find('milo fe');
  for (const key of ['Enter', 'a', 'Enter']) await page.keyboard.press(key);
  await expect(issuedToken(page)).toHaveText(/^A-\d+$/);
  await expect(page.getByRole('status').filter({ has: issuedToken(page) })).toContainText('Milo Feil');

  // Not only from the search: from the token that was given, and from another patient's.
  await find('milo fe');
  await page.keyboard.press('Enter');
  await expect(heading(page, /Milo Feil/)).toBeVisible();
  await find('mariana ru');
  await page.keyboard.press('Enter');
  await expect(heading(page, /Mariana Rutherford/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(search(page)).toBeFocused();

  // Whom the arrow keys marked is who is meant; and nobody is found by a name that nobody has.
  await find('mil');
  await expect(page.getByRole('dialog').getByRole('button', { name: /Milo Feil/ })).toBeVisible();
  const marked = page.getByRole('dialog').locator('[data-selected]');
  do await page.keyboard.press('ArrowDown');
  while (!/Milo Feil/.test((await marked.textContent()) ?? ''));
  await page.keyboard.press('Enter');
  await expect(heading(page, /Milo Feil/)).toBeVisible();
  await find('xqzw');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Nothing');
  await page.keyboard.press('Escape');
  await expect(heading(page, /Milo Feil/)).toBeVisible();
});

test('single keys can be switched off by whom they hinder', async ({ enter, clinic }) => {
  await emptyClinic(clinic);
  const page = await enter('reception2');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await page.getByLabel('Keys without Ctrl or Alt').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+u');
  await expect(heading(page, 'Unidentified patient')).toBeVisible();
  await page.keyboard.press('a');
  await page.getByRole('radio', { name: 'Normal' }).press('a');
  await expect(issuedToken(page)).toHaveCount(0);
  await expect(page.getByRole('radio', { name: 'General' })).toHaveAttribute('aria-checked', 'false');
});
