import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type Api, type ClinicServer, startClinic } from '../browser/support/server.ts';
import { type Keyring, openKeyring } from '../support/keyring.ts';
import { call, type Desktop, launchDesktop, signIn } from './launch.ts';

// What a desk does when its keychain is not there, is locked, is slow, or is another one: it says so, and loses nothing.
test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'Elsewhere the keychain is of whoever runs this.');

const SECRET = 'desk-secret';
const ANOTHER = 'ab'.repeat(32);

let clinic: ClinicServer;
let keyring: Keyring;
let desktop: Desktop;
let admin: Api;
test.beforeAll(async () => {
  [clinic, keyring] = await Promise.all([startClinic({ demo: true }), openKeyring()]);
  admin = await clinic.api('admin');
});
test.afterAll(async () => {
  await desktop?.close();
  await keyring?.close();
  await clinic?.close();
});

const launch = async () => {
  const folder = desktop ? { folder: desktop.folder } : {};
  desktop = await launchDesktop({ demo: false, environment: keyring.environment, ...folder });
  await desktop.page.setViewportSize({ width: 1366, height: 768 });
  return desktop.page;
};
const end = () => desktop.close({ keep: true });

/** All that this computer keeps of a clinic. */
function kept(): Map<string, string> {
  const user = path.join(desktop.folder, 'user');
  const below = existsSync(path.join(user, 'memory'))
    ? readdirSync(path.join(user, 'memory'), { recursive: true })
    : [];
  const names = [...readdirSync(user), ...below.map((name) => path.join('memory', String(name)))];
  const files = names.filter((name) => /^(identity|memory.*\.(db|sealed))/.test(name));
  return new Map(files.map((name) => [name, readFileSync(path.join(user, name), 'latin1')]));
}

/** The administrator adds this computer as a desk, by the screen on which it says that it is none. */
async function join(page: Page) {
  const { addresses } = await admin.pairing.open();
  const port = addresses[0]?.split(':').at(-1);
  await page.getByLabel('Address of the server').fill(`127.0.0.1:${port}`);
  await page.getByRole('button', { name: 'Ask this server' }).click();
  const code = (await page.getByText(/^\d{3} \d{3}$/).innerText()).trim();
  const pairingId = (await admin.pairing.pending()).desk?.pairingId as string;
  const { answer } = await admin.pairing.confirm({ pairingId, code, name: 'Left window', place: 'reception' });
  await page.getByLabel('Code that the administrator’s screen shows then').fill(answer);
  await page.getByRole('button', { name: 'Finish' }).click();
  await expectClinic(page);
}

/** It is a desk of the clinic: people sign in at it. */
const expectClinic = (page: Page) =>
  expect(page.getByRole('heading', { name: 'Green Valley Clinic' })).toBeVisible({ timeout: 40_000 });
const desks = async () => (await admin.devices.list()).devices.filter(({ name }) => name === 'Left window').length;

async function shoot(page: Page, name: string) {
  const folder = process.env['MEDLANE_SCREENSHOTS'];
  if (folder) await page.screenshot({ path: path.join(folder, `keychain-${name}.png`) });
}

test('becomes no desk where no keychain is, or a locked one, and writes nothing', async () => {
  await keyring.stop();
  const page = await launch();
  await page.getByRole('button', { name: 'Join a clinic' }).click();
  await page.getByLabel('Address of the server').fill('127.0.0.1:7444');
  const ask = () => page.getByRole('button', { name: 'Ask this server' }).click();
  await ask();
  await expect(page.getByRole('alert')).toContainText('This computer has no keychain in which a desk’s key');
  await shoot(page, 'none');
  await keyring.start();
  keyring.lock();
  await ask();
  await expect(page.getByRole('alert')).toContainText('The keychain of this computer is locked');
  expect([...kept().keys()]).toEqual([]);
  await keyring.unlock();
  await join(page);
  await signIn(page, 'reception');
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  await end();
  expect([...kept().keys()]).toEqual(expect.arrayContaining(['identity.sealed']));
});

test('while the keychain does not answer the window is there, says so, and can be closed', async () => {
  keyring.hold();
  await expectWaiting(await launch());
  const program = desktop.app.process();
  await end();
  // The question that nobody answered would have held it: it did not wait for that.
  expect(program.signalCode).toBe('SIGKILL');
  const page = await launch();
  await expectWaiting(page);
  await shoot(page, 'slow');
  keyring.goOn();
  await expectClinic(page);
  await end();
});
async function expectWaiting(page: Page) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Waiting for the keychain of this computer');
  expect(await call(page, 'desk.state', {}, {})).toMatchObject({ value: { keychain: 'silent' } });
}

test('while the keychain is locked, or away, it says what to do, and goes on by itself afterwards', async () => {
  keyring.lock();
  let page = await launch();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This desk cannot work now');
  await expect(page.getByText('The keychain of this computer is locked. Unlock it')).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await shoot(page, 'locked');
  await keyring.unlock();
  await expectClinic(page);
  await end();

  await keyring.stop();
  page = await launch();
  await expect(page.getByText('no keychain is running')).toBeVisible();
  await shoot(page, 'away');
  await keyring.start();
  await expectClinic(page);
  await signIn(page, 'reception');
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  await end();
  expect(await desks()).toBe(1);
});

test('a keychain that is another one, or lost the secret, costs nothing that was kept: with the secret it is back', async () => {
  const before = kept();
  const secret = keyring.get(SECRET);
  for (const other of [ANOTHER, null]) {
    keyring.put(SECRET, other);
    const page = await launch();
    await expect(page.getByText('no longer holds the key of this desk')).toBeVisible();
    await end();
    expect(kept()).toEqual(before);
    expect(keyring.get(SECRET)).toBe(other);
  }
  keyring.put(SECRET, secret);
  await expectClinic(await launch());
  await end();
});

test('with another secret an administrator adds it again; what the first one sealed stays', async () => {
  const before = kept();
  keyring.put(SECRET, null);
  const page = await launch();
  const again = page.getByRole('button', { name: 'Add this desk again' });
  await expect(again).toBeVisible();
  await shoot(page, 'changed');
  await again.click();
  await join(page);
  await signIn(page, 'reception');
  await expect(page.getByText('Connected', { exact: true })).toBeVisible();
  const { 'identity.sealed': identity, ...others } = Object.fromEntries(before);
  expect(Object.fromEntries(kept())).toMatchObject(others);
  expect([...kept()].find(([name]) => name.startsWith('identity.sealed.changed-'))?.[1]).toBe(identity);
});
