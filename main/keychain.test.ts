import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keyOf } from './clinic-folder.ts';
import { createKeychain } from './keychain.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'medlane-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const put = (name: string) => writeFileSync(path.join(folder, name), '');

type Load = NonNullable<Parameters<typeof createKeychain>[1]['load']>;
const never = () => () => undefined;
const keychainOf = (load: Load, after: Parameters<typeof createKeychain>[1]['after'] = never) =>
  createKeychain('clinic-master', { load, after });

function store(held: string | null = null, fault?: string) {
  const state = { held };
  const getPassword = vi.fn(async () => {
    if (fault) throw new Error(fault);
    return state.held;
  });
  const setPassword = vi.fn(async (_service: string, _account: string, secret: string) => {
    state.held = secret;
  });
  const keychain = keychainOf(async () => ({ getPassword, setPassword, deletePassword: async () => true }));
  return { state, getPassword, setPassword, keychain };
}

it('makes one secret of 32 bytes for a new clinic, and finds it again', async () => {
  const { keychain, setPassword, state } = store();
  const key = await keyOf(folder, false, keychain);
  expect([key?.length, key?.toString('hex')]).toEqual([32, state.held]);
  put('medlane.db');
  expect(await keyOf(folder, false, keychain)).toEqual(key);
  expect(setPassword).toHaveBeenCalledTimes(1);
});

it('leaves the keychain alone for the demonstration, and where the key is a file', async () => {
  const { keychain, getPassword } = store();
  expect(await keyOf(folder, true, keychain)).toBeNull();
  put('master.key');
  put('medlane.db');
  expect(await keyOf(folder, false, keychain)).toBeNull();
  expect(getPassword).not.toHaveBeenCalled();
});

it('never makes a second key for a clinic that has one', async () => {
  put('medlane.db');
  const { keychain, setPassword } = store();
  await expect(keyOf(folder, false, keychain)).rejects.toThrow('not in the keychain');
  const none = keychainOf(() => Promise.reject(new Error('libsecret-1.so.0: cannot open')));
  await expect(keyOf(folder, false, none)).rejects.toThrow('not in the keychain');
  expect(setPassword.mock.calls.map(([, account]) => account)).not.toContain('clinic-master');
});

it('a new clinic without a keychain gets a key file', async () => {
  const none = keychainOf(() => Promise.reject(new Error('libsecret-1.so.0: cannot open')));
  expect(await keyOf(folder, false, none)).toBeNull();
  expect(await keyOf(folder, false, store(null, 'Cannot autolaunch D-Bus without X11 $DISPLAY').keychain)).toBeNull();
});

it('says so when the keychain is locked, or holds something that is not ours', async () => {
  await expect(keyOf(folder, false, store(null, 'prompt dismissed').keychain)).rejects.toThrow('locked');
  const strange = store('hello');
  await expect(keyOf(folder, false, strange.keychain)).rejects.toThrow('locked');
  expect(strange.state.held).toBe('hello');
});

it('waits for a keychain only so long, asks it once, and hears it when it answers after all', async () => {
  const waiting: (() => void)[] = [];
  const answered = Promise.withResolvers<string | null>();
  const getPassword = vi.fn(() => answered.promise);
  const slow = keychainOf(
    async () => ({ ...store(), getPassword, deletePassword: async () => true }),
    (_ms, run) => {
      waiting.push(run);
      return () => undefined;
    },
  );
  for (const n of [0, 1, 2]) {
    const reading = slow.read();
    waiting[n]?.();
    expect([await reading, slow.isAsked()]).toEqual([{ state: 'silent' }, true]);
  }
  const reading = slow.read();
  answered.resolve('ab'.repeat(32));
  expect(await reading).toMatchObject({ state: 'available' });
  expect([getPassword.mock.calls.length, slow.isAsked()]).toEqual([1, false]);
});

it('a desk and the clinic that the same computer hosts have secrets of their own', async () => {
  const held = new Map<string, string>();
  const load: Load = async () => ({
    getPassword: async (_service, account) => held.get(account) ?? null,
    setPassword: async (_service, account, secret) => void held.set(account, secret),
    deletePassword: async (_service, account) => held.delete(account),
  });
  const [clinic, desk] = (['clinic-master', 'desk-secret'] as const).map((account) =>
    createKeychain(account, { load, after: never }),
  );
  expect(await clinic?.readOrCreate()).not.toEqual(await desk?.readOrCreate());
  expect([...held.keys()]).toEqual(['clinic-master', 'desk-secret']);
});
