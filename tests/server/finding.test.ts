import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, createConnection } from '../../main/workstation/connection.ts';
import type { Advert } from '../../main/workstation/discovery.ts';
import type { Identity } from '../../main/workstation/identity.ts';
import { troubleOf } from '../../main/workstation/secure.ts';
import { databaseKey } from '../../server/backup/copy.ts';
import { openStore, type Store } from '../../server/db/open.ts';
import { keyFromFile } from '../../server/keys.ts';
import { realPorts } from '../../server/ports.ts';
import {
  certifyDevice,
  fingerprintOf,
  leafExtensions,
  loadRoot,
  serverUri,
  signCertificate,
} from '../../server/transport/tls.ts';
import { openVault } from '../../server/vault.ts';
import { openCable } from '../support/cable.ts';
import { codeOf, type World, world } from '../support/clinic.ts';
import { addressOf, clientBy, pairDesk, type TestDesk } from '../support/desk.ts';

const DAY = 86_400_000;
let clinic: World;
let store: Store;
let desk: TestDesk;
const closing: (() => Promise<unknown> | void)[] = [];
beforeAll(async () => {
  clinic = await world({ doors: { stations: 0 } });
  const { folder } = clinic.options;
  const master = keyFromFile(folder.keyFile, true).bytes;
  store = await openStore({ dialect: 'sqlite', file: folder.database, key: databaseKey(master) });
  desk = await pairDesk(clinic);
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  await store.close();
  await clinic.close();
});

const root = async () => {
  const master = keyFromFile(clinic.options.folder.keyFile, true).bytes;
  return loadRoot(store, await openVault(store, master, realPorts), realPorts);
};
const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

it.each(['00', '7f', '80', 'ff'])('a certificate can be read whatever its number begins with (%s)', async (byte) => {
  const { publicKey, privateKey: key } = newKeys();
  const of = { name: 'x', publicKey, days: 30, serial: byte.repeat(15), now: Date.now() };
  const pem = signCertificate({
    ...of,
    issuer: { name: 'x', key },
    extensions: leafExtensions('clinic://c/server', true),
  });
  expect(new X509Certificate(pem).serialNumber.toLowerCase()).toBe(`01${byte.repeat(15)}`);
});

