import { createPublicKey, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { API_PREFIX } from '../../contract/http.ts';
import type { MedlaneOperation } from '../../contract/index.ts';
import { routeOf } from '../../contract/kit.ts';
import { commitmentOf } from '../../contract/pairing-code.ts';
import { introduce } from '../../main/workstation/pairing.ts';
import { client, PASSWORD, world } from '../support/clinic.ts';
import { addressOf, pairDesk, type TestDesk } from '../support/desk.ts';
import { ask, operationOf, type Raw, type Reply, replyOf } from './calls.ts';
import { EXAMPLE_KEY } from './examples.ts';
import { type Group, late, onEmptyServer, type Scene } from './scenes.ts';

const nobody = 'nobody-has-this-id';
const publicKeyOf = (key: string) => String(createPublicKey(key).export({ type: 'spki', format: 'pem' }));
const BEGINNING = { commitment: 'ab'.repeat(32), publicKey: EXAMPLE_KEY, appVersion: '1.0.0' };

/** Asks through the desks' door, as that desk. */
async function askAs(desk: TestDesk, name: MedlaneOperation, input: Raw = {}): Promise<Reply> {
  const { method, path } = routeOf(operationOf(name));
  const response = await desk.secure.fetch(`${desk.url}${API_PREFIX}${path}`, {
    method,
    ...(method === 'GET' ? {} : { body: JSON.stringify(input), headers: { 'Content-Type': 'application/json' } }),
  });
  return replyOf(response.status, response.headers, await response.text());
}

/** A desk before the administrator, who has not typed its code yet. */
async function introduced(scene: Scene) {
  const admin = await scene.as('admin');
  await admin.pairing.open();
  const desk = await introduce({ address: addressOf(scene.world), appVersion: '1.2.3', random: randomBytes });
  const pending = await admin.pairing.pending();
  return { ...desk, pairingId: pending.desk?.pairingId ?? '' };
}
const closed = async (scene: Scene) => (await scene.as('admin')).pairing.cancel();
const opened = async (scene: Scene) => (await scene.as('admin')).pairing.open();
const another = (code: string) => (code === '000000' ? '000001' : '000000');

/** A desk that was added, and has not come back for its certificate yet. */
async function added(scene: Scene): Promise<string> {
  const { pairingId, code, close } = await introduced(scene);
  await close();
  const confirmation = { pairingId, code, name: scene.fresh('Desk'), place: 'reception' as const };
  return (await (await scene.as('admin')).pairing.confirm(confirmation)).deviceId;
}

/** A paired desk of a clinic whose clock is the one that certificates are looked at by. */
async function withDesk(use: (desk: TestDesk) => Promise<Reply>): Promise<Reply> {
  const clinic = await world({ doors: { stations: 0 } });
  try {
    return await use(await pairDesk(clinic));
  } finally {
    await clinic.close();
  }
}

async function screenOf(scene: Scene) {
  return (await scene.ask('screens.show')).body.data as { screenId: string; code: string };
}

/** What is connected: desks, browsers, screens. */
export const deviceScenarios: Group<'devices' | 'pairing' | 'screens'> = {
  'devices.list': {
    ok: async (scene) => {
      await added(scene);
      return scene.ask('devices.list');
    },
  },
  'devices.rename': {
    ok: async (scene) => scene.ask('devices.rename', { id: await added(scene), name: 'Left window', place: 'office' }),
    not_found: (scene) => scene.ask('devices.rename', { id: nobody, name: 'Left window' }),
  },
  'devices.revoke': {
    ok: async (scene) => scene.ask('devices.revoke', { id: await added(scene) }),
    not_found: (scene) => scene.ask('devices.revoke', { id: nobody }),
  },
  'devices.me': { ok: () => withDesk((desk) => askAs(desk, 'devices.me')) },
  'devices.renew': {
    ok: () => withDesk((desk) => askAs(desk, 'devices.renew', { publicKey: publicKeyOf(desk.identity.key) })),
    not_this_clinic: () => withDesk((desk) => askAs(desk, 'devices.renew', { publicKey: EXAMPLE_KEY })),
  },
  'pairing.open': {
    step_up: late('pairing.open'),
    ok: (scene) => scene.ask('pairing.open'),
    pairing_limit: () =>
      onEmptyServer(async (empty) => {
        const administrator = { name: 'First', username: 'first', password: PASSWORD };
        await client(empty.url).setup.host({ clinic: 'New', timeZone: 'Asia/Manila', administrator });
        const token = (await client(empty.url).auth.login({ identifier: 'first', password: PASSWORD })).accessToken;
        for (let n = 0; n < 10; n += 1) {
          await ask(empty.url, 'pairing.open', {}, { token });
          await ask(empty.url, 'pairing.begin', BEGINNING);
        }
        return ask(empty.url, 'pairing.open', {}, { token });
      }),
  },
  'pairing.pending': {
    ok: async (scene) => {
      const desk = await introduced(scene);
      const reply = await scene.ask('pairing.pending');
      await desk.close();
      return reply;
    },
  },
  'pairing.confirm': {
    ok: async (scene) => {
      const { pairingId, code, close } = await introduced(scene);
      await close();
      return scene.ask('pairing.confirm', { pairingId, code, name: 'Desk', place: 'doctor' });
    },
    wrong_code: async (scene) => {
      const { pairingId, code, close } = await introduced(scene);
      await close();
      return scene.ask('pairing.confirm', { pairingId, code: another(code), name: 'Desk', place: 'doctor' });
    },
    pairing_closed: async (scene) => {
      await closed(scene);
      return scene.ask('pairing.confirm', { pairingId: nobody, code: '123456', name: 'Desk', place: 'doctor' });
    },
  },
  'pairing.cancel': { ok: (scene) => scene.ask('pairing.cancel') },
  'pairing.begin': {
    ok: async (scene) => {
      await opened(scene);
      return scene.ask('pairing.begin', BEGINNING);
    },
    pairing_closed: async (scene) => {
      await closed(scene);
      return scene.ask('pairing.begin', BEGINNING);
    },
    pairing_busy: async (scene) => {
      const { close } = await introduced(scene);
      await close();
      return scene.ask('pairing.begin', BEGINNING);
    },
  },
  'pairing.reveal': {
    ok: async (scene) => {
      await opened(scene);
      const deskNonce = 'cd'.repeat(32);
      const commitment = await commitmentOf({ deskNonce, publicKey: EXAMPLE_KEY });
      const begun = await scene.ask('pairing.begin', { ...BEGINNING, commitment });
      const { pairingId } = begun.body.data as { pairingId: string };
      return scene.ask('pairing.reveal', { pairingId, deskNonce });
    },
    pairing_closed: (scene) => scene.ask('pairing.reveal', { pairingId: nobody, deskNonce: 'ab'.repeat(32) }),
  },
  'pairing.collect': {
    ok: async (scene) => {
      const { pairingId, code, close } = await introduced(scene);
      await close();
      await scene.ask('pairing.confirm', { pairingId, code, name: 'Desk', place: 'doctor' });
      const reply = await scene.ask('pairing.collect', { pairingId });
      expect(reply.body.data).toMatchObject({ desk: { name: 'Desk' } });
      return reply;
    },
    pairing_closed: (scene) => scene.ask('pairing.collect', { pairingId: nobody }),
  },
  'screens.show': {
    ok: (scene) => scene.ask('screens.show'),
    screens_busy: () =>
      onEmptyServer(async (empty) => {
        const show = () => ask(empty.url, 'screens.show', {});
        for (let n = 0; n < 20; n += 1) await show();
        return show();
      }),
  },
  'screens.add': {
    step_up: late('screens.add'),
    ok: async (scene) => {
      const { code } = await screenOf(scene);
      const { id } = await scene.newUser('display');
      return scene.ask('screens.add', { code, userId: id, name: 'Hall' });
    },
    wrong_code: async (scene) => {
      const { id } = await scene.newUser('display');
      return scene.ask('screens.add', { code: '000000', userId: id, name: 'Hall' });
    },
    not_found: (scene) => scene.ask('screens.add', { code: '000000', userId: nobody, name: 'Hall' }),
    display_only: async (scene) => {
      const { id } = await scene.newUser('nurse', 'display');
      return scene.ask('screens.add', { code: '000000', userId: id, name: 'Hall' });
    },
  },
  'screens.waiting': {
    ok: async (scene) => {
      const { screenId } = await screenOf(scene);
      return scene.ask('screens.waiting', { screenId });
    },
    pairing_closed: (scene) => scene.ask('screens.waiting', { screenId: nobody }),
  },
  'screens.enter': {
    ok: async (scene) => {
      const { screenId, code } = await screenOf(scene);
      const { id } = await scene.newUser('display');
      await scene.ask('screens.add', { code, userId: id, name: 'Hall' });
      return scene.ask('screens.enter', { screenId });
    },
    pairing_closed: async (scene) => {
      const { screenId } = await screenOf(scene);
      return scene.ask('screens.enter', { screenId });
    },
  },
};
