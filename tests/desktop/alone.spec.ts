import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type Api, type ClinicServer, startClinic } from '../browser/support/server.ts';
import { type Keyring, openKeyring } from '../support/keyring.ts';
import { call, type Desktop, launchDesktop, signIn } from './launch.ts';

// A paired desk whose cable is pulled: it goes on, says so, says what it cannot do, and hands everything over afterwards.
test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'Elsewhere the keychain is of whoever runs this.');

let clinic: ClinicServer;
let keyring: Keyring;
let desktop: Desktop;
let page: Page;
let reception: Api;
let port = 0;
let before = { id: '', token: '', roomId: '' };

test.beforeAll(async () => {
  [clinic, keyring] = await Promise.all([startClinic({ demo: true }), openKeyring()]);
  desktop = await launchDesktop({ demo: false, environment: keyring.environment });
  page = desktop.page;
  await page.setViewportSize({ width: 1366, height: 768 });
  await join();
  await signIn(page, 'reception');
  reception = await clinic.api('reception');
  const [patient] = (await reception.patients.list({ q: 'fa' })).items.filter(({ openToken }) => !openToken);
  const queue = (await reception.queues.list()).items.find(({ code }) => code === 'A');
  const visit = await reception.visits.issue({ patientId: patient?.id as string, queueId: queue?.id as string });
  before = { id: visit.id, token: visit.token, roomId: queue?.rooms[0] as string };
});
test.afterAll(async () => {
  await desktop?.close();
  await keyring?.close();
  await clinic?.close();
});

async function join() {
  const { pairing } = await clinic.api('admin');
  const { addresses } = await pairing.open();
  port = Number(addresses[0]?.split(':').at(-1));
  await layCable();
  const asked = await call(page, 'desk.pair', { address: `127.0.0.1:${port}` }, {});
  const { code } = asked.value as { code: string };
  const pairingId = (await pairing.pending()).desk?.pairingId as string;
  const { answer } = await pairing.confirm({ pairingId, code, name: 'Left window', place: 'reception' });
  expect(await call(page, 'desk.answer', { code: answer }, {})).toMatchObject({ ok: true });
  await page.reload();
}

type Cable = { pulled: boolean; sockets: Set<{ destroy: (error?: Error) => void }> };

/** From now on every connection of this program to the server's door goes through a cable that can be pulled. */
const layCable = () =>
  desktop.app.evaluate((_electron, door) => {
    const { Socket } = process.getBuiltinModule('node:net');
    const cable: Cable = { pulled: false, sockets: new Set() };
    Object.assign(globalThis, { medlaneCable: cable });
    const own = Socket.prototype as unknown as { connect: (...given: unknown[]) => unknown };
    const { connect } = own;
    own.connect = function (this: InstanceType<typeof Socket>, ...given: unknown[]) {
      if (!JSON.stringify(given[0]).includes(String(door))) return connect.apply(this, given);
      cable.sockets.add(this);
      this.once('close', () => cable.sockets.delete(this));
      if (!cable.pulled) return connect.apply(this, given);
      process.nextTick(() => this.destroy(Object.assign(new Error('pulled'), { code: 'ECONNREFUSED' })));
      return this;
    };
  }, port);

/** Pulls it out of this computer, or puts it back: the server goes on, and other desks with it. */
const plug = (isIn: boolean) =>
  desktop.app.evaluate((_electron, plugged) => {
    const { medlaneCable: cable } = globalThis as unknown as { medlaneCable: Cable };
    cable.pulled = !plugged;
    if (cable.pulled) for (const socket of cable.sockets) socket.destroy();
  }, isIn);

const link = () => page.locator('.link');
const done = () => page.getByRole('region', { name: 'What was done here' }).getByRole('row');
const rowOf = (token: string) =>
  page.getByRole('region', { name: 'Today' }).getByRole('row').filter({ hasText: token });
const openDesk = () => link().getByRole('link').click();
/** It stays among the keys, does nothing, and says why to whoever comes to it. */
async function expectNeedsServer(control: Locator) {
  await expect(control).toHaveAttribute('aria-disabled', 'true');
  await control.focus();
  await expect(control).toHaveAccessibleDescription(
    'This needs the clinic’s server, which this desk cannot reach now.',
  );
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}
async function shoot(name: string) {
  const folder = process.env['MEDLANE_SCREENSHOTS'];
  if (folder) await page.screenshot({ path: path.join(folder, `desktop-${name}.png`), fullPage: true });
}

test('says that it is connected, what it has of the clinic, and that both know the same', async () => {
  await expect(link()).toHaveText('Connected');
  await expect(rowOf(before.token)).toBeVisible();
  await openDesk();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This desk');
  await expect(page.getByText('Left window (R1)')).toBeVisible();
  await page.getByRole('button', { name: 'Compare with the server' }).click();
  await expect(page.getByText(/^Today’s visits: this desk (\d+), the server \1\. They are the same\.$/)).toBeVisible();
  await shoot('connected');
  await page.getByRole('link', { name: 'Reception' }).click();
});

