import { readFileSync } from 'node:fs';
import { expect, test } from './support/test.ts';

test('a queue and a room that serves it are made, and reception can use them at once', async ({ enter }) => {
  const page = await enter('admin', { at: '/admin/queues' });
  const desk = await enter('reception');
  await desk.keyboard.press('Control+u');
  await page.getByRole('button', { name: 'New queue' }).click();
  const form = page.getByRole('dialog', { name: 'New queue' });
  await form.getByLabel('Code').fill('1');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('One to three letters A–Z.')).toBeVisible();
  await form.getByLabel('Code').fill('a');
  await form.getByLabel('Name', { exact: true }).fill('Eye clinic');
  await form.getByRole('radio', { name: 'In turns' }).check();
  await expect(form.getByText(/^They are called: /)).toBeVisible();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('is already used')).toBeVisible();
  await form.getByLabel('Code').fill('E');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  const row = page.getByRole('region', { name: 'Queues' }).getByRole('row').filter({ hasText: 'Eye clinic' });
  await expect(row).toContainText('no room serves it');
  await expect(desk.getByRole('radio', { name: 'Eye clinic' })).toBeVisible();

  await page.getByRole('button', { name: 'New room' }).click();
  const room = page.getByRole('dialog', { name: 'New room' });
  await room.getByLabel('Name', { exact: true }).fill('Room 7');
  await room.getByRole('combobox', { name: 'Serves the queues' }).click();
  await page.getByRole('option', { name: 'E · Eye clinic' }).click();
  await room.getByRole('heading').click();
  await room.getByRole('button', { name: 'Save' }).click();
  await expect(room).toHaveCount(0);
  await expect(row).toContainText('Room 7');

  await page.getByRole('button', { name: 'Close E' }).click();
  await expect(row).toContainText('Closed');
  await expect(desk.getByRole('radio', { name: 'Eye clinic' })).toBeDisabled();
  await page.getByRole('button', { name: 'Open E' }).click();
  await expect(desk.getByRole('radio', { name: 'Eye clinic' })).toBeEnabled();
});

test('a new account: a weak password and a used name are said where they stand; then it signs in', async ({
  enter,
  visitor,
}) => {
  const page = await enter('admin', { at: '/admin/users' });
  await page.getByRole('button', { name: 'New user' }).click();
  const form = page.getByRole('dialog', { name: 'New user' });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('Please fill this in.')).toHaveCount(3);
  await expect(form.getByText('Choose at least one role.')).toBeVisible();
  await form.getByLabel('Name', { exact: true }).fill('Hina Raza');
  await form.getByLabel('Sign-in name').fill('doctor');
  await form.getByLabel('Password', { exact: true }).fill('password12');
  await form.getByLabel('Receptionist').check();
  await form.getByLabel(/^They choose a password of their own/).uncheck();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText(/^Choose another password: |is already used/)).toBeVisible();
  await form.getByLabel('Password', { exact: true }).fill('four calm river stones');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByLabel('Sign-in name')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('Sign-in name').fill('hina');
  await form.getByLabel('Password', { exact: true }).fill('hina');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByText(/^Choose another password: /)).toBeVisible();
  await form.getByLabel('Password', { exact: true }).fill('four calm river stones');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByRole('row').filter({ hasText: 'hina' })).toContainText('Receptionist');

  const other = await visitor();
  await other.getByLabel('Sign-in name').fill('hina');
  await other.getByLabel('Password', { exact: true }).fill('four calm river stones');
  await other.keyboard.press('Enter');
  await expect(other.getByRole('heading', { level: 1, name: 'Reception' })).toBeVisible();
});

test('an import: the columns are guessed, a trial changes nothing, the bad row comes back with its reason', async ({
  enter,
  clinic,
}, testInfo) => {
  const page = await enter('admin', { at: '/admin/import' });
  const csv = [
    'Patient ID,Full name,DOB,Gender,Mobile no',
    'X-1,Ghazala Importova,1980-02-03,F,0300 1112223',
    'X-2,Wasim Importov,1975-12-31,M,',
    'X-3,Nobody Importsky,31st of never,M,',
  ].join('\n');
  await page.locator('input[type=file]').setInputFiles({
    name: 'patients.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(csv),
  });
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'What the columns are · 3 rows' })).toBeVisible();
  await expect(page.getByLabel('Full name')).toHaveValue('Full name');
  await expect(page.getByLabel('Birth date')).toHaveValue('DOB');
  await expect(page.getByLabel('Phone')).toHaveValue('');
  await page.getByLabel('Phone').selectOption('Mobile no');
  await expect(page.getByRole('button', { name: 'Import now' })).toBeDisabled();

  const reception = await clinic.api('reception');
  const imported = async () => (await reception.patients.list({ q: 'Importov' })).items.map(({ name }) => name).sort();
  await page.getByRole('button', { name: 'Try it without saving' }).click();
  const trial = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'What the trial run found' }) });
  await expect(trial).toContainText('Done');
  await expect(trial).toContainText(/New patients\s*2/);
  await expect(trial).toContainText(/Not taken\s*1/);
  expect(await imported()).toEqual([]);

  await page.getByRole('button', { name: 'Import now' }).click();
  const run = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Import', exact: true, level: 2 }) });
  await expect(run).toContainText(/New patients\s*2/);
  expect(await imported()).toEqual(['Ghazala Importova', 'Wasim Importov']);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the rows that were not taken' }).click();
  const file = testInfo.outputPath('rejected.csv');
  await (await downloading).saveAs(file);
  const rejected = readFileSync(file, 'utf8');
  expect(rejected).toContain('Nobody Importsky');
  expect(rejected).not.toContain('Ghazala');
  expect(rejected).toMatch(/birth/i);
});

test('the audit log is narrowed to a person, an action and an outcome, and an entry says what changed', async ({
  enter,
  visitor,
  clinic,
}) => {
  const stranger = await visitor();
  await stranger.getByLabel('Sign-in name').fill('doctor2');
  await stranger.getByLabel('Password', { exact: true }).fill('a wrong guess');
  await stranger.keyboard.press('Enter');
  await expect(stranger.getByRole('alert')).toBeVisible();
  const reception = await clinic.api('reception');
  const { id } = await reception.patients.register({ name: 'Uzma Auditova', phone: '0300 4445556' });
  const page = await enter('admin', { at: '/admin/audit' });
  const log = page.getByRole('region', { name: 'Audit' });
  const rows = log.getByRole('row').filter({ has: page.getByRole('button', { name: /^Details/ }) });
  await expect(rows.first()).toBeVisible();

  await page.getByLabel('Who').selectOption({ label: 'Rosa Dizon' });
  await page.getByLabel('What').fill('patients.register');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('reception');
  await page.getByRole('button', { name: /^Details/ }).click();
  const entry = page.getByRole('dialog');
  await expect(entry).toContainText(id);
  await page.keyboard.press('Escape');
  await expect(entry).toHaveCount(0);

  await page.getByLabel('What').fill('');
  await page.getByLabel('Who').selectOption('');
  await page.getByLabel('Outcome').selectOption('bad_credentials');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('auth.login');
  await page.getByLabel('Outcome').selectOption('');
  await page.getByLabel('Who').selectOption({ label: 'Amna Farooq' });
  await expect(rows.filter({ hasText: 'admin' }).first()).toBeVisible();
  await expect(rows.filter({ hasText: 'reception' })).toHaveCount(0);
  await page.getByLabel('To', { exact: true }).fill('2001-01-01');
  await expect(log.getByText('Nothing found.')).toBeVisible();
});
