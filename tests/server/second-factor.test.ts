import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import type { Role } from '../../domain/people.ts';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';

const NOW = Date.parse('2026-11-21T06:00:00Z');
const MINUTE = 60_000;

describe.each(DIALECTS)('a second factor, on %s', (dialect) => {
  let clinic: World;
  let made = 0;
  const anyone = () => client(clinic.url);
  const login = (identifier: string) => anyone().auth.login({ identifier, password: PASSWORD, delivery: 'body' });
  let boss: { api: ReturnType<typeof client>; since: number } | null = null;
  /** Signed in lately enough for what needs that. */
  const admin = async () => {
    if (!boss || clinic.time.now - boss.since > 4 * MINUTE)
      boss = { api: client(clinic.url, (await login('admin')).accessToken), since: clinic.time.now };
    return boss.api;
  };
  const newPerson = async (...roles: Role[]) => {
    const username = `person${++made}`;
    const { id } = await (await admin()).users.create({
      username,
      name: `Somebody ${made}`,
      password: PASSWORD,
      roles,
    });
    return { id, username };
  };
  /** The ticket and what else the first step is answered with. */
  const halfway = async (username: string) => {
    const error = await login(username).then(
      () => null,
      (refused: unknown) => refused,
    );
    if (!(error instanceof ApiError) || error.code !== 'second_factor') throw new Error(`No second step: ${error}`);
    return { ticket: String(error.facts['ticket']), setUp: error.facts['setUp'] };
  };
  /** Somebody with an app: their key, as the telephone has it. */
  const withApp = async (...roles: Role[]) => {
    const person = await newPerson(...roles);
    const own = client(clinic.url, (await login(person.username)).accessToken);
    const { secret } = await own.secondFactor.begin({});
    await own.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    clinic.time.pass(30_000);
    return { ...person, secret, own, code: () => codeAt(secret, clinic.time.now) };
  };
  const second = (ticket: string, code: string) => anyone().auth.secondFactor({ ticket, code, delivery: 'body' });

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOW });
  });
  afterAll(() => clinic.close());

  it('opens nothing by the password alone: no token is given until the code was right', async () => {
    const { username, code } = await withApp('doctor');
    const { body } = await clinic.request('POST', '/api/v1/auth/login', {
      body: { identifier: username, password: PASSWORD },
    });
    expect(body.error).toMatchObject({ code: 'second_factor', facts: { setUp: false } });
    expect(JSON.stringify(body)).not.toMatch(/accessToken|refreshToken|csrf/);
    const { ticket } = await halfway(username);
    const { accessToken, user } = await second(ticket, code());
    expect(user).toMatchObject({ username, secondFactor: true });
    expect((await client(clinic.url, accessToken).auth.me()).username).toBe(username);
  });

  it('M24: a code without the password opens nothing, and a ticket is good for its owner alone', async () => {
    const [rosa, bilal] = [await withApp('doctor'), await withApp('doctor')];
    expect(await codeOf(second(rosa.id, rosa.code()))).toBe('ticket_over');
    expect(await codeOf(second(`${rosa.id}.${'x'.repeat(43)}`, rosa.code()))).toBe('ticket_over');
    const { ticket } = await halfway(bilal.username);
    expect(await codeOf(second(ticket.replace(bilal.id, rosa.id), rosa.code()))).toBe('ticket_over');
    expect(await codeOf(second(ticket, rosa.code()))).toBe('bad_code');
    expect(await codeOf(second(ticket, bilal.code()))).toBe('ok');
  });

  it('R11: a code opens once, also from two places at the same time; one of a minute ago opens nothing', async () => {
    const { username, code, secret } = await withApp('nurse');
    const first = await halfway(username);
    expect(await codeOf(second(first.ticket, codeAt(secret, clinic.time.now - 2 * MINUTE)))).toBe('bad_code');
    const both = await Promise.all([codeOf(second(first.ticket, code())), codeOf(second(first.ticket, code()))]);
    expect(both.sort()).toEqual(['ok', 'ticket_over']);
    expect(await codeOf(second((await halfway(username)).ticket, code()))).toBe('bad_code');
    clinic.time.pass(30_000);
    expect(await codeOf(second((await halfway(username)).ticket, code()))).toBe('ok');
  });

  it('a ticket lasts five minutes, and a newer one voids it', async () => {
    const { username, code } = await withApp('nurse');
    const [older, newer] = [await halfway(username), await halfway(username)];
    expect(await codeOf(second(older.ticket, code()))).toBe('ticket_over');
    clinic.time.pass(5 * MINUTE - 1);
    expect(await codeOf(second(newer.ticket, code()))).toBe('ok');
    const last = await halfway(username);
    clinic.time.pass(5 * MINUTE);
    expect(await codeOf(second(last.ticket, code()))).toBe('ticket_over');
  });

  it('guessing at codes locks the account as guessing at passwords does, and a right password does not begin it anew', async () => {
    const { username, code } = await withApp('nurse');
    const wrong = () => (code() === '000000' ? '111111' : '000000');
    for (let tries = 0; tries < 4; tries += 1)
      expect(await codeOf(second((await halfway(username)).ticket, wrong()))).toBe('bad_code');
    const { ticket } = await halfway(username);
    expect(await codeOf(second(ticket, wrong()))).toBe('locked_out');
    expect(await codeOf(second(ticket, code()))).toBe('locked_out');
    expect(await codeOf(login(username))).toBe('locked_out');
    clinic.time.pass(2 * MINUTE);
    expect(await codeOf(second((await halfway(username)).ticket, code()))).toBe('ok');
  });

  it('one ticket takes five wrong codes, whatever the account’s own count says', async () => {
    const { id, username, code } = await withApp('nurse');
    const { ticket } = await halfway(username);
    const unlock = async () => (await admin()).users.update({ id, unlock: true });
    for (let tries = 0; tries < 5; tries += 1) {
      await codeOf(second(ticket, '000000'));
      await unlock();
    }
    expect(await codeOf(second(ticket, code()))).toBe('ticket_over');
  });

  describe('for a role that needs one', () => {
    afterAll(async () => (await admin()).settings.updateAccess({ secondFactorFor: [] }));

    it('the sign-in sets it up, by the picture or the key, and only then goes on', async () => {
      const { username } = await newPerson('pharmacist', 'doctor');
      await (await admin()).settings.updateAccess({ secondFactorFor: ['pharmacist'] });
      const { ticket, setUp } = await halfway(username);
      expect(setUp).toBe(true);
      expect(await codeOf(second(ticket, '123456'))).toBe('bad_code');
      const { secret, uri } = await anyone().secondFactor.setUp({ ticket });
      expect(new URL(uri).searchParams.get('secret')).toBe(secret);
      const { accessToken } = await second(ticket, codeAt(secret, clinic.time.now));
      const own = client(clinic.url, accessToken);
      expect(await own.secondFactor.get()).toMatchObject({ needed: true, recoveryLeft: 0 });
      expect(await codeOf(own.secondFactor.remove({}))).toBe('factor_needed');
      expect((await halfway(username)).setUp).toBe(false);
    });

    it('whoever is signed in without one signs in anew once it is needed, but not who has one', async () => {
      await (await admin()).settings.updateAccess({ secondFactorFor: [] });
      const { username } = await newPerson('nurse');
      const { accessToken } = await anyone().auth.login({ identifier: username, password: PASSWORD });
      const { own } = await withApp('nurse');
      await (await admin()).settings.updateAccess({ secondFactorFor: ['nurse'] });
      expect(await codeOf(client(clinic.url, accessToken).auth.me())).toBe('unauthenticated');
      expect(await codeOf(own.auth.me())).toBe('ok');
      await (await admin()).settings.updateAccess({ secondFactorFor: [] });
    });

    it('this way leads nobody round an app that somebody has', async () => {
      await (await admin()).settings.updateAccess({ secondFactorFor: [] });
      const { username } = await withApp('pharmacist');
      await (await admin()).settings.updateAccess({ secondFactorFor: ['pharmacist'] });
      const { ticket } = await halfway(username);
      expect(await codeOf(anyone().secondFactor.setUp({ ticket }))).toBe('ticket_over');
    });

    it('others sign in as before', async () => {
      const { username } = await newPerson('receptionist');
      expect(await codeOf(login(username))).toBe('ok');
    });
  });

  it('recovery codes open once each, however they are written, and new ones void the old', async () => {
    const { username, own } = await withApp('doctor');
    const { codes } = await own.secondFactor.recoveryCodes({});
    expect(new Set(codes).size).toBe(10);
    const [first = '', other = ''] = codes;
    expect(await codeOf(second((await halfway(username)).ticket, first.toLowerCase().replace('-', ' ')))).toBe('ok');
    expect(await codeOf(second((await halfway(username)).ticket, first))).toBe('bad_code');
    expect((await own.secondFactor.get()).recoveryLeft).toBe(9);
    const renewed = await own.secondFactor.recoveryCodes({});
    expect(await codeOf(second((await halfway(username)).ticket, other))).toBe('bad_code');
    expect(await codeOf(second((await halfway(username)).ticket, renewed.codes[0] ?? ''))).toBe('ok');
  });

  it('another telephone counts once it has shown a code: until then the one before does', async () => {
    const { username, own, code } = await withApp('doctor');
    const next = await own.secondFactor.begin({});
    expect(await codeOf(own.secondFactor.confirm({ code: '000000' }))).toBe('bad_code');
    expect(await codeOf(second((await halfway(username)).ticket, code()))).toBe('ok');
    clinic.time.pass(30_000);
    await own.secondFactor.confirm({ code: codeAt(next.secret, clinic.time.now) });
    clinic.time.pass(30_000);
    expect(await codeOf(second((await halfway(username)).ticket, code()))).toBe('bad_code');
    expect(await codeOf(second((await halfway(username)).ticket, codeAt(next.secret, clinic.time.now)))).toBe('ok');
  });

  it('an administrator takes the one of somebody who has lost everything, but not their own', async () => {
    const { id, username, own, code } = await withApp('doctor');
    const other = await admin();
    const me = await other.auth.me();
    expect(await codeOf(other.users.resetSecondFactor({ id: me.id }))).toBe('not_found');
    await other.users.resetSecondFactor({ id });
    expect(await codeOf(own.auth.me())).toBe('unauthenticated');
    expect(await codeOf(login(username))).toBe('ok');
    expect(await codeOf(other.users.resetSecondFactor({ id }))).toBe('no_factor');
    expect(code()).toMatch(/^\d{6}$/);
  });

  it('is kept sealed, and neither a key, a code nor a ticket stands in the audit log', async () => {
    const { username, secret, own } = await withApp('doctor');
    const { codes } = await own.secondFactor.recoveryCodes({});
    const { ticket } = await halfway(username);
    await second(ticket, codes[0] ?? '');
    const { items } = await (await admin()).audit.list({ limit: 200 });
    const told = JSON.stringify(items);
    expect(items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['secondFactor.begin', 'auth.secondFactor']),
    );
    for (const word of [secret, ticket, ticket.split('.')[1] ?? '', ...codes]) expect(told).not.toContain(word);
  });
});

