import { resolve } from 'node:path';
import { expect, test } from './support/test.ts';

const LOGO = resolve(import.meta.dirname, '../../build/icons/512x512.png');

test('a nurse gives herself a picture, an administrator sees it, and it goes again', async ({ enter }) => {
  const page = await enter('nurse', { at: '/account' });
  const chosen = async (file: Parameters<ReturnType<typeof page.locator>['setInputFiles']>[0]) =>
    page.locator('input[type=file]').setInputFiles(file);
  await chosen({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture') });
  await expect(page.getByText('This is not a picture that can be opened here.')).toBeVisible();
  await chosen(LOGO);
  await expect(page.getByText('Your picture is saved.')).toBeVisible();
  const picture = page.getByRole('img', { name: 'Picture of' });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([
    256, 256,
  ]);

  const admin = await enter('admin', { at: '/admin/users' });
  await admin.getByRole('button', { name: 'More for nurse' }).click();
  await admin.getByRole('menuitem', { name: 'What they may do' }).click();
  await expect(admin.getByRole('dialog').getByRole('img', { name: 'Picture of' })).toBeVisible();

  await page.getByRole('button', { name: 'Remove picture' }).click();
  await expect(page.getByText('Your picture is removed.')).toBeVisible();
  await expect(picture).toHaveCount(0);
});

test('dark colours come with a person to another computer', async ({ enter }) => {
  const [here, scheme] = [await enter('doctor'), 'data-mantine-color-scheme'];
  await here.getByRole('button', { name: 'Dr. Sana Malik' }).click();
  await here.getByRole('menuitem', { name: 'Dark' }).click();
  await expect(here.locator('html')).toHaveAttribute(scheme, 'dark');
  const there = await enter('doctor');
  await expect(there.locator('html')).toHaveAttribute(scheme, 'dark');
});
