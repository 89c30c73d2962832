import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { client, codeOf, DIALECTS, type World, world } from '../support/clinic.ts';

const CHOSEN = 'mango lassi at noon';

describe.each(DIALECTS)('%s: an account that somebody asks for', (dialect) => {
  let clinic: World;
  let admin: Client<MedlaneApi>;
  beforeAll(async () => {
    clinic = await world({ dialect });
    admin = await clinic.as('admin');
  });
  afterAll(() => clinic.close());

  const ask = (username: string, email: string | null = null) =>
    client(clinic.url).accountRequests.make({
      username,
      name: 'Leena Das',
      password: CHOSEN,
      email,
      roles: ['doctor'],
    });
  const signIn = (identifier: string) => client(clinic.url).auth.login({ identifier, password: CHOSEN });
  const waiting = async () => (await admin.accountRequests.list({ state: 'pending' })).items;

  it('is not asked for where the clinic does not want it', async () => {
    expect(await codeOf(ask('leena'))).toBe('requests_closed');
    await admin.settings.updateAccess({ selfRegistration: true });
    expect((await client(clinic.url).setup.state()).askAt).toHaveLength(1);
    expect(await codeOf(ask('leena', 'leena@clinic.example'))).toBe('ok');
  });

  it('opens nothing until an administrator decides, and then what they decided', async () => {
    expect(await codeOf(signIn('leena'))).toBe('bad_credentials');
    const [request] = await waiting();
    expect(request).toMatchObject({ username: 'leena', roles: ['doctor'], state: 'pending' });
    await admin.accountRequests.approve({ id: request?.id ?? '', roles: ['nurse'] });
    expect((await signIn('leena@clinic.example')).user.roles).toEqual(['nurse']);
    expect(await waiting()).toEqual([]);
    expect(await codeOf(admin.accountRequests.approve({ id: request?.id ?? '', roles: ['nurse'] }))).toBe('settled');
  });

  it('does not tell whether a name is taken; whoever decides is told', async () => {
    expect(await codeOf(ask('Admin'))).toBe('ok');
    const [request] = await waiting();
    expect(await codeOf(admin.accountRequests.approve({ id: request?.id ?? '', roles: ['nurse'] }))).toBe('name_taken');
    await admin.accountRequests.decline({ id: request?.id ?? '', reason: 'has one already' });
  });

  it('is nobody’s business in another branch', async () => {
    await ask('wisher');
    const [request] = await waiting();
    const above = await clinic.as('above', 'super_admin');
    const { id } = await above.branches.create({ code: 'FAR', name: 'By the river' });
    await above.branches.enter({ id });
    expect((await above.accountRequests.list()).items).toEqual([]);
    // Asked for there, once that branch lets people ask: then it is theirs, and nobody's here.
    const there = { username: 'farah', name: 'Farah Aziz', password: CHOSEN, roles: ['nurse' as const], branchId: id };
    const askThere = () => codeOf(client(clinic.url).accountRequests.make(there));
    expect(await askThere()).toBe('requests_closed');
    await above.settings.updateAccess({ selfRegistration: true });
    expect((await client(clinic.url).setup.state()).askAt.map(({ name }) => name)).toContain('By the river');
    expect(await askThere()).toBe('ok');
    const [far] = (await above.accountRequests.list()).items;
    expect(far).toMatchObject({ username: 'farah' });
    expect((await waiting()).map(({ username }) => username)).not.toContain('farah');
    const { id: made } = await above.accountRequests.approve({ id: far?.id ?? '', roles: ['nurse'] });
    expect((await above.users.list({ q: 'farah' })).items.map((user) => user.id)).toEqual([made]);
    expect(await codeOf(above.accountRequests.decline({ id: request?.id ?? '', reason: 'none' }))).toBe('not_found');
  });

  it('leaves no password behind once it was decided about', async () => {
    const [request] = await waiting();
    await admin.accountRequests.decline({ id: request?.id ?? '', reason: 'nobody knows them' });
    const { t, db } = clinic.server.app.reader;
    const kept = await db.select({ hash: t.accountRequests.passwordHash }).from(t.accountRequests);
    expect(kept.filter(({ hash }) => hash !== null)).toEqual([]);
    expect(kept.length).toBe(4);
  });
});
