import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introduce } from '../../main/workstation/pairing.ts';
import { createUnproved } from '../../main/workstation/secure.ts';
import { databaseKey } from '../../server/backup/copy.ts';
import { openStore, type Store } from '../../server/db/open.ts';
import { keyFromFile } from '../../server/keys.ts';
import { realPorts } from '../../server/ports.ts';
import { certifyDevice, deviceUri, leafExtensions, loadRoot, signCertificate } from '../../server/transport/tls.ts';
import { openVault } from '../../server/vault.ts';
import { codeOf, furniture, type World, world } from '../support/clinic.ts';
import { addressOf, clientBy, deskOf, pairDesk, type TestDesk } from '../support/desk.ts';

const DAY = 86_400_000;
const random = (bytes: number) => realPorts.random(bytes);
const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const publicOf = ({ identity }: TestDesk) =>
  String(createPublicKey(identity.key).export({ type: 'spki', format: 'pem' }));

let clinic: World;
let store: Store;
let desk: TestDesk;
beforeAll(async () => {
  clinic = await world({ doors: { lan: 0, stations: 0, waitingRoom: 0 } });
  const { folder } = clinic.options;
  store = await openStore({
    dialect: 'sqlite',
    file: folder.database,
    key: databaseKey(keyFromFile(folder.keyFile, true).bytes),
  });
  desk = await pairDesk(clinic, { name: 'Front desk' });
  await clinic.token('rosa', 'receptionist');
  await clinic.token('omar', 'receptionist');
});
afterAll(async () => {
  await store.close();
  await clinic.close();
});

/** The clinic's root, as only its server has it. */
const root = async () => {
  const master = keyFromFile(clinic.options.folder.keyFile, true).bytes;
  return loadRoot(store, await openVault(store, master, realPorts), realPorts);
};
/** The same desk with a certificate made so many days ago. */
async function aged(of: TestDesk, days: number): Promise<TestDesk> {
  const ports = { ...realPorts, now: () => Date.now() - days * DAY };
  const { deviceId, clinicId } = of.identity;
  const { certificate } = certifyDevice(await root(), { clinicId, deviceId, publicKey: publicOf(of), ports });
  return deskOf({ ...of.identity, certificate });
}
const userId = async (username: string) =>
  (await (await clinic.as('admin')).users.list({ q: username })).items[0]?.id ?? '';

