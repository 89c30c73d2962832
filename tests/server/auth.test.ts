import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Details } from '../../contract/errors.ts';
import type { ApiError } from '../../contract/kit.ts';
import { client, codeOf, furniture, PASSWORD, type World, world } from '../support/clinic.ts';

const NOW = Date.parse('2026-11-21T06:00:00Z');
type Auth = ReturnType<typeof client>['auth'];
const MINUTE = 60_000;
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130 Safari/537.36' };

let clinic: World;
const login = (identifier: string, password = PASSWORD) => client(clinic.url).auth.login({ identifier, password });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  clinic.request('POST', `/api/v1/auth/${path}`, { body, headers });
const me = (token: string) => codeOf(client(clinic.url, token).auth.me());
const makeUser = async (username: string) =>
  client(clinic.url, (await login('admin')).accessToken).users.create({
    ...{ username, name: username, password: PASSWORD, roles: ['receptionist'] },
  });

describe('signing in', () => {
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    await makeUser('rosa');
  });
  afterAll(() => clinic.close());

  it('gives the same answer for an unknown name and a wrong password', async () => {
    const answers = [];
    for (const identifier of ['rosa', 'nobody']) {
      const { status, body } = await post('login', { identifier, password: 'not this one' });
      answers.push({ status, error: body.error });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 401, error: { code: 'bad_credentials' } });
    expect(await codeOf(login(' ROSA '))).toBe('ok');
  });

  it('names to all staff who may see patients here, and nobody who left or sees none', async () => {
    const admin = await clinic.as('admin');
    await clinic.token('zara', 'pharmacist', 'admin');
    await clinic.token('yusuf', 'doctor');
    await clinic.token('left', 'nurse');
    const left = (await admin.users.list({ q: 'left' })).items[0];
    await admin.users.update({ id: left?.id ?? '', active: false });
    const { items } = await client(clinic.url, (await login('rosa')).accessToken).users.staff();
    expect(items.map(({ name, roles }) => [name, roles])).toEqual([
      ['yusuf', ['doctor']],
      ['zara', ['pharmacist', 'admin']],
    ]);
    expect(items.map((item) => Object.keys(item).sort())).toEqual([
      ['id', 'name', 'roles'],
      ['id', 'name', 'roles'],
    ]);
  });

  it('Q23: says who is signed in, with the roles, and never a password', async () => {
    const { accessToken } = await login('rosa');
    const { body } = await clinic.request('GET', '/api/v1/auth/me', { token: accessToken });
    expect(body.data).toMatchObject({ username: 'rosa', roles: ['receptionist'], clinic: 'Test Clinic' });
    expect(JSON.stringify(body)).not.toMatch(/password|hash/i);
  });

  it('ends with signing out', async () => {
    const { accessToken, refreshToken } = await login('rosa');
    expect(await me(accessToken)).toBe('ok');
    await client(clinic.url, accessToken).auth.logout({});
    expect(await me(accessToken)).toBe('unauthenticated');
    expect((await post('refresh', { refreshToken })).body.error?.code).toBe('session_ended');
  });

  it('lasts fifteen minutes without renewal', async () => {
    const { accessToken, expiresAt } = await login('rosa');
    expect(expiresAt).toBe(new Date(clinic.time.now + 15 * MINUTE).toISOString());
    clinic.time.pass(15 * MINUTE - 1000);
    expect(await me(accessToken)).toBe('ok');
    clinic.time.pass(1000);
    expect(await me(accessToken)).toBe('unauthenticated');
  });

  it('refuses tokens that are forged, edited, unsigned or of another kind', async () => {
    const { accessToken } = await login('rosa');
    const [header, payload, signature] = accessToken.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { privateKey } = generateKeyPairSync('ed25519');
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' }).sign(privateKey);
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(Buffer.from('medlane medlane medlane medlane!'));
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const bad = [
      forged,
      symmetric,
      `${header}.${encode({ ...claims, sub: 'someone-else' })}.${signature}`,
      `${header}.${encode({ ...claims, exp: claims.exp + 9999 })}.${signature}`,
      `${header}.${payload}.${flipped}`,
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header}.${payload}`,
      ...['', 'x', 'null', '..', 'a.b.c'],
    ];
    for (const token of bad) {
      const { status } = await clinic.request('GET', '/api/v1/auth/me', {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect([token, status]).toEqual([token, 401]);
    }
    expect(await me(accessToken)).toBe('ok');
  });

  it('says by a code, and in words for scripts, why a password will not do', async () => {
    await makeUser('petra');
    const mine = client(clinic.url, (await login('petra')).accessToken).auth;
    const weak: [string, Details, string][] = [
      ['short', { problem: 'too_short' }, 'use at least ten characters.'],
      ['Password123', { problem: 'common' }, 'this one is among the first that anybody would try.'],
      ['Petra was here', { problem: 'personal', word: 'petra' }, 'it must not contain “petra”.'],
    ];
    for (const [next, facts, advice] of weak) {
      const error = await mine.changePassword({ current: PASSWORD, next }).catch((refusal: ApiError) => refusal);
      expect(error).toMatchObject({ code: 'weak_password', facts, message: `Choose another password: ${advice}` });
    }
  });

  it('changing the password ends the other sign-ins, and keeps this one', async () => {
    await makeUser('pia');
    const [here, there] = [await login('pia'), await login('pia')];
    const mine = client(clinic.url, here.accessToken).auth;
    expect(await codeOf(mine.changePassword({ current: PASSWORD, next: 'short' }))).toBe('weak_password');
    expect(await codeOf(mine.changePassword({ current: 'not this', next: 'a new pass phrase' }))).toBe(
      'bad_credentials',
    );
    await mine.changePassword({ current: PASSWORD, next: 'a new pass phrase' });
    expect(await me(here.accessToken)).toBe('ok');
    expect(await me(there.accessToken)).toBe('unauthenticated');
    expect((await post('refresh', { refreshToken: there.refreshToken })).status).toBe(401);
    expect(await codeOf(login('pia'))).toBe('bad_credentials');
    expect(await codeOf(login('pia', 'a new pass phrase'))).toBe('ok');
  });

  it.each([
    ['changePassword', (auth: Auth, password: string) => auth.changePassword({ current: password, next: PASSWORD })],
    ['setPin', (auth: Auth, password: string) => auth.setPin({ password, pin: '2580' })],
    ['unlock', (auth: Auth, password: string) => auth.unlock({ password })],
  ] as const)('guessing the password at %s locks it, also against the right one', async (name, ask) => {
    const username = `guessed-${name.toLowerCase()}`;
    await makeUser(username);
    const mine = client(clinic.url, (await login(username)).accessToken).auth;
    for (let guess = 0; guess < 4; guess += 1) expect(await codeOf(ask(mine, 'a guess'))).toBe('bad_credentials');
    expect(await codeOf(ask(mine, 'a guess'))).toBe('locked_out');
    expect(await codeOf(ask(mine, PASSWORD))).toBe('locked_out');
    expect(await codeOf(login(username))).toBe('locked_out');
    clinic.time.pass(20 * MINUTE);
    expect(await codeOf(ask(client(clinic.url, (await login(username)).accessToken).auth, PASSWORD))).toBe('ok');
  });

  it('a repeated command gets the first answer, also after a program signed in again', async () => {
    const rosa = client(clinic.url, (await login('rosa')).accessToken);
    const { queueId } = await furniture(rosa);
    const patient = await rosa.patients.register({ name: 'Ali Khan' }, { commandId: 'register-1' });
    const first = await rosa.visits.issue({ patientId: patient.id, queueId }, { commandId: 'issue-1' });
    clinic.time.pass(MINUTE);
    const again = client(clinic.url, (await login('rosa')).accessToken);
    expect(await again.visits.issue({ patientId: patient.id, queueId }, { commandId: 'issue-1' })).toEqual(first);
    expect(await again.patients.register({ name: 'Ali Khan' }, { commandId: 'register-1' })).toEqual(patient);
    const other = again.patients.register({ name: 'Somebody Else' }, { commandId: 'register-1' });
    expect(await codeOf(other)).toBe('idempotency_mismatch');
    expect((await again.visits.list({ queueId })).items).toHaveLength(1);
  });
});

describe('renewing a sign-in', () => {
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    await makeUser('rosa');
  });
  afterAll(() => clinic.close());
  const refresh = async (refreshToken: string | null) => {
    const { status, body } = await post('refresh', { refreshToken });
    return { status, ...(body.data as unknown as { refreshToken: string; accessToken: string } | undefined) };
  };

  it('gives a new token each time; the old one gives the same successor for a minute', async () => {
    const { refreshToken: first } = await login('rosa');
    const second = await refresh(first);
    expect(second.refreshToken).not.toBe(first);
    clinic.time.pass(59_000);
    // The answer was lost: the same question again.
    expect((await refresh(first)).refreshToken).toBe(second.refreshToken);
    const third = await refresh(second.refreshToken ?? '');
    expect(await me(third.accessToken ?? '')).toBe('ok');
  });

  it('a token that was exchanged long ago ends the session, for the thief and for the owner', async () => {
    const { refreshToken: first } = await login('rosa');
    const second = await refresh(first);
    clinic.time.pass(61_000);
    expect((await refresh(first)).status).toBe(401);
    expect((await refresh(second.refreshToken ?? '')).status).toBe(401);
    expect(await me(second.accessToken ?? '')).toBe('unauthenticated');
  });

  it('a token of two renewals ago ends the session, too', async () => {
    const { refreshToken: first } = await login('rosa');
    const second = await refresh(first);
    const third = await refresh(second.refreshToken ?? '');
    clinic.time.pass(61_000);
    expect((await refresh(first)).status).toBe(401);
    expect((await refresh(third.refreshToken ?? '')).status).toBe(401);
  });

  it('ends after thirty days, however often it is renewed; a screen on the wall goes on', async () => {
    await clinic.token('wall', 'display');
    const last = async (identifier: string) => {
      let { refreshToken } = (await post('login', { identifier, password: PASSWORD, delivery: 'body' })).body
        .data as unknown as { refreshToken: string };
      for (let days = 0; days < 60; days += 6) {
        const { body } = await post('refresh', { refreshToken });
        if (body.error) return `${body.error.code} after ${days} days`;
        ({ refreshToken } = body.data as unknown as { refreshToken: string });
        clinic.time.pass(6 * 24 * 60 * MINUTE);
      }
      return 'still there';
    };
    expect(await last('wall')).toBe('still there');
    expect(await last('admin')).toBe('session_ended after 36 days');
  });

  it('ends after seven days without renewal', async () => {
    const { refreshToken } = await login('rosa');
    clinic.time.pass(7 * 24 * 60 * MINUTE);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh('made up')).status).toBe(401);
  });

  it('of a browser lives in an httpOnly cookie and needs the CSRF header', async () => {
    const answer = await post('login', { identifier: 'rosa', password: PASSWORD }, BROWSER);
    const data = answer.body.data as unknown as { refreshToken: string | null; csrfToken: string };
    expect(data.refreshToken).toBeNull();
    const cookies = answer.headers.getSetCookie();
    const refreshCookie = cookies.find((one) => one.startsWith('medlane_refresh='));
    expect(refreshCookie).toMatch(/; HttpOnly/i);
    for (const cookie of cookies) expect(cookie).toMatch(/; SameSite=Strict/i);

    const cookie = cookies.map((one) => one.split(';')[0]).join('; ');
    const renew = (headers: object) => post('refresh', {}, { ...BROWSER, cookie, ...headers });
    expect((await renew({})).body.error?.code).toBe('csrf');
    expect((await renew({ 'X-CSRF-Token': 'guessed' })).status).toBe(403);
    const renewed = await renew({ 'X-CSRF-Token': data.csrfToken });
    expect(renewed.status).toBe(200);
    expect(renewed.headers.getSetCookie().some((one) => one.startsWith('medlane_refresh='))).toBe(true);
    expect(JSON.stringify(renewed.body)).not.toContain((refreshCookie ?? '').split(/[=;]/)[1]);
  });
});

describe('a browser', () => {
  it('has one sign-in: who signs in there again leaves none behind, and elsewhere nothing ends', async () => {
    clinic = await world({ now: NOW });
    await makeUser('rosa');
    const enter = async (identifier: string, cookie = '') => {
      const answer = await post('login', { identifier, password: PASSWORD }, { ...BROWSER, cookie });
      const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
      return {
        token: (answer.body.data as unknown as { accessToken: string }).accessToken,
        cookie: cookies.join('; '),
      };
    };
    const [here, elsewhere] = [await enter('rosa'), await enter('rosa')];
    const forged = here.cookie.replace(/(medlane_refresh=[^;]*).(?=;|$)/, '$1x');
    await enter('admin', forged);
    expect(await me(here.token)).toBe('ok');
    const next = await enter('admin', here.cookie);
    expect([await me(here.token), await me(elsewhere.token), await me(next.token)]).toEqual([
      'unauthenticated',
      'ok',
      'ok',
    ]);
    await clinic.close();
  });
});

describe('too many wrong passwords', () => {
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    await makeUser('rosa');
    await makeUser('pia');
  });
  afterAll(() => clinic.close());
  const wrong = async (times: number) => {
    let answer = '';
    for (let count = 0; count < times; count += 1) answer = await codeOf(login('rosa', 'not this one'));
    return answer;
  };

  it('lock for 2, 5, 10, 30 and 60 minutes, and then block until an administrator unlocks', async () => {
    const rosa = (await client(clinic.url, (await login('admin')).accessToken).users.list({ q: 'rosa' })).items[0];
    for (const minutes of [2, 5, 10, 30, 60]) {
      expect(await wrong(4)).toBe('bad_credentials');
      const locked = await login('rosa', 'not this one').catch((error) => error);
      expect(locked).toMatchObject({ code: 'locked_out', facts: { minutes } });
      // Not even with the right password, until the time is over.
      expect(await codeOf(login('rosa'))).toBe('locked_out');
      clinic.time.pass(minutes * MINUTE);
    }
    expect(await wrong(5)).toBe('blocked');
    clinic.time.pass(24 * 60 * MINUTE);
    expect(await codeOf(login('rosa'))).toBe('blocked');
    expect(await codeOf(login('pia'))).toBe('ok');
    const admin = client(clinic.url, (await login('admin')).accessToken);
    await admin.users.update({ id: rosa?.id ?? '', unlock: true });
    expect(await codeOf(login('rosa'))).toBe('ok');
  });

  it('are forgotten after the right one', async () => {
    expect(await wrong(4)).toBe('bad_credentials');
    expect(await codeOf(login('rosa'))).toBe('ok');
    expect(await wrong(4)).toBe('bad_credentials');
    expect(await codeOf(login('rosa'))).toBe('ok');
  });
});

describe('five wrong passwords', () => {
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    await makeUser('pia');
  });
  afterAll(() => clinic.close());

  it('do not tell whether the name exists', async () => {
    const answers = [];
    for (const name of ['pia', 'nobody-at-all']) {
      for (let count = 0; count < 4; count += 1) await codeOf(login(name, 'not this one'));
      answers.push(await codeOf(login(name, 'not this one')));
    }
    expect(answers[0]).toBe(answers[1]);
  });
});
