import { readFileSync } from 'node:fs';
import { emptyClinic, expect, issuedToken, type Page, test } from './support/test.ts';

const search = (page: Page) => page.getByRole('combobox', { name: 'Find a patient' });
const queueChoice = (page: Page, name: string) =>
  page.getByRole('radiogroup', { name: 'Queue' }).getByRole('radio', { name });

async function pickFirst(page: Page, typed: string): Promise<string> {
  await search(page).pressSequentially(typed);
  const first = page.getByRole('listbox', { name: 'Patients found' }).getByRole('option').first();
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('status').filter({ hasText: /patients? found/ })).toHaveCount(1);
  const name = await first.locator('.option-name').innerText();
  await search(page).press('Enter');
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
  return name;
}

test('reception finds a patient by two letters, and the same patient keeps the same token', async ({ enter }) => {
  const page = await enter('reception');
  const name = await pickFirst(page, 'mo');
  await page.keyboard.press('a');
  await expect(queueChoice(page, 'General')).toHaveAttribute('aria-checked', 'true');
  await page.keyboard.press('Enter');
  await expect(issuedToken(page)).toHaveText(/^A-\d+$/);
  const token = await issuedToken(page).innerText();
  await expect(page.getByRole('region', { name: 'Today' }).getByRole('row').filter({ hasText: token })).toContainText(
    name,
  );

  await page.keyboard.press('Enter');
  await expect(search(page)).toBeFocused();
  await search(page).pressSequentially(name);
  const again = page.getByRole('option').filter({ hasText: token });
  await expect(again).toContainText(name);
  await again.click();
  await page.keyboard.press('a');
  await page.keyboard.press('Enter');
  const exists = page.getByRole('alert', { name: 'Already has a token in this queue today' });
  await expect(exists).toContainText(token);
  await expect(exists.getByRole('button', { name: 'Give another anyway' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Give token' })).toHaveCount(0);
});

test('whoever may already be registered is shown before a second record is made', async ({ enter, clinic }) => {
  const reception = await clinic.api('reception');
  const known = await reception.patients.register({
    name: 'Zubaida Chaudhry',
    birthDate: '1984-03-12',
    sex: 'female',
    phone: '0300 5551234',
  });
  const page = await enter('reception');
  await search(page).pressSequentially('Zubaida Chaudhri');
  await page.getByRole('option', { name: 'New patient “Zubaida Chaudhri”' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Zubaida Chaudhri');
  await page.getByLabel('Age or birth date').fill('12.3.1984');
  await page.getByLabel('Phone', { exact: true }).fill('03005551234');
  await page.getByRole('radio', { name: 'Female' }).click();
  const warning = page.getByRole('alert');
  await expect(warning).toContainText('Zubaida Chaudhry');

  await page.getByRole('button', { name: 'Save patient' }).click();
  await expect(warning).toContainText('This is very likely someone who is already registered');
  await expect(page.getByRole('button', { name: 'Save as another person' })).toBeVisible();
  await warning.getByRole('button', { name: 'Same person' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Zubaida Chaudhry' })).toBeVisible();
  await expect(page.getByText(known.registrationNumber)).toBeVisible();
  const found = await reception.patients.list({ q: 'Zubaida' });
  expect(found.items.map(({ id }) => id)).toEqual([known.id]);
});

test('a token goes from the desk to the doctor, over the board, to the end', async ({ enter, clinic }) => {
  await emptyClinic(clinic);
  const [patient] = (await (await clinic.api('reception')).patients.list({ q: 'ro' })).items;
  const name = patient?.name as string;
  const desk = await enter('reception');
  const board = await enter('board');
  await expect(board).toHaveURL(/#\/board\//);
  await expect(board.getByText('Nobody is being called right now.')).toBeVisible();
  const doctor = await enter('doctor');
  await expect(doctor.getByRole('heading', { level: 1, name: 'Room 1' })).toBeVisible();
  await expect(doctor.getByRole('button', { name: 'Nobody is waiting' })).toBeDisabled();

  await search(desk).pressSequentially(name);
  await desk
    .getByRole('option')
    .filter({ hasText: patient?.registrationNumber as string })
    .click();
  await desk.keyboard.press('a');
  await desk.keyboard.press('Enter');
  await expect(issuedToken(desk)).toHaveText(/^A-\d+$/);
  const token = await issuedToken(desk).innerText();
  await expect(doctor.getByRole('region', { name: 'Waiting' }).getByText(token)).toBeVisible();
  await expect(board.locator('.board-queue').filter({ hasText: 'General' })).toContainText(token);

  await doctor.keyboard.press('Space');
  const chart = doctor.getByRole('region', { name: 'Current patient' });
  await expect(chart.getByTestId('current-token')).toHaveText(token);
  await expect(chart.getByRole('heading', { level: 2, name })).toBeVisible();
  await expect(chart).toContainText('Called');
  await expect(chart).toContainText('Last visits');
  const call = board.locator('.board-call').filter({ hasText: token });
  await expect(call).toHaveAttribute('data-state', 'called');
  await expect(call).toHaveAttribute('data-announced', 'true');
  await expect(call).toContainText('Room 1');
  await expect(chart).toContainText('shown on the board');
  const row = desk.getByRole('region', { name: 'Today' }).getByRole('row').filter({ hasText: token });
  await expect(row).toContainText('Called');

  await chart.getByRole('button', { name: 'Came in' }).click();
  await expect(chart).toContainText('In the room');
  await expect(call).toHaveAttribute('data-state', 'in_room');
  await chart.getByRole('button', { name: 'Finish' }).click();
  await expect(doctor.getByText('The room is empty.')).toBeVisible();
  await expect(row).toHaveCount(0);
  // A call stays readable for twenty seconds, whatever becomes of it; then the board lets go of it.
  await expect(call).toHaveCount(0, { timeout: 25_000 });
  await expect(board.getByText('Nobody is being called right now.')).toBeVisible();
  // Whoever was out of hearing finds it among those called before.
  await expect(board.locator('.board-recent')).toContainText(`${token} Room 1`);
});

test('on the wall a token is at least 9 % of the screen high, also when many are called', async ({ enter, clinic }) => {
  await emptyClinic(clinic);
  const [reception, admin] = [await clinic.api('reception'), await clinic.api('admin')];
  const doctor = await clinic.api('doctor');
  const queue = (await admin.queues.list()).items.find(({ code }) => code === 'A');
  const room = (await admin.rooms.list()).items.find(({ name }) => name === 'Room 1');
  await admin.rooms.update({ id: room?.id as string, capacity: 8 });
  const board = await enter('board', { viewport: { width: 1920, height: 1080 } });
  for (const count of [1, 4, 8]) {
    for (let called = await board.locator('.board-call').count(); called < count; called += 1) {
      const { id: patientId } = await reception.patients.register({ name: `Called ${called}` });
      await reception.visits.issue({ patientId, queueId: queue?.id as string });
      await doctor.queues.callNext({ id: queue?.id as string, roomId: room?.id as string });
    }
    await expect(board.locator('.board-call')).toHaveCount(count);
    for (const token of await board.locator('.board-token').all()) {
      const box = await token.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(0.09 * 1080);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(1080);
    }
  }
  await admin.rooms.update({ id: room?.id as string, capacity: 1 });
});

test('the administrator takes the audit log away as CSV, and proves that it is whole', async ({
  enter,
  clinic,
}, testInfo) => {
  const page = await enter('admin');
  await expect(page.getByRole('heading', { level: 1, name: 'Now' })).toBeVisible();
  await page.getByRole('link', { name: 'Audit' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  const file = testInfo.outputPath('audit.csv');
  await download.saveAs(file);
  expect(readFileSync(file, 'utf8')).toContain('auth.login');
  expect(await clinic.run('audit', 'verify', file)).toBe(0);

  await page.getByRole('button', { name: 'Verify the log' }).click();
  await expect(page.getByText('Every entry is there, in its order, and none was changed.')).toBeVisible();
});
