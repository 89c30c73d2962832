import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import type { Role } from '../../domain/people.ts';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';
import { type SecurityKey, securityKey } from '../support/security-key.ts';

const NOW = Date.parse('2026-11-21T06:00:00Z');
const MINUTE = 60_000;

describe.each(DIALECTS)('a security key, on %s', (dialect) => {
  let clinic: World;
  let made = 0;
  /** The page under a name: keys answer to no bare address. */
  const origin = () => clinic.url.replace('127.0.0.1', 'localhost');
  const at = (url: string, token?: string) => client(url, token);
  const login = (identifier: string) => at(origin()).auth.login({ identifier, password: PASSWORD, delivery: 'body' });
  const newPerson = async (...roles: Role[]) => {
    const username = `person${++made}`;
    const admin = at(origin(), (await login('admin')).accessToken);
    await admin.users.create({ username, name: `Somebody ${made}`, password: PASSWORD, roles });
    return username;
  };
  const withKey = async (...roles: Role[]) => {
    const username = await newPerson(...roles);
    const own = at(origin(), (await login(username)).accessToken);
    const key = securityKey();
    await add(own, key, 'Blue key');
    const [{ id } = { id: '' }] = (await own.secondFactor.get()).keys;
    return { username, own, key, id };
  };
  const add = async (own: ReturnType<typeof client>, key: SecurityKey, name: string) =>
    own.secondFactor.addKey({ name, key: key.make(await own.secondFactor.keyOptions({}), origin()) });
  const halfway = async (username: string, url = origin()) => {
    const error = await at(url)
      .auth.login({ identifier: username, password: PASSWORD })
      .catch((refused: unknown) => refused);
    if (!(error instanceof ApiError) || error.code !== 'second_factor') throw new Error(`No second step: ${error}`);
    return { ticket: String(error.facts['ticket']), by: error.facts['by'], setUp: error.facts['setUp'] };
  };
  const ask = (ticket: string) => at(origin()).secondFactor.askKey({ ticket });
  const second = (ticket: string, key: ReturnType<SecurityKey['answer']>) =>
    codeOf(at(origin()).auth.secondFactor({ ticket, key, delivery: 'body' }));

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOW });
  });
  afterAll(() => clinic.close());

  it('is asked beside the password once it was added, and opens the account', async () => {
    const { username, own, key } = await withKey('doctor');
    const { ticket, by, setUp } = await halfway(username);
    expect({ by, setUp }).toEqual({ by: 'key', setUp: false });
    const question = await ask(ticket);
    expect(question.allowCredentials.map(({ id }) => id)).toEqual([key.id]);
    clinic.time.pass(MINUTE);
    expect(await second(ticket, key.answer(question, origin()))).toBe('ok');
    const { keys, since } = await own.secondFactor.get();
    expect(since).toBeNull();
    expect(keys).toMatchObject([
      {
        name: 'Blue key',
        host: 'localhost',
        createdAt: new Date(NOW).toISOString(),
        lastUsedAt: new Date(NOW + MINUTE).toISOString(),
      },
    ]);
  });

  it('opens nothing by an answer to another question, of another page, of another person, or of a copy', async () => {
    const { username, key } = await withKey('nurse');
    const other = await withKey('nurse');
    const first = await halfway(username);
    const old = key.answer(await ask(first.ticket), origin());
    expect(await second(first.ticket, old)).toBe('ok');

    const { ticket } = await halfway(username);
    const question = await ask(ticket);
    expect(await second(ticket, old)).toBe('bad_code');
    expect(await second(ticket, key.answer(question, 'https://clinic.example'))).toBe('bad_code');
    expect(await second(ticket, other.key.answer(question, origin()))).toBe('bad_code');
    // A copy was made before the key was used last.
    expect(await second(ticket, key.answer(question, origin(), 1))).toBe('bad_code');
    expect(await second(first.ticket, key.answer(question, origin(), 9))).toBe('ticket_over');
    expect(await second(ticket, key.answer(question, origin(), 10))).toBe('ok');
  });

  it('answers for ten minutes at most, and to no page that was opened by a bare address', async () => {
    const { username, key } = await withKey('nurse');
    const { ticket } = await halfway(username);
    const question = await ask(ticket);
    clinic.time.pass(5 * MINUTE);
    expect(await second(ticket, key.answer(question, origin()))).toBe('ticket_over');
    const bare = await halfway(username, clinic.url);
    // It is not offered to set up another factor instead: the password alone would be enough for that.
    expect(bare).toMatchObject({ by: 'key', setUp: false });
    expect(await codeOf(at(clinic.url).secondFactor.askKey({ ticket: bare.ticket }))).toBe('key_not_here');
    expect(await codeOf(at(clinic.url).secondFactor.setUp({ ticket: bare.ticket }))).toBe('ticket_over');
    const here = at(clinic.url, (await login('admin')).accessToken);
    expect(await codeOf(here.secondFactor.keyOptions({}))).toBe('key_not_here');
  });

  it('proves beside the password that it is still the same person, once for each question', async () => {
    const { own, key } = await withKey('nurse');
    clinic.time.pass(6 * MINUTE);
    expect(await codeOf(own.secondFactor.keyOptions({}))).toBe('step_up');
    const question = await own.secondFactor.askKey({});
    const answer = key.answer(question, origin());
    expect(await codeOf(own.auth.stepUp({ password: 'not this one', key: answer }))).toBe('bad_credentials');
    expect(await codeOf(own.auth.stepUp({ password: PASSWORD }))).toBe('bad_code');
    expect(await codeOf(own.auth.stepUp({ password: PASSWORD, key: answer }))).toBe('ok');
    expect(await codeOf(own.secondFactor.keyOptions({}))).toBe('ok');
    expect(await codeOf(own.auth.stepUp({ password: PASSWORD, key: answer }))).toBe('bad_code');
  });

  it('stands beside an app, and recovery codes stand in for both', async () => {
    const { username, own, id } = await withKey('doctor');
    const { secret } = await own.secondFactor.begin({});
    await own.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    const { codes } = await own.secondFactor.recoveryCodes({});
    const { ticket, by } = await halfway(username);
    expect(by).toBe('key,app,recovery');
    expect(await codeOf(at(origin()).auth.secondFactor({ ticket, code: codes[0] ?? '', delivery: 'body' }))).toBe('ok');
    await own.secondFactor.removeKey({ id });
    expect((await own.secondFactor.get()).recoveryLeft).toBe(9);
    await own.secondFactor.remove({});
    expect((await own.secondFactor.get()).recoveryLeft).toBe(0);
    expect(await codeOf(login(username))).toBe('ok');
  });

  it('is removed only by its owner, and the last not by whose role needs one', async () => {
    const { own, id } = await withKey('pharmacist');
    const other = await withKey('nurse');
    expect(await codeOf(other.own.secondFactor.removeKey({ id }))).toBe('not_found');
    const admin = at(origin(), (await login('admin')).accessToken);
    await admin.settings.updateAccess({ secondFactorFor: ['pharmacist'] });
    expect(await codeOf(own.secondFactor.removeKey({ id }))).toBe('factor_needed');
    expect((await own.secondFactor.get()).keys).toHaveLength(1);
    await add(own, securityKey(), 'Green key');
    expect(await codeOf(own.secondFactor.removeKey({ id }))).toBe('ok');
    await admin.settings.updateAccess({ secondFactorFor: [] });
  });

  it('is added once, by a fitting answer, and an administrator takes all of them from whoever lost them', async () => {
    const { username, own, key } = await withKey('nurse');
    const other = await withKey('nurse');
    expect(await codeOf(add(other.own, key, 'Somebody else’s'))).toBe('bad_key');
    const fresh = securityKey();
    const wrong = fresh.make(await own.secondFactor.keyOptions({}), 'https://clinic.example');
    expect(await codeOf(own.secondFactor.addKey({ name: 'x', key: wrong }))).toBe('bad_key');
    const theirs = fresh.make(await other.own.secondFactor.keyOptions({}), origin());
    expect(await codeOf(own.secondFactor.addKey({ name: 'x', key: theirs }))).toBe('bad_key');
    expect((await own.secondFactor.get()).keys).toHaveLength(1);
    const admin = at(origin(), (await login('admin')).accessToken);
    const [row] = (await admin.users.list({ q: username })).items;
    expect(row?.secondFactor).toBe(true);
    await admin.users.resetSecondFactor({ id: row?.id ?? '' });
    expect(await codeOf(login(username))).toBe('ok');
  });
});