/** Somebody signed in once more, beside their other sign-ins. */
async function signedIn({ url }: World, username: string) {
  const answer = await client(url).auth.login({ identifier: username, password: PASSWORD, delivery: 'body' });
  return { ...answer, api: client(url, answer.accessToken) };
}

describe('still the same person', () => {
  let clinic: World;
  const login = (username: string) => signedIn(clinic, username);
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    await clinic.token('rosa', 'receptionist');
  });
  afterAll(() => clinic.close());
  const renamed = (api: ReturnType<typeof client>, id: string) => codeOf(api.users.update({ id, name: 'Renamed' }));

  it('what an open screen must not do needs a proof of the last five minutes, and goes on with a new one', async () => {
    const { api, user } = await login('admin');
    clinic.time.pass(5 * MINUTE);
    expect(await renamed(api, user.id)).toBe('ok');
    clinic.time.pass(1);
    expect(await renamed(api, user.id)).toBe('step_up');
    expect(await codeOf(api.audit.list({}))).toBe('ok');
    expect(await codeOf(api.auth.stepUp({ password: 'not this one' }))).toBe('bad_credentials');
    expect(await renamed(api, user.id)).toBe('step_up');
    await api.auth.stepUp({ password: PASSWORD });
    expect(await renamed(api, user.id)).toBe('ok');
  });

  it('each sign-in proves itself: another one of the same person does not count', async () => {
    const [here, there] = [await login('admin'), await login('admin')];
    clinic.time.pass(6 * MINUTE);
    await here.api.auth.stepUp({ password: PASSWORD });
    expect(await renamed(here.api, here.user.id)).toBe('ok');
    expect(await renamed(there.api, there.user.id)).toBe('step_up');
  });

  it('whoever has an app says it by the password and the app, and by neither alone', async () => {
    const { api, user } = await login('admin');
    const { secret } = await api.secondFactor.begin({});
    await api.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    clinic.time.pass(6 * MINUTE);
    const code = codeAt(secret, clinic.time.now);
    expect(await codeOf(api.auth.stepUp({ password: PASSWORD }))).toBe('bad_code');
    expect(await codeOf(api.auth.stepUp({ password: 'not this one', code }))).toBe('bad_credentials');
    expect(await renamed(api, user.id)).toBe('step_up');
    const next = 'another horse 43';
    const changed = () => codeOf(api.auth.changePassword({ current: PASSWORD, next }));
    const pinned = () => codeOf(api.auth.setPin({ password: PASSWORD, pin: '2580' }));
    expect([await changed(), await pinned()]).toEqual(['step_up', 'step_up']);
    await api.auth.stepUp({ password: PASSWORD, code });
    expect(await renamed(api, user.id)).toBe('ok');
    expect([await pinned(), await changed()]).toEqual(['ok', 'ok']);
    await api.auth.changePassword({ current: next, next: PASSWORD });
    await api.secondFactor.remove({});
  });
});