/** A server with a certificate of its own, which notes whether anything was said to it. */
async function impostor(how: { days?: number; ownRoot?: boolean; uri?: string; asDevice?: boolean; made?: number }) {
  const { publicKey, privateKey: key } = newKeys();
  const { clinicId } = desk.identity;
  const issuerKey = how.ownRoot ? key : (await root()).key;
  const cert = how.asDevice
    ? certifyDevice(await root(), { clinicId, deviceId: desk.identity.deviceId, publicKey, ports: realPorts })
        .certificate
    : signCertificate({
        ...{ name: 'x', publicKey, days: how.days ?? 30, serial: 'ab'.repeat(15), now: how.made ?? Date.now() },
        issuer: { name: 'Medlane clinic root', key: issuerKey },
        extensions: leafExtensions(how.uri ?? serverUri(clinicId), true),
      });
  let heard = 0;
  const server = createServer({ key, cert }, (_request, response) => {
    heard += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return { address: `127.0.0.1:${(server.address() as { port: number }).port}`, heard: () => heard };
}

/** A desk's connection whose timers are played by hand. */
function connectionOf(identity: Identity, adverts: readonly Advert[] = []) {
  const kept: Identity[] = [];
  const moved: string[] = [];
  const timers: (() => void)[] = [];
  const connection: Connection = createConnection({
    identity,
    keep: async (next) => void kept.push(next),
    browse: async () => adverts,
    appVersion: '1.2.3',
    unsent: () => 2,
    moved: (url) => void moved.push(url),
    now: Date.now,
    after: (_ms, run) => {
      timers.push(run);
      return () => void timers.splice(timers.indexOf(run), 1);
    },
  });
  closing.push(() => connection.close());
  return { connection, kept, moved, timers };
}
const at = (...addresses: string[]): Identity => ({ ...desk.identity, addresses });
const NOWHERE = '127.0.0.1:9';

describe('a desk finds its server', () => {
  it('where it was the last time, and says what it has not sent', async () => {
    const { connection } = connectionOf(at(addressOf(clinic)));
    expect(await connection.find()).toEqual([{ step: 'last', address: addressOf(clinic), outcome: 'found' }]);
    await clientBy(connection.fetch, connection.url()).devices.me();
    const { devices } = await (await clinic.as('admin')).devices.list();
    const own = devices.find(({ id }) => id === desk.identity.deviceId);
    expect(own?.station).toMatchObject({ unsent: 2, appVersion: '1.2.3' });
  });

  it('at another address, by its advert; and keeps it', async () => {
    const advert = { address: addressOf(clinic), root: fingerprintOf(desk.identity.root).slice(0, 32) };
    const other = { address: NOWHERE, root: 'ab'.repeat(16) };
    const { connection, kept, moved } = connectionOf(at(NOWHERE), [other, advert]);
    expect(await connection.find()).toEqual([
      { step: 'last', address: NOWHERE, outcome: 'nobody' },
      { step: 'network', address: addressOf(clinic), outcome: 'found' },
    ]);
    expect(connection.url()).toBe(`https://${addressOf(clinic)}`);
    expect(moved).toEqual([`https://${addressOf(clinic)}`]);
    expect(kept.at(-1)?.addresses).toEqual([addressOf(clinic), NOWHERE]);
    expect(connection.trouble()).toBeNull();
  });

  it('where it once was, or where somebody says', async () => {
    const known = connectionOf(at(NOWHERE, '127.0.0.1:10', addressOf(clinic))).connection;
    expect((await known.find()).map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      ...['last nobody', 'network nobody', 'known nobody', 'known found'],
    ]);
    const typed = connectionOf(at(NOWHERE)).connection;
    expect((await typed.find(addressOf(clinic))).at(-1)).toMatchObject({ step: 'typed', outcome: 'found' });
  });

  it('that went away and came back elsewhere, by itself', async () => {
    const door = relay(addressOf(clinic));
    const first = await door.open();
    const { connection, moved, timers } = connectionOf(at(first));
    await connection.find();
    const client = () => clientBy(connection.fetch, connection.url()).devices.me();
    await client();
    door.close();
    await expect(client()).rejects.toMatchObject({ code: 'unavailable' });
    await connection.find();
    expect(connection.trouble()).toBe('nobody');
    // It comes back at an address that a person knows.
    const second = await door.open();
    expect((await connection.find(second)).at(-1)).toMatchObject({ outcome: 'found' });
    await client();
    expect([moved.at(-1), connection.trouble(), timers.length > 0]).toEqual([`https://${second}`, null, true]);
  });

  it('elsewhere, and waits no longer for an answer from where it was', { timeout: 8000 }, async () => {
    const cable = await openCable(addressOf(clinic));
    closing.push(cable.close);
    const { connection } = connectionOf(at(cable.address));
    await connection.find();
    cable.hold();
    const waiting = codeOf(clientBy(connection.fetch, connection.url()).devices.me());
    await connection.find(addressOf(clinic));
    expect(await waiting).toBe('unavailable');
  });
});

describe('an impostor', () => {
  it.each([
    ['with a root of the same name', { ownRoot: true }, 'not_ours'],
    ['of another clinic by its name', { uri: 'clinic://another/server' }, 'not_ours'],
    ['that is a desk of this clinic', { asDevice: true }, 'not_ours'],
    ['with a certificate that ran out', { made: Date.now() - 40 * DAY }, 'clock'],
    ['with a certificate of tomorrow', { made: Date.now() + 3 * DAY }, 'clock'],
  ] as const)('%s hears nothing', async (_who, how, outcome) => {
    const { address, heard } = await impostor(how);
    const { connection } = connectionOf(at(address));
    expect(await connection.find()).toContainEqual({ step: 'last', address, outcome });
    expect(connection.trouble()).toBe(outcome);
    const words = clientBy(connection.fetch, connection.url()).auth.login({ identifier: 'admin', password: 'secret' });
    await expect(words).rejects.toMatchObject({ code: 'unavailable' });
    expect(heard()).toBe(0);
  });

  it('that speaks no TLS is not ours', async () => {
    const server = createTcpServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => void server.close());
    const address = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const { connection } = connectionOf(at(address));
    expect((await connection.find())[0]?.outcome).toBe('not_ours');
  });

  it('does not keep the desk from its own server', async () => {
    const { address } = await impostor({ ownRoot: true });
    const advert = { address: addressOf(clinic), root: fingerprintOf(desk.identity.root).slice(0, 32) };
    const { connection } = connectionOf(at(address), [{ ...advert, address }, advert]);
    expect((await connection.find()).at(-1)).toMatchObject({ step: 'network', outcome: 'found' });
  });
});

