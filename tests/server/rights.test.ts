import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import type { Role } from '../../domain/people.ts';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';

const HOUR = 3_600_000;

describe.each(DIALECTS)('%s', (dialect) => {
  let clinic: World;
  let admin: Client<MedlaneApi>;
  beforeAll(async () => {
    clinic = await world({ dialect, now: Date.parse('2026-11-18T07:00:00Z') });
    admin = await clinic.as('admin');
  });
  afterAll(() => clinic.close());

  const iso = (ms: number) => new Date(ms).toISOString();
  const signIn = (username: string, password = PASSWORD) =>
    client(clinic.url).auth.login({ identifier: username, password, delivery: 'body' });
  let made = 0;
  /** Somebody new who is signed in. */
  async function person(...roles: Role[]) {
    const username = `person-${++made}`;
    const { id } = await admin.users.create({ username, name: 'Some One', password: PASSWORD, roles });
    const { accessToken, refreshToken } = await signIn(username);
    return { id, username, refreshToken: refreshToken ?? '', api: client(clinic.url, accessToken) };
  }

  describe('a right beyond the role', () => {
    it('begins when it is said, and ends by itself', async () => {
      const { id, api } = await person('nurse');
      const { now } = clinic.time;
      const given = { from: iso(now + 60_000), until: iso(now + 120_000) };
      await admin.users.grant({ id, feature: 'audit', level: 'read', ...given });
      const reads = () => codeOf(api.audit.list());
      expect(await reads()).toBe('forbidden');
      clinic.time.pass(60_000);
      expect(await reads()).toBe('ok');
      clinic.time.pass(60_000);
      expect(await reads()).toBe('forbidden');
      clinic.time.now = now;
    });

    it('goes as far as it says, and no further', async () => {
      const { id, api } = await person('pharmacist');
      const tries = async () => [
        await codeOf(api.queues.list()),
        await codeOf(api.rooms.list()),
        await codeOf(api.boards.create({ name: 'Yard', queueIds: [] })),
        await codeOf(api.boards.update({ id: 'no-board', name: 'Yard' })),
      ];
      expect(await tries()).toEqual(['ok', 'ok', 'forbidden', 'forbidden']);
      await admin.users.grant({ id, feature: 'boards', level: 'create' });
      expect(await tries()).toEqual(['ok', 'ok', 'ok', 'forbidden']);
      await admin.users.grant({ id, feature: 'boards', level: 'full' });
      expect(await tries()).toEqual(['ok', 'ok', 'ok', 'not_found']);
    });

    it('may also be taken away, whatever the role says', async () => {
      const { id, api } = await person('doctor');
      expect(await codeOf(api.patients.list({ q: 'ali' }))).toBe('ok');
      await admin.users.grant({ id, feature: 'patients', level: 'none' });
      expect(await codeOf(api.patients.list({ q: 'ali' }))).toBe('forbidden');
      await admin.users.revoke({ id, feature: 'patients' });
      expect(await codeOf(api.patients.list({ q: 'ali' }))).toBe('ok');
    });

    it('is named with its reason to whoever asks who may do what', async () => {
      const { id } = await person('nurse');
      await admin.users.grant({ id, feature: 'audit', level: 'read' });
      const { items } = await admin.rights.list();
      const of = (feature: string) =>
        items.find((one) => one.id === id)?.features.find((one) => one.feature === feature);
      expect(of('audit')).toMatchObject({ level: 'read', grant: { level: 'read', until: null } });
      expect(of('visits')).toMatchObject({ level: 'full', grant: null });
      expect(of('backups')).toMatchObject({ level: 'none', operations: 0, grant: null });
    });
  });

  describe('who manages whom', () => {
    it('an administrator of a branch manages staff, not their equals, and cannot raise anybody to their own height', async () => {
      const { api: lower } = await person('admin');
      const nurse = await person('nurse');
      const equal = await person('admin');
      expect(await codeOf(lower.users.update({ id: nurse.id, roles: ['doctor'] }))).toBe('ok');
      expect(await codeOf(lower.users.update({ id: nurse.id, roles: ['admin'] }))).toBe('outranked');
      expect(await codeOf(lower.users.update({ id: equal.id, active: false }))).toBe('outranked');
      expect(await codeOf(lower.users.setPassword({ id: equal.id, password: 'another horse 43' }))).toBe('outranked');
      expect(await codeOf(lower.users.grant({ id: nurse.id, feature: 'backups', level: 'full' }))).toBe(
        'beyond_rights',
      );
    });

    it('nobody changes their own rights, but their own name', async () => {
      const { id, api } = await person('super_admin');
      expect(await codeOf(api.users.update({ id, name: 'A New Name' }))).toBe('ok');
      expect(await codeOf(api.users.update({ id, roles: ['super_admin', 'admin'] }))).toBe('ok');
      expect(await codeOf(api.users.update({ id, roles: ['doctor'] }))).toBe('own_rights');
      expect(await codeOf(api.users.update({ id, active: false }))).toBe('own_rights');
      expect(await codeOf(api.users.suspend({ id, reason: 'holiday' }))).toBe('own_rights');
    });

    it('a nurse who was given the accounts still manages nobody of her own height', async () => {
      const { id, api } = await person('nurse');
      const doctor = await person('doctor');
      await admin.users.grant({ id, feature: 'users', level: 'full' });
      expect(await codeOf(api.users.list())).toBe('ok');
      expect(await codeOf(api.users.setPassword({ id: doctor.id, password: 'another horse 43' }))).toBe('outranked');
      const boss = { username: 'boss', name: 'Boss', password: PASSWORD, roles: ['admin' as const] };
      expect(await codeOf(api.users.create(boss))).toBe('outranked');
    });
  });

  describe('somebody who is kept out', () => {
    it('is out at once, reads why, and is in again when the time is over', async () => {
      const { id, username, api, refreshToken } = await person('nurse');
      const { now } = clinic.time;
      await admin.users.suspend({ id, reason: 'left the keys', until: iso(now + HOUR) });
      expect(await codeOf(api.auth.me())).toBe('unauthenticated');
      expect(await codeOf(client(clinic.url).auth.refresh({ refreshToken }))).toBe('session_ended');
      await expect(signIn(username)).rejects.toMatchObject({
        code: 'suspended',
        facts: { reason: 'left the keys', until: iso(now + HOUR) },
      });
      expect(await codeOf(signIn(username, 'a wrong password'))).toBe('bad_credentials');
      clinic.time.pass(HOUR);
      expect(await codeOf(signIn(username))).toBe('ok');
      clinic.time.now = now;
    });

    it('without an end until somebody lets them in', async () => {
      const { id, username } = await person('nurse');
      await admin.users.suspend({ id, reason: 'left the keys' });
      expect(await codeOf(signIn(username))).toBe('suspended');
      await admin.users.letIn({ id });
      expect(await codeOf(signIn(username))).toBe('ok');
    });
  });

  describe('from where, and by what', () => {
    it('an account for desks alone opens nothing else, also with a token that it had', async () => {
      const { id, username, api } = await person('nurse');
      await admin.users.update({ id, platforms: ['desktop'] });
      expect(await codeOf(api.auth.me())).toBe('unauthenticated');
      expect(await codeOf(signIn(username))).toBe('not_from_here');
      expect(await codeOf(signIn(username, 'a wrong password'))).toBe('bad_credentials');
    });

    it('an address that is no network is refused where it stands', async () => {
      const { id } = await person('nurse');
      expect(await codeOf(admin.users.update({ id, ranges: ['192.168.1.0/24', 'fd00::/8'] }))).toBe('ok');
      expect(await codeOf(admin.users.update({ id, ranges: ['192.168.1.0/33'] }))).toBe('validation_failed');
    });
  });

  describe('a password that somebody else chose', () => {
    it('opens nothing but the choice of another', async () => {
      const { id, username, api } = await person('nurse');
      await admin.users.setPassword({ id, password: 'given horse 44', passwordGiven: true });
      expect(await codeOf(api.auth.me())).toBe('unauthenticated');
      const { ticket } = (await signIn(username, 'given horse 44').catch(
        (error: { facts: { ticket: string } }) => error.facts,
      )) as { ticket: string };
      // It is no step towards being let in.
      expect(await codeOf(client(clinic.url).auth.secondFactor({ ticket, code: '000000' }))).toBe('ticket_over');
      await client(clinic.url).auth.choosePassword({ ticket, password: 'my own horse 45' });
      expect(await codeOf(client(clinic.url).auth.choosePassword({ ticket, password: 'my own horse 46' }))).toBe(
        'ticket_over',
      );
      expect(await codeOf(signIn(username, 'given horse 44'))).toBe('bad_credentials');
      expect(await codeOf(signIn(username, 'my own horse 45'))).toBe('ok');
    });
  });

  it('a sign-in that nobody used for as long as the clinic says is over', async () => {
    const { refreshToken } = await person('nurse');
    await admin.settings.updateAccess({ idleSignOutHours: 12 });
    const { now } = clinic.time;
    clinic.time.pass(12 * HOUR + 1);
    expect(await codeOf(client(clinic.url).auth.refresh({ refreshToken }))).toBe('session_ended');
    clinic.time.now = now;
    expect(await codeOf(client(clinic.url).auth.refresh({ refreshToken }))).toBe('ok');
  });
});
