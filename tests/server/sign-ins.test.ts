import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';

/** Ten in the morning in the test clinic. */
const NOW = Date.parse('2026-11-21T05:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130 Safari/537.36' };

describe.each(DIALECTS)('who signed in, on %s', (dialect) => {
  let clinic: World;
  const login = (identifier: string, password = PASSWORD) =>
    client(clinic.url).auth.login({ identifier, password, delivery: 'body' });
  const as = async (username: string) => client(clinic.url, (await login(username)).accessToken);
  /** In a browser that is not known yet, or in the one whose cookies these are. */
  const inBrowser = async (identifier: string, cookie = '', password = PASSWORD) => {
    const headers = { ...BROWSER, ...(cookie ? { Cookie: cookie } : {}) };
    const answer = await clinic.request('POST', '/api/v1/auth/login', { body: { identifier, password }, headers });
    return (answer.headers.getSetCookie() ?? []).map((one) => one.split(';')[0]).join('; ');
  };
  const newest = async (username: string) => {
    const admin = await as('admin');
    const id = (await admin.users.list({ q: username })).items[0]?.id ?? '';
    return (await admin.signIns.list({ userId: id, limit: 1 })).items[0];
  };

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOW });
    for (const name of ['rosa', 'bilal', 'nadia', 'omar']) await clinic.token(name, 'receptionist');
  });
  afterAll(() => clinic.close());

  it('stands in a list with how it ended, by what, on which device and from where', async () => {
    await codeOf(login('rosa', 'not this one'));
    const rosa = await as('rosa');
    const { items } = await rosa.signIns.mine({});
    expect(items.slice(0, 2).map(({ outcome, how, device, origin }) => ({ outcome, how, device, origin }))).toEqual([
      { outcome: 'ok', how: 'password', device: 'node', origin: 'local' },
      { outcome: 'bad_password', how: 'password', device: 'node', origin: 'local' },
    ]);
    expect(new Set(items.map(({ name }) => name))).toEqual(new Set(['rosa']));
  });

  it('of a name that nobody has nothing is kept of what was typed: it may have been a password', async () => {
    await codeOf(login('my-secret-password-by-mistake', 'x'));
    const admin = await as('admin');
    const [found] = (await admin.signIns.list({ outcome: 'unknown' })).items;
    expect(found).toMatchObject({ userId: null, name: '', risk: 0, signs: [] });
    expect(JSON.stringify(await admin.signIns.list({}))).not.toContain('my-secret');
  });

  it('a new browser is a sign, the same one again is none', async () => {
    const cookie = await inBrowser('bilal');
    expect(await newest('bilal')).toMatchObject({ device: 'Chrome, Linux', signs: ['new_device'], risk: 25 });
    await inBrowser('bilal', cookie);
    expect(await newest('bilal')).toMatchObject({ signs: [], risk: 0 });
  });

  it('wrong tries before it, and an hour at which this person never works, add up', async () => {
    for (let day = 0; day < 10; day += 1) {
      clinic.time.pass(DAY);
      await login('nadia');
    }
    clinic.time.pass(12 * HOUR);
    for (let tries = 0; tries < 3; tries += 1) await codeOf(login('nadia', 'guess'));
    await login('nadia');
    expect(await newest('nadia')).toMatchObject({
      outcome: 'ok',
      signs: ['unusual_hour', 'recent_failures'],
      risk: 40,
    });
    const admin = await as('admin');
    const { day } = await admin.security.now();
    expect(day).toMatchObject({ failed: 3, suspicious: 1, high: 0, score: 0.3 * 3 + 0.5, level: 'normal' });
  });

  it('a locked account, a wrong code and a right one are told apart', async () => {
    const omar = await as('omar');
    const { secret } = await omar.secondFactor.begin({});
    await omar.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    clinic.time.pass(30_000);
    const ticket = await login('omar').catch((error) => String(error.facts.ticket));
    const second = (code: string) =>
      client(clinic.url).auth.secondFactor({ ticket: String(ticket), code, delivery: 'body' });
    await codeOf(second('000000'));
    await second(codeAt(secret, clinic.time.now));
    for (let tries = 0; tries < 6; tries += 1) await codeOf(login('omar', 'guess'));
    const { items } = await omar.signIns.mine({});
    expect(items.map(({ outcome, how }) => `${outcome} by ${how}`).slice(0, 8)).toEqual([
      'locked by password',
      'locked by password',
      ...Array.from({ length: 4 }, () => 'bad_password by password'),
      'ok by code',
      'bad_code by code',
    ]);
  });

  it('pages through all of it without a gap, and comes as CSV that a spreadsheet takes for text', async () => {
    const admin = await as('admin');
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await admin.signIns.list({ limit: 5, ...(cursor ? { cursor } : {}) });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const all = (await admin.signIns.list({ limit: 500 })).items;
    expect(ids).toEqual(all.map(({ id }) => id));
    const { body } = await admin.signIns.export({});
    const rows = parse(await new Response(body as ReadableStream).text(), { columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.map(({ at }) => at)).toEqual(all.map(({ at }) => at).reverse());
    expect(Object.keys(rows[0] ?? {})).toEqual(['at', 'name', 'outcome', 'how', 'device', 'origin', 'risk', 'signs']);
    const [entry] = (await admin.audit.list({ action: ['signIns.export'] })).items;
    expect(entry).toMatchObject({ actor: 'admin', outcome: 'ok' });
  });
});

describe('what is weak', () => {
  let clinic: World;
  const codes = async () => (await (await clinic.as('admin')).security.now()).weak.map(({ code }) => code);
  beforeAll(async () => {
    clinic = await world({ now: NOW });
  });
  afterAll(() => clinic.close());

  it('is named with whom it is about, the gravest first, and goes away when it is mended', async () => {
    const admin = await clinic.as('admin');
    await clinic.token('rosa', 'receptionist');
    await clinic.token('wall', 'display');
    const { weak } = await admin.security.now();
    expect(weak).toEqual([
      { code: 'admins_without_factor', count: 1, names: ['Admin'] },
      { code: 'key_in_file', count: 1, names: [] },
      { code: 'no_backup', count: 1, names: [] },
      { code: 'no_second_place', count: 1, names: [] },
      { code: 'staff_without_factor', count: 1, names: ['rosa'] },
    ]);
    const { secret } = await admin.secondFactor.begin({});
    await admin.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    await admin.settings.update({ idleLockMinutes: 0 });
    expect(await codes()).not.toContain('admins_without_factor');
    expect(await codes()).toContain('no_idle_lock');
  });
});