describe('a desk that is told why', () => {
  it('meets an older copy of its clinic', async () => {
    const { connection } = connectionOf({ ...at(addressOf(clinic)), epoch: 'ffffffff' });
    expect((await connection.find())[0]?.outcome).toBe('older');
    const words = clientBy(connection.fetch, connection.url()).devices.me();
    await expect(words).rejects.toMatchObject({ code: 'older_server' });
    expect(connection.trouble()).toBe('older');
  });

  it('was taken out', async () => {
    const gone = await pairDesk(clinic, { name: 'Gone' });
    await (await clinic.as('admin')).devices.revoke({ id: gone.identity.deviceId });
    const { connection } = connectionOf(gone.identity);
    expect((await connection.find())[0]?.outcome).toBe('revoked');
  });

  it('has a certificate that ran out: it gets a new one, and goes on', async () => {
    const old = await aged(45);
    const { connection, kept } = connectionOf(old);
    await connection.find();
    await expect.poll(() => connection.trouble()).toBeNull();
    expect(kept.at(-1)?.certificate).not.toBe(old.certificate);
    expect(await clientBy(connection.fetch, connection.url()).devices.me()).toMatchObject({ code: 'R1' });
  });

  it('renews its certificate at half of its time', async () => {
    for (const [days, renewed] of [
      [10, false],
      [20, true],
    ] as const) {
      const old = await aged(days);
      const { connection, kept } = connectionOf(old);
      await connection.find();
      const isNew = () => kept.some(({ certificate }) => certificate !== old.certificate);
      if (renewed) await expect.poll(isNew).toBe(true);
      else expect(isNew()).toBe(false);
    }
  });
});

it('tells apart what a person can do something about', () => {
  const wrapped = (code: string) => new Error('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  expect(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET'].map(wrapped).map(troubleOf)).toEqual(
    Array.from({ length: 4 }, () => 'nobody'),
  );
  expect(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'].map(wrapped).map(troubleOf)).toEqual(['clock', 'clock']);
  for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_SIGNATURE_FAILURE', 'EPROTO', 'INVALID_PURPOSE'])
    expect(troubleOf(wrapped(code))).toBe('not_ours');
});

/** This desk with a certificate made so many days ago. */
async function aged(days: number): Promise<Identity> {
  const ports = { ...realPorts, now: () => Date.now() - days * DAY };
  const { clinicId, deviceId, key } = desk.identity;
  const publicKey = String(createPublicKey(key).export({ type: 'spki', format: 'pem' }));
  const { certificate } = certifyDevice(await root(), { clinicId, deviceId, publicKey, ports });
  return { ...at(addressOf(clinic)), certificate };
}

/** The server at another address each time: a computer that gets a new number from the router. */
function relay(target: string) {
  const [host = '', port = ''] = target.split(':');
  let server = createTcpServer();
  let sockets: Socket[] = [];
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    sockets = [];
  };
  closing.push(close);
  return {
    close,
    async open(): Promise<string> {
      server = createTcpServer((socket) => {
        const onward = connect(Number(port), host);
        sockets.push(socket, onward);
        for (const one of [socket, onward]) one.on('error', () => undefined);
        socket.pipe(onward).pipe(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `127.0.0.1:${(server.address() as { port: number }).port}`;
    },
  };
}
