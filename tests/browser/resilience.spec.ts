import { emptyClinic, expect, issuedToken, type Page, test } from './support/test.ts';

const link = (page: Page) => page.locator('.link');
const search = (page: Page) => page.getByRole('combobox', { name: 'Find a patient' });

/** Goes to the step where only the queue is missing, for a patient of this name. */
async function pick(page: Page, name: string, number: string) {
  await search(page).fill(name);
  await page.getByRole('option').filter({ hasText: number }).click();
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByRole('radio', { name: 'General' })).toHaveAttribute('aria-checked', 'true');
}

test('a token that is given while the server dies is there once when it is back', async ({ enter, clinic }) => {
  const before = await clinic.api('reception');
  const [patient] = (await before.patients.list({ q: 'cr' })).items.filter(({ openToken }) => !openToken);
  if (!patient) throw new Error('The demonstration has no such patient.');
  const page = await enter('reception');
  await pick(page, patient.name, patient.registrationNumber);

  await clinic.kill();
  await page.keyboard.press('Enter');
  await expect(link(page)).toContainText(/No connection since .*1 change not saved yet/);
  await expect(page.getByRole('heading', { level: 2, name: patient.name })).toBeVisible();
  await expect(issuedToken(page)).toHaveCount(0);
  // Pressed again in impatience: it is the same intent.
  await page.keyboard.press('Enter');

  await clinic.restart();
  await expect(issuedToken(page)).toHaveText(/^A-\d+$/, { timeout: 20_000 });
  await expect(link(page)).toHaveText('Connected', { timeout: 20_000 });
  const visits = (await before.visits.list({ patientId: patient.id })).items;
  expect(visits.map(({ token }) => token)).toEqual([await issuedToken(page).innerText()]);
});

test('a token whose answer was lost on the way is not given twice', async ({ enter, clinic }) => {
  const reception = await clinic.api('reception');
  const [patient] = (await reception.patients.list({ q: 'st' })).items.filter(({ openToken }) => !openToken);
  if (!patient) throw new Error('The demonstration has no such patient.');
  const page = await enter('reception');
  await pick(page, patient.name, patient.registrationNumber);

  let lost = 0;
  await page.route('**/api/v1/visits', async (route) => {
    if (route.request().method() !== 'POST' || lost === 2) return route.continue();
    await route.fetch();
    lost += 1;
    await route.abort('connectionreset');
  });
  await page.keyboard.press('Enter');
  await expect(link(page)).toContainText('1 change not saved yet');
  await expect(issuedToken(page)).toHaveText(/^A-\d+$/);
  await expect(link(page)).toHaveText('Connected');
  expect(lost).toBe(2);
  const visits = (await reception.visits.list({ patientId: patient.id })).items;
  expect(visits.map(({ token }) => token)).toEqual([await issuedToken(page).innerText()]);
});

test('what was typed about a new patient stays while the server is away, and is saved when it is back', async ({
  enter,
  clinic,
}) => {
  const before = await clinic.api('reception');
  const page = await enter('reception');
  await page.getByRole('button', { name: 'New patient' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Yasmeen Unterwegs');
  await page.getByLabel('Age or birth date').fill('27');
  await page.getByLabel('Phone', { exact: true }).fill('0321 7654321');

  await clinic.kill();
  await page.getByRole('button', { name: 'Save patient' }).click();
  await expect(link(page)).toContainText(/No connection since .*1 change not saved yet/);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Yasmeen Unterwegs');
  await expect(page.getByLabel('Age or birth date')).toHaveValue('27');
  await expect(page.getByLabel('Phone', { exact: true })).toHaveValue('0321 7654321');

  await clinic.restart();
  await expect(page.getByRole('heading', { level: 2, name: 'Yasmeen Unterwegs' })).toBeVisible({ timeout: 20_000 });
  expect((await before.patients.list({ q: 'Unterwegs' })).items).toHaveLength(1);
});

test('a search says when the server is away, and answers by itself when it is back', async ({ enter, clinic }) => {
  const page = await enter('reception');
  await clinic.kill();
  await search(page).fill('rutherf');
  await expect(link(page)).toContainText('No connection since');
  await clinic.restart();
  await expect(page.getByRole('option').filter({ hasText: 'Rutherford' }).first()).toBeVisible({ timeout: 20_000 });
  await expect(search(page)).toHaveValue('rutherf');
});

test('a page that is opened while the server is away says what to look at, and opens by itself', async ({
  enter,
  clinic,
}) => {
  const page = await enter('reception');
  // The files are still in the browser; only the server is away.
  await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
  await page.reload();
  await expect(page.getByRole('heading', { name: 'The clinic’s server does not answer' })).toBeVisible();
  await page.unroute('**/api/v1/**');
  await expect(page.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
  expect(clinic.url).toContain('127.0.0.1');
});

test('the board keeps what it knows, says how old it is, and recovers by itself', async ({ visitor, clinic }) => {
  await emptyClinic(clinic);
  const [reception, doctor] = [await clinic.api('reception'), await clinic.api('doctor')];
  const [queue] = (await reception.queues.list()).items.filter(({ code }) => code === 'A');
  const [room] = (await reception.rooms.list()).items.filter(({ name }) => name === 'Room 1');
  const [called, next] = (await reception.patients.list({ q: 'wa', limit: 2 })).items;
  const issue = (patientId = '') => reception.visits.issue({ patientId, queueId: queue?.id as string });
  const { token } = await issue(called?.id);
  const waiting = await issue(next?.id);
  await doctor.queues.callNext({ id: queue?.id as string, roomId: room?.id as string });

  const page = await visitor();
  await page.clock.install();
  await page.reload();
  await page.getByLabel('Sign-in name').fill('board');
  await page.getByLabel('Password', { exact: true }).fill(clinic.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const call = page.locator('.board-call').filter({ hasText: token });
  const age = page.locator('.board-age');
  await expect(call).toHaveAttribute('data-state', 'called');
  await expect(page.locator('.board-queue').filter({ hasText: 'General' })).toContainText(waiting.token);
  await expect(age).toHaveCount(0);

  await clinic.kill();
  await page.clock.fastForward(6000);
  await expect(age).toHaveAttribute('data-age', 'amber');
  await expect(age).toHaveText(/No contact with the server for \d+ s/);
  await expect(call).toHaveAttribute('data-state', 'called');
  await page.clock.fastForward(30_000);
  await expect(age).toHaveAttribute('data-age', 'ask');
  await expect(age).toHaveText(/^This board is out of date: please ask at the desk \(as of .*\d:\d\d.*\)$/);
  await expect(call).toBeVisible();

  await clinic.restart();
  await expect(age).toHaveCount(0, { timeout: 20_000 });
  await expect(call).toHaveAttribute('data-state', 'called');
  // And it hears of what happens from now on.
  const again = await clinic.api('doctor');
  const open = await again.visits.list({ state: ['called'] });
  const [visit] = open.items;
  if (!visit) throw new Error('The call is lost.');
  await again.visits.enter({ id: visit.id, stepId: visit.stepId, expectedVersion: visit.version });
  await expect(call).toHaveAttribute('data-state', 'in_room');
});

test('the board shows its last state when the screen itself was switched off and on', async ({ enter, clinic }) => {
  const page = await enter('board');
  await expect(page.locator('.board-queue')).toHaveCount(3);
  await page.reload();
  await expect(page.locator('.board-queue')).toHaveCount(3);
  await expect(page).toHaveURL(new RegExp(`^${clinic.url}/#/board/`));
});
