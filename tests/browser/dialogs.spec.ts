import { emptyClinic, expect, test } from './support/test.ts';

// Dialogs by keys: the focus goes in, stays in, and comes back; one Escape is enough.

test('a dialog takes the focus, keeps it, and gives it back at the first Escape', async ({ enter }) => {
  const page = await enter('admin', { at: '/admin/patients' });
  const row = page.getByRole('region', { name: 'Patients' }).getByRole('row').nth(1);
  for (const name of [/^Open/, /^Merge/, /^Archive/]) {
    const button = row.getByRole('button', { name });
    await button.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog.locator(':focus')).toHaveCount(1);
    for (let times = 0; times < 12; times += 1) await page.keyboard.press('Tab');
    await expect(dialog.locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(button).toBeFocused();
  }
});

test('a list that is open takes the first Escape, and its dialog the second', async ({ enter }) => {
  const page = await enter('admin', { at: '/admin/patients' });
  await page
    .getByRole('button', { name: /^Merge/ })
    .first()
    .press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Merge two records' });
  await expect(dialog.getByRole('combobox', { name: 'This record stays' })).toBeFocused();
  await page.keyboard.type('an');
  await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a doctor sends a patient to a colleague by keys only, also to one who is in no room now', async ({
  enter,
  clinic,
}) => {
  await emptyClinic(clinic);
  const [reception, doctor] = [await clinic.api('reception'), await clinic.api('doctor')];
  const [queue] = (await reception.queues.list()).items.filter(({ code }) => code === 'A');
  const [patient] = (await reception.patients.list({ q: 'le', limit: 1 })).items;
  const { token } = await reception.visits.issue({ patientId: patient?.id as string, queueId: queue?.id as string });
  await doctor.queues.callNext({
    id: queue?.id as string,
    roomId: (await doctor.auth.me()).workingInRoomId as string,
  });
  const colleague = await clinic.api('doctor2');
  const { id: staffId, workingInRoomId } = await colleague.auth.me();
  await colleague.rooms.leave({ id: workingInRoomId as string });
  const page = await enter('doctor');
  await expect(page.getByTestId('current-token')).toHaveText(token);
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: `Transfer ${token}` });
  await expect(dialog.getByRole('combobox', { name: 'Queue' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'Member of staff' })).toBeFocused();
  await page.keyboard.press('Tab');
  // Faster than any hand, on a computer that is busy with something else.
  const processor = await page.context().newCDPSession(page);
  await processor.send('Emulation.setCPUThrottlingRate', { rate: 20 });
  await Promise.all([...'ramon', 'Enter'].map((key) => page.keyboard.press(key)));
  await processor.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await expect(dialog.getByRole('combobox')).toHaveValue('Dr. Ramon Cruz · Doctor');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Asked for by name');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Transfer' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  const waiting = (await reception.visits.list({ state: ['waiting'], limit: 10 })).items;
  expect(waiting.map((visit) => [visit.token, visit.forStaffId])).toEqual([[token, staffId]]);
});

test('a dialog that a menu opened gives the focus back to the menu’s button', async ({ enter, clinic }) => {
  const reception = await clinic.api('reception');
  const [queue] = (await reception.queues.list()).items;
  const { id } = await reception.patients.register({ name: 'Menahem Menuhin' });
  const { token } = await reception.visits.issue({ patientId: id, queueId: queue?.id as string });
  const page = await enter('reception');
  const button = page.getByRole('button', { name: `Actions for ${token}` });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Transfer' })).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Transfer ${token}` });
  await expect(dialog.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('the first Tab on a page skips to its content', async ({ enter }) => {
  const page = await enter('admin');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Now' })).toBeFocused();
});

test('an administrator makes a room by keys only', async ({ enter }) => {
  const page = await enter('admin', { at: '/admin/queues' });
  await page.getByRole('button', { name: 'New room' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New room' });
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Please fill this in.')).toBeVisible();
  await page.keyboard.type('Room 9');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  await page.keyboard.type('gen');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Save' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  const rooms = page.getByRole('region', { name: 'Rooms' });
  await expect(rooms.getByRole('row').filter({ hasText: 'Room 9' })).toContainText('2A');
});
