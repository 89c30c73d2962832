import { expect, onlyWaiting, type Page, signIn, test } from './support/test.ts';

/** The server takes no more changes of this kind, as when the cable is pulled. */
const cutOff = (page: Page, path: string) => page.route(path, (route) => route.abort('connectionrefused'));
/** What lies in the tab's storage, where a browser would write it to the disk. */
const stored = (page: Page) => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));

test('a doctor’s note is saved while it is typed, and is there again after a reload and beside the next visit', async ({
  enter,
  clinic,
}) => {
  const { visits } = await onlyWaiting(clinic, ['Nadeem Notewright']);
  const { id, patientId } = visits[0] as (typeof visits)[number];
  const nurse = await clinic.api('nurse');
  await nurse.notes.save({ id, text: 'Pulse 92.' });
  const page = await enter('doctor');
  await page.getByRole('button', { name: /Call next/ }).waitFor();
  await page.keyboard.press('Space');
  await expect(page.getByText('Pulse 92.')).toBeVisible();
  await page.keyboard.press('w');
  const note = page.getByRole('textbox', { name: 'Note for this visit' });
  await expect(note).toBeFocused();
  await page.keyboard.type('Cough, three days. Chest clear.');
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  await page.reload();
  await expect(note).toHaveValue('Cough, three days. Chest clear.');

  await cutOff(page, '**/api/v1/visits/*/note');
  await note.press('End');
  await note.pressSequentially(' Review in a week.');
  await expect(page.getByText('Saving…')).toBeVisible();
  await expect.poll(() => stored(page)).toContain('medlane.draft.note');
  expect(await stored(page)).not.toMatch(/Review|Notewright|Cough/);
  await page.unroute('**/api/v1/visits/*/note');
  await page.reload();
  await expect(note).toHaveValue('Cough, three days. Chest clear. Review in a week.');
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  const kept = async () => (await nurse.notes.list({ id: patientId })).items.map(({ text }) => text);
  await expect.poll(kept).toContain('Cough, three days. Chest clear. Review in a week.');
  await expect.poll(() => stored(page)).not.toContain('medlane.draft');
});

test('a note that another screen changed is not overwritten unasked', async ({ enter, clinic }) => {
  const { doctor, visits } = await onlyWaiting(clinic, ['Samina Twoscreens']);
  const { id, patientId } = visits[0] as (typeof visits)[number];
  const page = await enter('doctor');
  await page.getByRole('button', { name: /Call next/ }).waitFor();
  await page.keyboard.press('Space');
  const note = page.getByRole('textbox', { name: 'Note for this visit' });
  await expect(note).toBeVisible();
  await doctor.notes.save({ id, text: 'Typed on the tablet.' });
  await note.fill('Typed here.');
  await expect(page.getByText('This note was changed on another screen')).toBeVisible();
  await expect(page.getByText('Typed on the tablet.')).toBeVisible();
  await page.getByRole('button', { name: 'Keep what I typed' }).click();
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  expect((await doctor.notes.list({ id: patientId })).items[0]?.text).toBe('Typed here.');
});

test('a half-typed patient survives a reload and a sign-in that was ended from elsewhere, and is gone after signing out', async ({
  enter,
  clinic,
}) => {
  const page = await enter('reception2');
  await page.keyboard.press('Alt+n');
  await page.getByLabel('Name', { exact: true }).fill('Halima Halftyped');
  await page.getByLabel('Phone', { exact: true }).fill('0300 7654321');
  await expect.poll(() => stored(page)).toContain('medlane.draft.patient.new');
  expect(await stored(page)).not.toMatch(/Halima|7654321/);
  await page.reload();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Halima Halftyped');
  await expect(page.getByLabel('Phone', { exact: true })).toHaveValue('0300 7654321');

  const admin = await clinic.api('admin');
  const [user] = (await admin.users.list({ q: 'reception2' })).items;
  await admin.users.update({ id: user?.id as string, active: false });
  await expect(page.getByText(/^You have been signed out/)).toBeVisible();
  await admin.users.update({ id: user?.id as string, active: true });
  await signIn(page, 'reception2', clinic.password);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Halima Halftyped');

  await page.getByRole('button', { name: user?.name as string }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Sign-in name')).toBeVisible();
  await expect.poll(() => stored(page)).not.toContain('medlane.draft');
});
