import { expect, type Page, signIn } from './test.ts';

/** The menu of whoever is signed in. */
export const menu = async (page: Page, name: string, item: string) => {
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
export const openAccount = (page: Page, name: string) => menu(page, name, 'My account');

/** Whoever is here goes, and takes over again by PIN: that is not a proof of who they are. */
export async function comeBackByPin(page: Page, name: string, secret: string) {
  await menu(page, name, 'My PIN');
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByLabel('New PIN').fill('2580');
  await page.getByLabel('PIN again').fill('2580');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your PIN is changed.')).toBeVisible();
  await menu(page, name, 'Hide this screen');
  await page.getByRole('button', { name: 'Somebody else signs in' }).click();
  await page.getByRole('button', { name: 'Sign in with a password' }).click();
  await signIn(page, 'reception', secret);
  await page.keyboard.press('Alt+l');
  await page.getByLabel(`PIN of ${name}`).fill('2580');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
}
