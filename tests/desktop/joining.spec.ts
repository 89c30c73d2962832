import { expect, type Page, test } from '@playwright/test';
import { type Api, type ClinicServer, startClinic } from '../browser/support/server.ts';
import { type Keyring, openKeyring } from '../support/keyring.ts';
import { type Desktop, launchDesktop, signIn } from './launch.ts';

// A new computer becomes a desk of a clinic whose server runs elsewhere, comes back as that desk, and is taken out.
test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'Elsewhere the keychain is of whoever runs this.');

let clinic: ClinicServer;
let keyring: Keyring;
let desktop: Desktop;
let admin: Api;
test.beforeAll(async () => {
  [clinic, keyring] = await Promise.all([startClinic({ demo: true }), openKeyring()]);
  admin = await clinic.api('admin');
  desktop = await launchDesktop({ demo: false, environment: keyring.environment });
});
test.afterAll(async () => {
  await desktop?.close();
  await keyring?.close();
  await clinic?.close();
});

const ownOf = async () => (await admin.devices.list()).devices.find(({ name }) => name === 'Left window');
const codeOn = async (page: Page) => (await page.getByText(/^\d{3} \d{3}$/).innerText()).trim();

test('the server is found on the network, and lets nobody in whom the administrator does not expect', async () => {
  const { page } = desktop;
  await page.getByRole('button', { name: 'Join a clinic' }).click();
  const { addresses } = await admin.pairing.open();
  const port = addresses[0]?.split(':').at(-1);
  await expect(page.getByRole('radio', { name: new RegExp(`^[\\d.]+:${port}$`) }).first()).toBeVisible();
  await admin.pairing.cancel();
  await page.getByRole('button', { name: 'Ask this server' }).click();
  await expect(page.getByText('No desk or screen can be added at this moment.')).toBeVisible();
});

test('the codes are compared both ways, the desk is named, and somebody signs in at it', async () => {
  const { page } = desktop;
  await admin.pairing.open();
  await page.getByRole('button', { name: 'Ask this server' }).click();
  const code = await codeOn(page);
  const pairingId = (await admin.pairing.pending()).desk?.pairingId as string;
  const { answer } = await admin.pairing.confirm({ pairingId, code, name: 'Left window', place: 'reception' });
  const typed = page.getByLabel('Code that the administrator’s screen shows then');
  await typed.fill(answer === '000000' ? '111111' : '000000');
  await page.getByRole('button', { name: 'Finish' }).click();
  await expect(page.getByText('The codes are not the same.')).toBeVisible();
  await typed.fill(answer);
  await page.getByRole('button', { name: 'Finish' }).click();
  await signIn(page, 'reception');
  await expect(page.getByRole('combobox', { name: 'Find a patient' })).toBeVisible();
  expect(await ownOf()).toMatchObject({ kind: 'desktop', people: ['Rosa Dizon'], station: { place: 'reception' } });
});

test('it is that desk still after it was closed, without hosting anything of its own', async () => {
  await desktop.close({ keep: true });
  desktop = await launchDesktop({ demo: false, environment: keyring.environment, folder: desktop.folder });
  const { page } = desktop;
  await expect(page.getByRole('heading', { name: 'Green Valley Clinic' })).toBeVisible();
  expect(() => desktop.server()).toThrow('ENOENT');
  await signIn(page, 'doctor');
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
});

test('it says so when the clinic has taken it out, and offers to be added again', async () => {
  const { page } = desktop;
  await admin.devices.revoke({ id: (await ownOf())?.id as string });
  await expect(page.getByText('The clinic has taken this desk out.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Add this desk again' }).click();
  await expect(page.getByRole('button', { name: 'Ask this server' })).toBeVisible();
});