describe('where one is signed in', () => {
  let clinic: World;
  const login = (username: string) => signedIn(clinic, username);
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    await clinic.token('rosa', 'receptionist');
    await clinic.token('bilal', 'receptionist');
  });
  afterAll(() => clinic.close());

  it('shows each with its device and place, and ends one, or all but this one', async () => {
    await (await login('rosa')).api.sessions.endOthers({});
    clinic.time.pass(MINUTE);
    const [one, two, three] = [await login('rosa'), await login('rosa'), await login('rosa')];
    const seen = (await three.api.sessions.list()).items;
    expect(seen).toHaveLength(4);
    expect(seen.filter(({ own }) => own)).toHaveLength(1);
    expect(seen[0]).toMatchObject({ kind: 'program', device: 'node', origin: 'local' });
    const own = (await one.api.sessions.list()).items.find((session) => session.own);
    await three.api.sessions.end({ id: own?.id ?? '' });
    expect(await codeOf(one.api.auth.me())).toBe('unauthenticated');
    expect(await codeOf(two.api.auth.me())).toBe('ok');
    expect(await three.api.sessions.endOthers({})).toEqual({ ended: 2 });
    expect(await codeOf(two.api.auth.me())).toBe('unauthenticated');
    expect(await codeOf(three.api.auth.me())).toBe('ok');
  });

  it('nobody ends another’s, but an administrator all of them', async () => {
    const [rosa, bilal] = [await login('rosa'), await login('bilal')];
    const [other] = (await bilal.api.sessions.list()).items;
    expect(await codeOf(rosa.api.sessions.end({ id: other?.id ?? '' }))).toBe('not_found');
    expect(await codeOf(bilal.api.auth.me())).toBe('ok');
    await (await login('admin')).api.users.signOut({ id: bilal.user.id });
    expect(await codeOf(bilal.api.auth.me())).toBe('unauthenticated');
  });

  it('one sign-in for each person, where the clinic wants it: the newest; but a wall has many screens', async () => {
    const admin = (await login('admin')).api;
    await clinic.token('wall', 'display');
    await admin.settings.updateAccess({ oneSignIn: true });
    const [before, after] = [await login('rosa'), await login('rosa')];
    expect(await codeOf(before.api.auth.me())).toBe('unauthenticated');
    expect(await codeOf(after.api.auth.me())).toBe('ok');
    const [left, right] = [await login('wall'), await login('wall')];
    expect(await codeOf(left.api.auth.me())).toBe('ok');
    expect(await codeOf(right.api.auth.me())).toBe('ok');
  });
});
