import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '../support/authenticator.ts';
import { client, PASSWORD, type World, world } from '../support/clinic.ts';

const NOW = Date.parse('2026-11-21T06:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130 Safari/537.36' };

let clinic: World;
const ids = new Map<string, string>();

/** One shared desk: a browser that keeps its cookies, whoever signs in. */
function sharedDesk() {
  const jar = new Map<string, string>();
  let bearer = '';
  const ask = async (path: string, body?: unknown) => {
    const answer = await clinic.request(body === undefined ? 'GET' : 'POST', `/api/v1/auth/${path}`, {
      ...(body === undefined ? {} : { body }),
      ...(bearer ? { token: bearer } : {}),
      headers: { ...BROWSER, Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    const data = answer.body.data as { accessToken?: string } | undefined;
    if (data?.accessToken) bearer = data.accessToken;
    return answer;
  };
  const codeOf = async (path: string, body: unknown) => (await ask(path, body)).body.error?.code ?? 'ok';
  return {
    ask,
    token: () => bearer,
    signIn: (identifier: string) => codeOf('login', { identifier, password: PASSWORD }),
    setPin: (pin: string | null) => codeOf('pin', { password: PASSWORD, pin }),
    switchTo: (username: string, pin: string) => codeOf('switch', { userId: ids.get(username), pin }),
    unlock: (input: object) => codeOf('unlock', input),
    people: async () =>
      ((await ask('people')).body.data as unknown as { people: { name: string }[] }).people.map(({ name }) => name),
    who: async () => ((await ask('me')).body.data as unknown as { username: string } | undefined)?.username,
    signOut: (handOver = false) => codeOf('logout', { handOver }),
  };
}

describe('people on a shared desk', () => {
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    const admin = await clinic.as('admin');
    for (const username of ['rosa', 'omar', 'lina', 'hana']) {
      const made = { username, name: username, password: PASSWORD, roles: ['receptionist' as const] };
      ids.set(username, (await admin.users.create(made)).id);
    }
  });
  afterAll(() => clinic.close());

  it('nobody switches by a cookie that names a program’s device', async () => {
    const { accessToken } = await client(clinic.url).auth.login({ identifier: 'lina', password: PASSWORD });
    const lina = client(clinic.url, accessToken);
    await lina.auth.setPin({ password: PASSWORD, pin: '2580' });
    const switched = await clinic.request('POST', '/api/v1/auth/switch', {
      body: { userId: ids.get('lina'), pin: '2580' },
      headers: { ...BROWSER, Cookie: `medlane_device=program-${ids.get('lina')}` },
    });
    expect(switched.body.error?.code).toBe('pin_not_here');
    await lina.auth.setPin({ password: PASSWORD, pin: null });
  });

  it('a sign-in that is ended from elsewhere takes its PIN with it', async () => {
    const [desk, other] = [sharedDesk(), sharedDesk()];
    for (const one of [desk, other]) await one.signIn('omar');
    await desk.setPin('2580');
    await client(clinic.url, other.token()).sessions.endOthers({});
    await desk.signIn('rosa');
    expect(await desk.switchTo('omar', '2580')).toBe('pin_not_here');
    await other.signIn('rosa');
    expect(await other.switchTo('omar', '2580')).toBe('ok');
    await other.setPin(null);
  });

  it('switch by PIN, once each has signed in there with the password', async () => {
    const desk = sharedDesk();
    await desk.signIn('rosa');
    expect(await desk.setPin('2580')).toBe('ok');
    await desk.signIn('omar');
    expect(await desk.people()).toEqual(['rosa']);
    const omars = desk.token();
    expect(await desk.switchTo('rosa', '2580')).toBe('ok');
    expect(await desk.who()).toBe('rosa');
    // Omar has left this desk: his sign-in ended with the switch, and without a PIN he needs his password.
    expect((await clinic.request('GET', '/api/v1/auth/me', { token: omars })).status).toBe(401);
    expect(await desk.people()).toEqual([]);
    expect(await desk.switchTo('omar', '2580')).toBe('pin_not_here');
  });

  it('a PIN opens nothing on another desk, nor after 72 hours, nor after signing out, but after handing over', async () => {
    const desk = sharedDesk();
    await desk.signIn('lina');
    await desk.setPin('2580');
    const other = sharedDesk();
    await other.signIn('omar');
    expect(await other.switchTo('lina', '2580')).toBe('pin_not_here');
    clinic.time.pass(73 * HOUR);
    expect(await desk.switchTo('lina', '2580')).toBe('pin_not_here');
    await desk.signIn('lina');
    expect(await desk.switchTo('lina', '2580')).toBe('ok');
    await desk.signOut(true);
    expect(await desk.switchTo('lina', '2580')).toBe('ok');
    await desk.signOut();
    expect(await desk.switchTo('lina', '2580')).toBe('pin_not_here');
  });

  it('unlocking by the password alone makes the three days longer only for whoever has nothing else', async () => {
    const desks = { omar: sharedDesk(), hana: sharedDesk() };
    for (const [who, desk] of Object.entries(desks)) {
      await desk.signIn(who);
      await desk.setPin('2580');
    }
    const hana = client(clinic.url, desks.hana.token());
    const { secret } = await hana.secondFactor.begin({});
    await hana.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    clinic.time.pass(10 * MINUTE);
    for (const desk of Object.values(desks)) expect(await desk.unlock({ password: PASSWORD })).toBe('ok');
    clinic.time.pass(72 * HOUR - 5 * MINUTE);
    expect(await desks.omar.switchTo('omar', '2580')).toBe('ok');
    expect(await desks.hana.switchTo('hana', '2580')).toBe('pin_not_here');
  });

  it('five wrong PINs end it until the password is typed again', async () => {
    const desk = sharedDesk();
    await desk.signIn('rosa');
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await desk.switchTo('rosa', '0001')).toBe('bad_credentials');
    expect(await desk.switchTo('rosa', '2580')).toBe('pin_not_here');
    await desk.signIn('rosa');
    expect(await desk.switchTo('rosa', '2580')).toBe('ok');
  });

  it('opens a screen that hid itself by PIN or password, and the sign-in goes on', async () => {
    const desk = sharedDesk();
    await desk.signIn('rosa');
    const before = desk.token();
    expect(await desk.unlock({ pin: '2580' })).toBe('ok');
    expect(await desk.unlock({ pin: '0852' })).toBe('bad_credentials');
    expect(await desk.unlock({ password: 'not hers' })).toBe('bad_credentials');
    expect(await desk.unlock({})).toBe('bad_credentials');
    for (let attempt = 0; attempt < 4; attempt += 1) await desk.unlock({ pin: '0852' });
    expect(await desk.unlock({ pin: '2580' })).toBe('pin_not_here');
    expect(await desk.unlock({ password: PASSWORD })).toBe('ok');
    expect(await desk.unlock({ pin: '2580' })).toBe('ok');
    expect(desk.token()).toBe(before);
    expect(await desk.who()).toBe('rosa');
  });

  it('a switched-off account and a new password end it at once', async () => {
    const desk = sharedDesk();
    await desk.signIn('rosa');
    const admin = client(clinic.url, await freshAdmin());
    await admin.users.update({ id: ids.get('rosa') as string, active: false });
    expect(await desk.switchTo('rosa', '2580')).toBe('pin_not_here');
    await admin.users.update({ id: ids.get('rosa') as string, active: true });
    await admin.users.setPassword({ id: ids.get('rosa') as string, password: 'four calm river stones' });
    expect(await desk.switchTo('rosa', '2580')).toBe('pin_not_here');
  });

  it('is four to eight digits that are not counted off', async () => {
    const desk = sharedDesk();
    await desk.signIn('omar');
    for (const pin of ['123', '1111', '1234', '8765', '12a4', '123456789'])
      expect(await desk.setPin(pin)).toBe('validation_failed');
    expect(await desk.setPin('2580')).toBe('ok');
    expect(await desk.setPin(null)).toBe('ok');
    expect(await desk.switchTo('omar', '2580')).toBe('pin_not_here');
  });

  it('leaves who switched to whom in the audit, and no PIN anywhere', async () => {
    const admin = client(clinic.url, await freshAdmin());
    const { items } = await admin.audit.list({ action: ['auth.switch', 'auth.setPin', 'auth.unlock'], limit: 200 });
    const outcomes = items
      .filter(({ action }) => action === 'auth.switch')
      .map(({ actor, outcome }) => `${actor} ${outcome}`);
    expect(outcomes).toContain('rosa ok');
    expect(outcomes).toContain('rosa bad_credentials');
    // As a word of its own: ids and hashes have every four digits in them sooner or later.
    expect(JSON.stringify(items)).not.toMatch(/\b(2580|0001)\b|argon2/);
  });
});

const freshAdmin = async () =>
  (await client(clinic.url).auth.login({ identifier: 'admin', password: PASSWORD })).accessToken;
