import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';

const HOUR = 3_600_000;
const NEXT = 'another horse 43';

describe.each(DIALECTS)('a one-time code for a forgotten password, on %s', (dialect) => {
  let clinic: World;
  let made = 0;
  const anyone = () => client(clinic.url);
  const login = (identifier: string, password: string) =>
    anyone().auth.login({ identifier, password, delivery: 'body' });
  const asAdmin = async () => client(clinic.url, (await login('admin', PASSWORD)).accessToken);
  const reset = (identifier: string, code: string, password = NEXT) =>
    codeOf(anyone().auth.resetPassword({ identifier, code, password }));
  const forgetful = async () => {
    const admin = await asAdmin();
    const username = `person${++made}`;
    const { id } = await admin.users.create({ username, name: 'Nadia Khan', password: PASSWORD, roles: ['nurse'] });
    return { id, username, admin, ...(await admin.users.resetCode({ id })) };
  };
  beforeAll(async () => {
    clinic = await world({ dialect, now: Date.parse('2026-11-21T06:00:00Z') });
  });
  afterAll(() => clinic.close());

  it('R5: sets the password once, however it is typed, and ends every sign-in', async () => {
    const { username, code } = await forgetful();
    const before = client(clinic.url, (await login(username, PASSWORD)).accessToken);
    expect(await reset(username, code.toLowerCase().replace('-', ' '))).toBe('ok');
    expect(await codeOf(before.auth.me())).toBe('unauthenticated');
    expect(await codeOf(login(username, PASSWORD))).toBe('bad_credentials');
    expect(await codeOf(login(username, NEXT))).toBe('ok');
    expect(await reset(username, code)).toBe('bad_code');
  });

  it('is good for an hour, until a newer one was given, and for nobody else', async () => {
    const [nadia, omar] = [await forgetful(), await forgetful()];
    expect(await reset(omar.username, nadia.code)).toBe('bad_code');
    const newer = await nadia.admin.users.resetCode({ id: nadia.id });
    expect(await reset(nadia.username, nadia.code)).toBe('bad_code');
    clinic.time.pass(HOUR - 1);
    expect(await reset(nadia.username, newer.code)).toBe('ok');
    clinic.time.pass(1);
    expect(await reset(omar.username, omar.code)).toBe('bad_code');
    expect(await codeOf(login(omar.username, PASSWORD))).toBe('ok');
  });

  it('sets the password and leaves the second factor where it was', async () => {
    const { username, code } = await forgetful();
    const own = client(clinic.url, (await login(username, PASSWORD)).accessToken);
    const { secret } = await own.secondFactor.begin({});
    await own.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    expect(await reset(username, code)).toBe('ok');
    expect(await codeOf(login(username, NEXT))).toBe('second_factor');
  });

  it('P13: a wrong code is answered alike for a name that somebody has and for one that nobody has', async () => {
    const { username } = await forgetful();
    const answers: { identifier: string; status: number; error: unknown }[] = [];
    for (const identifier of [username, 'nobody-at-all'])
      for (let tries = 0; tries < 6; tries += 1) {
        const body = { identifier, code: 'AAAAA-AAAAA', password: NEXT };
        const { status, body: answer } = await clinic.request('POST', '/api/v1/auth/reset-password', { body });
        answers.push({ identifier, status, error: answer.error });
      }
    const of = (name: string) =>
      answers.filter(({ identifier }) => identifier === name).map(({ status, error }) => ({ status, error }));
    expect(of(username)).toEqual(of('nobody-at-all'));
    expect(of(username).at(-1)).toMatchObject({ status: 429, error: { code: 'locked_out' } });
  });

  it('is not spent on a password that will not do, and stands nowhere in the audit log', async () => {
    const { username, code, admin } = await forgetful();
    expect(await reset(username, code, 'nadia is here 7')).toBe('weak_password');
    expect(await reset(username, code)).toBe('ok');
    const told = JSON.stringify(await admin.audit.list({ limit: 200 }));
    expect(told).toContain('users.resetCode');
    expect(told).not.toContain(code);
  });
});
