import type { Camera } from './camera.ts';
import type { Clinic } from './clinic.ts';

/** A computer without a clinic yet: the three ways, a clinic of one's own, its recovery kit, its door. */
export async function doorPictures(camera: Camera, clinic: Clinic): Promise<void> {
  const page = await camera.open(clinic);
  await page.getByRole('heading', { name: 'Welcome to Medlane' }).waitFor();
  await camera.shoot('first-run', page);
  await page.getByRole('button', { name: /^Host a clinic/ }).click();
  await page.getByLabel('Name of the clinic').fill('Al-Shifa Clinic');
  await page.getByLabel('Your name').fill('Dr. Nadia Aslam');
  await page.getByLabel('Sign-in name').fill('nadia');
  await page.getByLabel('Password', { exact: true }).fill('rain on tin roof 7');
  await page.getByLabel('Password again').fill('rain on tin roof 7');
  await camera.shoot('host', page);
  await page.getByRole('button', { name: 'Set up the clinic' }).click();
  await page.getByTestId('recovery-kit').waitFor();
  await camera.shoot('recovery-kit', page);
  await page.getByLabel('I have printed it').check();
  await page.getByRole('button', { name: 'Go to the clinic' }).click();
  await page.getByRole('button', { name: 'Dr. Nadia Aslam' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('Sign-in name').waitFor();
  await camera.shoot('sign-in', page);
  await page.context().close();
}
