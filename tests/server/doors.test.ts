import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hostname } from 'node:os';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKey } from '../../server/backup/copy.ts';
import { openStore, type Store } from '../../server/db/open.ts';
import { keyFromFile } from '../../server/keys.ts';
import { realPorts } from '../../server/ports.ts';
import { loadIdentity } from '../../server/transport/tls.ts';
import { openVault } from '../../server/vault.ts';
import { furniture, PASSWORD, type World, world } from '../support/clinic.ts';

type Answer = { status: number; text: string; headers: IncomingMessage['headers'] };

/** A request to a door by its address on this computer, with what a desk would bring. */
function ask(door: string, path: string, { body, ...options }: RequestOptions & { body?: object } & Tls = {}) {
  const { protocol, port } = new URL(door);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { ...(body ? { 'Content-Type': 'application/json' } : {}), ...options.headers };
  return new Promise<Answer>((resolve, reject) => {
    const sent = send({ host: '127.0.0.1', port, path, agent: false, ...options, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
    });
    sent.on('error', reject).end(body ? JSON.stringify(body) : undefined);
  });
}
type Tls = { ca?: string; servername?: string };

let clinic: World;
let store: Store;
let ca = '';
let boardId = '';
const servername = hostname();
const HEALTH = '/api/v1/health';

beforeAll(async () => {
  clinic = await world({ doors: { lan: 0, stations: 0, waitingRoom: 0 } });
  const { folder } = clinic.options;
  const master = keyFromFile(folder.keyFile, true).bytes;
  store = await openStore({ dialect: 'sqlite', file: folder.database, key: databaseKey(master) });
  const vault = await openVault(store, master, realPorts);
  ca = (await loadIdentity(store, vault, realPorts, clinic.server.clinicId, [])).root;
  ({ boardId } = await furniture(await clinic.as('admin')));
});
afterAll(async () => {
  await store.close();
  await clinic.close();
});
const door = (name: string) => clinic.server.doors[name] as string;

describe('the LAN door', () => {
  it('serves with the clinic’s own certificate, which its root vouches for', async () => {
    const { status, text } = await ask(door('lan'), HEALTH, { ca, servername });
    expect([status, JSON.parse(text).data.service]).toEqual([200, 'medlane']);
    await expect(ask(door('lan'), HEALTH, { servername })).rejects.toThrow(/certificate/);
    await expect(ask(door('lan'), HEALTH, { ca, servername: 'another.example' })).rejects.toThrow(/altnames/i);
  });

  it('speaks TLS 1.2 and newer only', async () => {
    const old = new Promise<string>((resolve) => {
      const socket = connect({
        ...{ host: '127.0.0.1', port: Number(new URL(door('lan')).port), servername, ca },
        ...{ minVersion: 'TLSv1.1' as const, maxVersion: 'TLSv1.1' as const, ciphers: 'DEFAULT@SECLEVEL=0' },
      });
      socket.once('secureConnect', () => resolve('connected'));
      socket.once('error', () => resolve('refused'));
    });
    expect(await old).toBe('refused');
  });

  it('lets people sign in, with cookies that never go over plain HTTP', async () => {
    const { status, headers } = await ask(door('lan'), '/api/v1/auth/login', {
      ...{ ca, servername, method: 'POST', headers: { 'User-Agent': 'Mozilla/5.0' } },
      body: { identifier: 'admin', password: PASSWORD },
    });
    expect(status).toBe(200);
    const cookies = headers['set-cookie'] ?? [];
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie).toMatch(/; Secure/i);
    expect((await ask(door('lan'), '/api/v1/patients', { ca, servername })).status).toBe(401);
  });
});

describe('the waiting room’s door', () => {
  const visit = async () => {
    const admin = await clinic.as('admin');
    const rosa = await clinic.as('rosa', 'receptionist');
    const doctor = await clinic.as('sana', 'doctor');
    const { queueId, roomId } = await furniture(rosa);
    await admin.boards.update({ id: boardId, names: 'full' });
    const { id: patientId } = await rosa.patients.register({ name: 'Parveen Akhtar' });
    const { token } = await rosa.visits.issue({ patientId, queueId });
    await doctor.queues.callNext({ id: queueId, roomId });
    return token;
  };

  it('shows boards without a sign-in, with tokens and never with names', async () => {
    const token = await visit();
    const list = await ask(door('waiting-room'), '/api/v1/boards');
    expect(JSON.parse(list.text).data.items).toMatchObject([{ id: boardId }]);
    const { status, text } = await ask(door('waiting-room'), `/api/v1/boards/${boardId}`);
    expect(status).toBe(200);
    expect(JSON.parse(text).data.calls).toMatchObject([{ token, room: 'Room 1', name: null }]);
    expect(text).not.toContain('Parveen');
    expect((await ask(door('waiting-room'), HEALTH)).status).toBe(200);
  });

  it.each([
    ['GET', '/api/v1/patients'],
    ['GET', '/api/v1/visits'],
    ['GET', '/api/v1/queues'],
    ['GET', '/api/v1/changes?since=0'],
    ['GET', '/api/v1/settings'],
    ['GET', '/api/v1/users'],
    ['GET', '/api/v1/audit/export'],
    ['POST', '/api/v1/auth/login'],
    ['POST', '/api/v1/setup/host'],
    ['POST', '/api/v1/visits'],
    ['POST', '/api/v1/boards'],
  ])('does not serve %s %s, also to an administrator', async (method, path) => {
    const body = method === 'POST' ? { identifier: 'admin', password: PASSWORD } : undefined;
    const authorization = `Bearer ${await clinic.token('admin')}`;
    for (const headers of [{}, { authorization }]) {
      const { status } = await ask(door('waiting-room'), path, { method, headers, ...(body ? { body } : {}) });
      expect([401, 404]).toContain(status);
    }
  });

  it('has no live channel', async () => {
    const { status } = await ask(door('waiting-room'), '/api/v1/live/?EIO=4&transport=polling');
    expect(status).toBe(404);
  });
});

describe('this computer’s own door', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '192.168.1.10', '127.0.0.1@evil'])(
    'refuses a page of another name that resolves to this computer (%s)',
    async (host) => {
      const { status, text } = await ask(door('local'), HEALTH, { headers: { Host: host } });
      expect([status, text.includes('medlane')]).toEqual([403, false]);
    },
  );

  it.each(['127.0.0.1', 'localhost'])('answers to %s', async (name) => {
    const { port } = new URL(door('local'));
    expect((await ask(door('local'), HEALTH, { headers: { Host: `${name}:${port}` } })).status).toBe(200);
  });

  it('listens to this computer only', () => {
    expect(new URL(door('local')).hostname).toBe('127.0.0.1');
    expect(Object.keys(clinic.server.doors).sort()).toEqual(['lan', 'local', 'stations', 'waiting-room']);
  });
});

describe('the clinic’s root', () => {
  it('stays the same over a restart, so that stations need not be paired again', async () => {
    const seen = (certificate: string) => createHash('sha256').update(certificate).digest('hex');
    await clinic.restart();
    const { options, server } = clinic;
    const vault = await openVault(store, keyFromFile(options.folder.keyFile, true).bytes, realPorts);
    const again = await loadIdentity(store, vault, realPorts, server.clinicId, []);
    expect(seen(again.root)).toBe(seen(ca));
    expect((await ask(door('stations'), HEALTH, { ca, servername })).status).toBe(200);
  });
});
