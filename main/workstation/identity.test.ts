import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIdentities, type Identity, type Secrets } from './identity.ts';
import { keyFor } from './sealing.ts';

const IDENTITY: Identity = {
  ...{ clinicId: 'c1', clinic: 'Test Clinic', root: 'ROOT', key: 'THE PRIVATE KEY', certificate: 'CERTIFICATE' },
  ...{ deviceId: 'd1', stationCode: 'R1', name: 'Front desk', place: 'reception', epoch: 'e1' },
  addresses: ['10.0.0.5:7444'],
};
const holding = (secret: Buffer): Secrets => ({
  read: async () => ({ state: 'available', secret }),
  readOrCreate: async () => ({ state: 'available', secret }),
});
const without = (state: 'empty' | 'locked' | 'silent' | 'absent'): Secrets => ({
  read: async () => ({ state }),
  readOrCreate: async () => ({ state }),
});
const secret = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);
const now = () => 7;

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'medlane-identity-'));
  file = path.join(folder, 'identity.sealed');
});
afterEach(() => rmSync(folder, { recursive: true }));
const open = async (keychain: Secrets) => createIdentities(file, keychain, now).open();

it('keeps who a desk is, sealed: nobody reads the key from the file', async () => {
  expect(await open(holding(secret))).toEqual({ state: 'none' });
  await createIdentities(file, holding(secret), now).begin(IDENTITY);
  expect(await open(holding(secret))).toEqual({ state: 'joined', identity: IDENTITY });
  const bytes = readFileSync(file);
  for (const word of ['PRIVATE', 'Front desk', 'Test Clinic', '10.0.0.5']) expect(bytes.includes(word)).toBe(false);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
});

it.each(['locked', 'silent', 'absent'] as const)('writes nothing at all where the keychain is %s', async (state) => {
  const identities = createIdentities(file, without(state), now);
  expect(await identities.canKeep()).toBe(state);
  await expect(identities.begin(IDENTITY)).rejects.toThrow(state);
  expect(existsSync(file)).toBe(false);
});

it('waits for a keychain that does not open, and says when it is another one', async () => {
  await createIdentities(file, holding(secret), now).begin(IDENTITY);
  for (const state of ['locked', 'silent', 'absent'] as const) expect(await open(without(state))).toEqual({ state });
  expect(await open(without('empty'))).toEqual({ state: 'changed' });
  expect(await open(holding(other))).toEqual({ state: 'changed' });
  // Nothing was destroyed by asking.
  expect(await open(holding(secret))).toMatchObject({ state: 'joined' });
});

it('goes on under the secret that it began with, also when the keychain changes meanwhile', async () => {
  const held = { secret };
  const changing: Secrets = {
    read: async () => ({ state: 'available', ...held }),
    readOrCreate: async () => ({ state: 'available', ...held }),
  };
  const identities = createIdentities(file, changing, now);
  await identities.begin(IDENTITY);
  held.secret = other;
  await identities.keep({ ...IDENTITY, addresses: ['10.0.0.9:7444'] });
  expect(identities.keys()('cache')).toEqual(keyFor(secret, 'cache'));
  expect(await open(holding(secret))).toMatchObject({ identity: { addresses: ['10.0.0.9:7444'] } });
});

it('keeps what another secret sealed when it becomes a desk again', async () => {
  await createIdentities(file, holding(secret), now).begin(IDENTITY);
  const before = readFileSync(file);
  await createIdentities(file, holding(other), now).begin({ ...IDENTITY, deviceId: 'd2' });
  expect(await open(holding(other))).toMatchObject({ identity: { deviceId: 'd2' } });
  expect(readFileSync(`${file}.changed-7`)).toEqual(before);
});

it('notices a single changed bit, and half a file', async () => {
  await createIdentities(file, holding(secret), now).begin(IDENTITY);
  const good = readFileSync(file);
  for (const at of [0, 12, 20, 40, good.length - 1]) {
    const bad = Buffer.from(good);
    bad.writeUInt8(bad.readUInt8(at) ^ 1, at);
    writeFileSync(file, bad);
    expect(await open(holding(secret))).toEqual({ state: 'changed' });
  }
  writeFileSync(file, good.subarray(0, 20));
  expect(await open(holding(secret))).toEqual({ state: 'changed' });
});