test('without the server somebody is registered and gets a token of this desk’s own', async () => {
  await plug(false);
  await expect(link()).toHaveText(/^Working without the server since .*\d:\d\d/);
  await page.getByRole('button', { name: 'New patient' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Dua Lone');
  await page.getByLabel('Age or birth date').fill('31');
  await page.getByRole('button', { name: 'Save patient' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Dua Lone' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'General' })).toContainText('cannot tell yet');
  await expectNeedsServer(page.getByRole('button', { name: 'Edit record' }));
  await shoot('issue');
  await page.keyboard.press('a');
  await page.getByRole('button', { name: 'Give token' }).click();
  await expect(page.getByTestId('issued-token')).toHaveText('A-R1-001');
  await expect(page.getByText('expected wait: cannot tell yet')).toBeVisible();
  await expect(link()).toContainText('2 entries to hand over');
  await shoot('issued');
  await page.keyboard.press('Escape');
  await expect(rowOf('A-R1-001')).toContainText('Dua Lone');
});

test('the slip is drawn on this computer, and somebody who left signs in again', async () => {
  const { items } = (await call(page, 'visits.list', { state: ['waiting'] }, {})).value as {
    items: { id: string; token: string }[];
  };
  const { id } = items.find(({ token }) => token === 'A-R1-001') ?? { id: '' };
  expect((await call(page, 'paper.countSlip', { id }, {})).value).toEqual({ copy: 1 });
  const bytes = await page.evaluate(async (visit) => {
    const { medlane } = window as unknown as { medlane: { call: (...given: unknown[]) => Promise<{ value: never }> } };
    const { value } = await medlane.call('paper.slip', { id: visit, copy: 1 }, { inPage: true });
    return Array.from((value as { bytes: Uint8Array }).bytes);
  }, id);
  const { stdout } = spawnSync('pdftotext', ['-', '-'], { input: Buffer.from(bytes) });
  expect(stdout.toString()).toContain('A-R1-001');

  await page.getByRole('button', { name: 'Rosa Dizon' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await signIn(page, 'reception');
  await expect(rowOf('A-R1-001')).toContainText('Dua Lone');
  await expect(link()).toContainText('2 entries to hand over');
});

test('what it cannot do alone says so before one begins', async () => {
  await rowOf(before.token)
    .getByRole('button', { name: `Actions for ${before.token}` })
    .click();
  await expect(page.getByRole('menuitem', { name: /^Print summary.*This needs the clinic’s server/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await shoot('menu');
  await page.getByRole('menuitem', { name: 'Cancel visit' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel visit' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expectNeedsServer(page.getByRole('button', { name: 'Undo' }));
});

test('shows what waits to be handed over, and saves it as a file', async () => {
  await openDesk();
  await expect(done()).toHaveCount(4);
  await expect(link()).toHaveText(/^Working without the server since .* · 3 entries to hand over$/);
  await expect(done().nth(1)).toContainText(/Cancelled.*Rosa Dizon.*to hand over/);
  await expect(done().nth(2)).toContainText(/Token given.*A-R1-001.*Rosa Dizon.*to hand over/);
  await expect(done().nth(3)).toContainText(/Patient registered.*R1-P001.*Rosa Dizon.*to hand over/);
  await expect(page.getByText('You can go on:')).toBeVisible();
  await expectNeedsServer(page.getByRole('button', { name: 'Compare with the server' }));
  await shoot('alone');
  const file = path.join(desktop.folder, 'unsent.csv');
  await desktop.app.evaluate(({ dialog }, filePath) => {
    Object.assign(dialog, { showSaveDialog: async () => ({ canceled: false, filePath }) });
  }, file);
  await page.getByRole('button', { name: 'Save what is not handed over as a file' }).click();
  await expect.poll(() => readFileSync(file, { encoding: 'utf8', flag: 'a+' })).toContain('Dua Lone');
});

test('plugged in again, everything is handed over but what cannot be: that says why, and is seen to', async () => {
  const doctor = await clinic.api('doctor');
  // Meanwhile the patient of the cancelled visit was called in after all.
  const { roomId } = before;
  await doctor.visits.call({ id: before.id, roomId, reason: 'urgent', current: 'finish' });
  await doctor.visits.enter({ id: before.id });
  await plug(true);
  await expect(link()).toHaveText('Connected', { timeout: 30_000 });
  const visits = (await reception.visits.list({ state: ['waiting'] })).items;
  expect(visits.filter(({ token }) => token === 'A-R1-001')).toMatchObject([{ patient: { name: 'Dua Lone' } }]);
  await expect(done().nth(1)).toContainText(/Token given.*A-R1-001.*handed over/);
  await expect(done().nth(2)).toContainText(/Patient registered.*handed over/);
  const refused = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Refused by the server' }) });
  await expect(refused.getByRole('listitem')).toContainText(before.token);
  await expect(refused.getByRole('listitem')).toContainText('In the room');
  await expect(page.getByRole('link', { name: 'To settle' })).toHaveText('To settle1');
  await shoot('refused');

  // The patient waits again: now it can be done.
  await doctor.visits.return({ id: before.id });
  await page.getByRole('button', { name: `Send again ${before.token}` }).click();
  await expect(refused).toHaveCount(0);
  await expect(done().filter({ hasText: before.token })).toContainText('handed over');
  expect((await reception.visits.get({ id: before.id })).state).toBe('cancelled');
  await page.getByRole('button', { name: 'Compare with the server' }).click();
  await expect(page.getByText('They are the same.')).toBeVisible();
});

test('the board on this desk says how old it is while the server is away', async () => {
  const [board] = (await reception.boards.list()).items;
  await page.evaluate((id) => window.location.assign(`#/board/${id}`), board?.id);
  await expect(page.getByRole('region', { name: 'Calls' })).toBeVisible();
  await plug(false);
  await page.reload();
  await expect(page.getByRole('alert')).toHaveText(
    /^(No contact with the server for \d+ s|This board is out of date: please ask at the desk \(as of .+\))$/,
  );
  await shoot('board');
  await plug(true);
  await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 30_000 });
});