async function listen(of: TestDesk, token?: string): Promise<Socket> {
  const socket = io(of.url, {
    ...{ path: '/api/v1/live', transports: ['websocket'], forceNew: true, reconnection: false },
    ...of.secure.tls,
    auth: { token },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

describe('a paired desk', () => {
  it('is known by its certificate, before anybody signs in', async () => {
    const me = await desk.with({}).devices.me();
    expect(me).toMatchObject({ name: 'Front desk', place: 'reception', code: 'R1', clinic: 'Test Clinic' });
    expect(await codeOf(desk.with({}).patients.list())).toBe('unauthenticated');
  });

  it('is listed with what it said of itself', async () => {
    await desk.with({ 'Medlane-Version': '2.0.1', 'Medlane-Unsent': '3' }).devices.me();
    // What it does not say again is as before.
    await desk.with({}).devices.me();
    const { devices } = await (await clinic.as('admin')).devices.list();
    const own = devices.find(({ id }) => id === desk.identity.deviceId);
    expect(own).toMatchObject({ name: 'Front desk', kind: 'desktop', revokedAt: null });
    expect(own?.station).toMatchObject({ code: 'R1', appVersion: '2.0.1', unsent: 3 });
  });

  it('is the device of whoever signs in there, and their token is good for nothing elsewhere', async () => {
    const { accessToken } = await desk.with({}).auth.login({
      ...{ identifier: 'rosa', password: 'correct horse 42', delivery: 'body' as const },
    });
    const headers = { Authorization: `Bearer ${accessToken}` };
    expect(await desk.with(headers).auth.me()).toMatchObject({ username: 'rosa' });
    // The same token on this computer's own door, on another desk, and another's token here.
    expect(await codeOf(clientBy(fetch, clinic.url, headers).auth.me())).toBe('unauthenticated');
    const other = await pairDesk(clinic, { name: 'Other' });
    expect(await codeOf(other.with(headers).auth.me())).toBe('unauthenticated');
    const elsewhere = { Authorization: `Bearer ${await clinic.token('rosa')}` };
    expect(await codeOf(desk.with(elsewhere).auth.me())).toBe('unauthenticated');
  });

  it('renews a sign-in of its own only', async () => {
    const login = { identifier: 'omar', password: 'correct horse 42', delivery: 'body' as const };
    const { refreshToken } = await desk.with({}).auth.login(login);
    const token = { refreshToken: refreshToken ?? '' };
    expect(await codeOf(clientBy(fetch, clinic.url).auth.refresh(token))).toBe('session_ended');
    expect((await desk.with({}).auth.refresh(token)).user.username).toBe('omar');
  });

  it('switches people by PIN', async () => {
    const rosa = await desk.signIn('rosa');
    await rosa.auth.setPin({ password: 'correct horse 42', pin: '2580' });
    const omar = await desk.signIn('omar');
    expect((await omar.auth.people()).people.map(({ name }) => name)).toContain('rosa');
    const answer = await omar.auth.switch({ userId: await userId('rosa'), pin: '2580' });
    expect([answer.user.username, answer.refreshToken !== null]).toEqual(['rosa', true]);
  });
});

describe('what a desk says for somebody', () => {
  it('is done as theirs, once they have signed in there', async () => {
    const signedIn = await desk.signIn('rosa');
    const { queueId } = await furniture(signedIn);
    await signedIn.auth.logout({});
    const rosa = desk.with({ 'Medlane-For': await userId('rosa'), 'Medlane-Made-At': String(Date.now() - 60_000) });
    const { id: patientId } = await rosa.patients.register({ name: 'Ali Khan' });
    await rosa.visits.issue({ patientId, queueId });
    const [entry] = (await (await clinic.as('admin')).audit.list({ action: ['visits.issue'], limit: 1 })).items;
    expect(entry).toMatchObject({ actor: 'rosa', deviceId: desk.identity.deviceId });
  });

  it('is believed of what a desk does alone, and of the time when they were there', async () => {
    const { queueId } = await furniture(await desk.signIn('rosa'));
    const id = await userId('rosa');
    const at = (ms: number) => desk.with({ 'Medlane-For': id, 'Medlane-Made-At': String(Date.now() + ms) });
    const { id: patientId } = await at(0).patients.register({ name: 'Zara Noor' });
    expect(await codeOf(at(0).patients.list({ q: 'zara' }))).toBe('unauthenticated');
    expect(await codeOf(at(0).auth.me())).toBe('unauthenticated');
    const { arrivedAt } = await at(-5 * 3_600_000).visits.issue({ patientId, queueId });
    expect(Date.parse(arrivedAt)).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('is not believed for somebody who never was there, or works here no more', async () => {
    const admin = await clinic.as('admin');
    await clinic.token('nia', 'nurse');
    const handsIn = (id: string) => codeOf(desk.with({ 'Medlane-For': id }).patients.register({ name: 'Some Body' }));
    expect(await handsIn(await userId('nia'))).toBe('unauthenticated');
    expect(await handsIn(await userId('admin'))).toBe('unauthenticated');
    const leaver = await admin.users.create({
      ...{ username: 'leaver', name: 'Leaver', password: 'correct horse 42', roles: ['receptionist' as const] },
    });
    await desk.signIn('leaver');
    await admin.users.update({ id: leaver.id, active: false });
    expect(await handsIn(leaver.id)).toBe('unauthenticated');
  });

  it('is not believed at any other door', async () => {
    const headers = { 'Medlane-For': await userId('rosa'), 'Medlane-Made-At': '1700000000000' };
    const unproved = createUnproved();
    const lan = `https://127.0.0.1:${new URL(clinic.server.doors['lan'] ?? '').port}`;
    expect(await codeOf(clientBy(fetch, clinic.url, headers).auth.me())).toBe('unauthenticated');
    expect(await codeOf(clientBy(unproved.fetch, lan, headers).auth.me())).toBe('unauthenticated');
    expect(await codeOf(clientBy(fetch, clinic.url, headers).devices.me())).toBe('unauthenticated');
    await unproved.close();
  });
});

describe('strangers', () => {
  it('reach pairing and health on the desks’ door, and nothing else', async () => {
    const unproved = createUnproved();
    const url = `https://${addressOf(clinic)}`;
    const stranger = clientBy(unproved.fetch, url, { Authorization: `Bearer ${await clinic.token('admin')}` });
    expect((await stranger.system.health()).status).toBe('ok');
    for (const call of [stranger.setup.state(), stranger.auth.me(), stranger.patients.list(), stranger.devices.me()])
      expect(await codeOf(call)).toBe('not_this_clinic');
    expect(await codeOf(stranger.auth.login({ identifier: 'admin', password: 'correct horse 42' }))).toBe(
      'not_this_clinic',
    );
    for (const path of ['/', '/api/docs/', '/index.html'])
      expect((await unproved.fetch(url + path, {})).status).toBe(403);
    await unproved.close();
  });

  it('do not pair by the door for people', async () => {
    const unproved = createUnproved();
    const lan = `127.0.0.1:${new URL(clinic.server.doors['lan'] ?? '').port}`;
    await (await clinic.as('admin')).pairing.open();
    const refused = await introduce({ address: lan, appVersion: '1', random }).catch((error) => error.code);
    expect(refused).toBe('not_found');
    await unproved.close();
  });

  it('with a certificate of another root, of the server, or of a desk that nobody added, are refused', async () => {
    const { publicKey, privateKey: key } = newKeys();
    const { clinicId } = desk.identity;
    const common = { publicKey, days: 30, now: Date.now(), serial: 'ab'.repeat(15) };
    const issuer = { name: 'Medlane clinic root', key };
    const extensions = leafExtensions(deviceUri(clinicId, desk.identity.deviceId), false);
    const forged = signCertificate({ ...common, name: 'x', issuer, extensions });
    const unknown = certifyDevice(await root(), { clinicId, deviceId: 'nobody', publicKey, ports: realPorts });
    // Of the right root and name, but for another key than the one that was paired.
    const { deviceId } = desk.identity;
    const another = certifyDevice(await root(), { clinicId, deviceId, publicKey, ports: realPorts });
    for (const certificate of [forged, unknown.certificate, another.certificate]) {
      const impostor = deskOf({ ...desk.identity, key, certificate });
      expect(await codeOf(impostor.with({}).devices.me())).toBe('not_this_clinic');
      await expect(listen(impostor)).rejects.toThrow();
    }
  });

  it('with a forged certificate that also ran out are refused, though OpenSSL names only the second fault', async () => {
    const { publicKey, privateKey: key } = newKeys();
    const extensions = leafExtensions(deviceUri(desk.identity.clinicId, desk.identity.deviceId), false);
    const certificate = signCertificate({
      ...{ name: 'x', publicKey, days: 30, now: Date.now() - 40 * DAY, serial: 'cd'.repeat(15), extensions },
      issuer: { name: 'Medlane clinic root', key },
    });
    const impostor = deskOf({ ...desk.identity, key, certificate });
    expect(await codeOf(impostor.with({}).devices.renew({ publicKey }))).toBe('not_this_clinic');
  });
});

describe('certificates', () => {
  it('are renewed for the same key, also after they ran out', async () => {
    for (const days of [20, 40, 100]) {
      const old = await aged(desk, days);
      const late = days > 30;
      expect(await codeOf(old.with({}).devices.me())).toBe(late ? 'certificate_expired' : 'ok');
      const { certificate, until } = await old.with({}).devices.renew({ publicKey: publicOf(desk) });
      expect(Date.parse(until)).toBeGreaterThan(Date.now() + 29 * DAY);
      expect(
        await codeOf(
          deskOf({ ...desk.identity, certificate })
            .with({})
            .devices.me(),
        ),
      ).toBe('ok');
    }
  });

  it('are not renewed for another key, after 90 days, or by who holds none', async () => {
    expect(await codeOf(desk.with({}).devices.renew({ publicKey: newKeys().publicKey }))).toBe('not_this_clinic');
    const old = await aged(desk, 30 + 91);
    expect(await codeOf(old.with({}).devices.renew({ publicKey: publicOf(desk) }))).toBe('certificate_expired');
    const headers = { Authorization: `Bearer ${await clinic.token('admin')}` };
    const byToken = clientBy(fetch, clinic.url, headers).devices.renew({ publicKey: publicOf(desk) });
    expect(await codeOf(byToken)).toBe('forbidden');
  });
});

describe('a desk that is revoked', () => {
  it('is cut at once: its socket, its request, its sign-ins', async () => {
    const admin = await clinic.as('admin');
    const doomed = await pairDesk(clinic, { name: 'Doomed' });
    const { accessToken } = await doomed.with({}).auth.login({
      ...{ identifier: 'rosa', password: 'correct horse 42', delivery: 'body' as const },
    });
    const [person, alone] = [await listen(doomed, accessToken), await listen(doomed)];
    const untouched = await listen(desk);
    const gone = Promise.all([person, alone].map((socket) => new Promise((done) => socket.once('disconnect', done))));
    const before = performance.now();
    await admin.devices.revoke({ id: doomed.identity.deviceId });
    await gone;
    // A busy computer may need a moment; what waited for a renewal would need minutes.
    expect(performance.now() - before).toBeLessThan(5000);
    expect(untouched.connected).toBe(true);
    untouched.disconnect();
    expect(await codeOf(doomed.with({}).devices.me())).toBe('device_revoked');
    expect(await codeOf(doomed.with({ Authorization: `Bearer ${accessToken}` }).auth.me())).toBe('device_revoked');
    expect(await codeOf(doomed.with({}).devices.renew({ publicKey: publicOf(doomed) }))).toBe('device_revoked');
  });

  it('never gives its code to another', async () => {
    const admin = await clinic.as('admin');
    const codes: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const one = await pairDesk(clinic, { name: `Passing ${n}` });
      codes.push(one.identity.stationCode);
      await admin.devices.revoke({ id: one.identity.deviceId });
    }
    await clinic.restart();
    codes.push((await pairDesk(clinic, { name: 'Last' })).identity.stationCode);
    const all = (await (await clinic.as('admin')).devices.list()).devices.flatMap(({ station }) => station?.code ?? []);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(codes).size).toBe(4);
  });

  it('leaves what was done in the audit, without a key or a code', async () => {
    const admin = await clinic.as('admin');
    const { items } = await admin.audit.list({ limit: 500 });
    const actions = new Set(items.map(({ action }) => action));
    for (const action of ['pairing.open', 'pairing.begin', 'pairing.reveal', 'pairing.confirm', 'devices.revoke'])
      expect(actions).toContain(action);
    expect(JSON.stringify(items)).not.toMatch(/BEGIN|"answer"|deskNonce/);
  });
});

describe('another life of the clinic', () => {
  it('is refused by its own server, when the desk has met a later one', async () => {
    expect(await codeOf(deskNow().with({ 'Medlane-Epoch': 'ffffffff' }).devices.me())).toBe('older_server');
    expect(await codeOf(deskNow().with({ 'Medlane-Epoch': desk.identity.epoch }).devices.me())).toBe('ok');
  });
});
/** The clinic was started again: its door has another port. */
const deskNow = () => deskOf(desk.identity, `https://${addressOf(clinic)}`);
