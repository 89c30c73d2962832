import { newDesk } from './support/desk.ts';
import { expect, type Page, signIn, test } from './support/test.ts';

// What is connected: an administrator adds a screen and a desk by the codes that they show, and takes them out again.

async function openDevices(page: Page) {
  await page.getByRole('link', { name: 'Desks & screens' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Desks & screens');
}
/** How far what is in a box reaches beyond it, in px. */
const overflow = (box: Element) => Math.max(0, box.scrollWidth - box.clientWidth);
const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

test('a TV shows a code, becomes the waiting room’s board, and is cut off at once when it is taken out', async ({
  enter,
  visitor,
}) => {
  const tv = await visitor({ viewport: { width: 1920, height: 1080 } });
  await tv.getByRole('button', { name: 'Show a code on this screen' }).click();
  for (const [width, height] of [
    [3840, 2160],
    [683, 384],
    [1920, 1080],
  ] as const) {
    await tv.setViewportSize({ width, height });
    await expect.poll(() => tv.locator('.pairing-code').evaluate(overflow), `${width} wide`).toBe(0);
  }
  const code = (
    await tv
      .getByRole('status')
      .filter({ hasText: /\d{3} \d{3}/ })
      .innerText()
  ).trim();

  const admin = await enter('admin');
  await openDevices(admin);
  await admin.getByRole('button', { name: 'Add a screen' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Code that the screen shows').fill(code);
  await dialog.getByLabel('Name of the screen').fill('TV in the hall');
  await dialog.getByRole('button', { name: 'Add a screen' }).click();
  await expect(dialog).toHaveCount(0);

  await expect(tv.getByRole('region', { name: 'Queues' })).toBeVisible();
  await expect(tv).toHaveURL(/#\/board\//);
  const listening = tv.waitForEvent('websocket');
  await tv.reload();
  await expect(tv.getByRole('region', { name: 'Queues' })).toBeVisible();
  // At the latest with the next of the list's own looks, every ten seconds.
  await expect(rowOf(admin, 'TV in the hall')).toContainText('Waiting room', { timeout: 15_000 });

  await rowOf(admin, 'TV in the hall').getByRole('button', { name: 'Take out' }).click();
  // At once, not when its sign-in would be renewed.
  const cut = (await listening).waitForEvent('close', { timeout: 5000 });
  await dialog.getByRole('button', { name: 'Take out' }).click();
  await cut;
  await expect(tv.getByLabel('Sign-in name')).toBeVisible();
  await expect(rowOf(admin, 'TV in the hall')).toHaveCount(0);
  await tv.reload();
  await expect(tv.getByLabel('Sign-in name')).toBeVisible();
});

test('a desk is added by two codes, named, found among the others, and taken out', async ({ enter, clinic }) => {
  const admin = await enter('admin');
  await openDevices(admin);
  await admin.getByRole('button', { name: 'Add a desk' }).click();
  const dialog = admin.getByRole('dialog');
  await expect(dialog.getByRole('listitem').first()).toHaveText(/:\d+$/);
  const desk = await newDesk(clinic);

  // A code that was misheard costs a try, not what was typed beside it.
  await dialog.getByLabel('Code that the new desk shows').fill(desk.code === '000000' ? '111111' : '000000');
  await dialog.getByLabel('Name of the desk').fill('Left window');
  await dialog.getByLabel('What it is for').selectOption('Pharmacy');
  await dialog.getByRole('button', { name: 'Add this desk' }).click();
  await expect(dialog.getByText('The codes are not the same.')).toBeVisible();
  await expect(dialog.getByLabel('Name of the desk')).toHaveValue('Left window');
  await dialog.getByLabel('Code that the new desk shows').fill(desk.code);
  await admin.keyboard.press('Enter');
  const answer = (
    await dialog
      .getByRole('status')
      .filter({ hasText: /^\d{3} \d{3}$/ })
      .innerText()
  ).trim();
  const identity = await desk.answer(answer);
  await desk.close();
  expect(identity).toMatchObject({ name: 'Left window', place: 'pharmacy', clinic: 'Green Valley Clinic' });
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  const row = rowOf(admin, 'Left window');
  await expect(row).toContainText(identity.stationCode);
  await expect(row).toContainText('Pharmacy');
  await row.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Right window');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await rowOf(admin, 'Right window').getByRole('button', { name: 'Take out' }).click();
  await dialog.getByRole('button', { name: 'Take out' }).click();
  await expect(rowOf(admin, 'Right window')).toContainText('taken out');
});

test('whoever leaves the dialog lets no desk in any more', async ({ enter, clinic }) => {
  const admin = await enter('admin');
  await openDevices(admin);
  await admin.getByRole('button', { name: 'Add a desk' }).click();
  await expect(admin.getByText('Waiting for the new desk…')).toBeVisible();
  await expect.poll(async () => (await (await clinic.api('admin')).pairing.pending()).until).not.toBeNull();
  await admin.keyboard.press('Escape');
  await expect.poll(async () => (await (await clinic.api('admin')).pairing.pending()).until).toBeNull();
  await expect(newDesk(clinic)).rejects.toMatchObject({ code: 'pairing_closed' });
});

test('somebody at a screen that shows a code may still sign in by name', async ({ visitor, clinic }) => {
  const page = await visitor();
  await page.getByRole('button', { name: 'Show a code on this screen' }).click();
  await expect(page.getByRole('button', { name: 'Back' })).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await signIn(page, 'reception', clinic.password);
});
