import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';
import { openStationDoor } from '../support/station-door.ts';

const NOW = Date.parse('2026-11-21T06:00:00Z');
const MINUTE = 60_000;

describe.each(DIALECTS)('guessing at a password, on %s', (dialect) => {
  let clinic: World;
  let [atDesk, atOther] = [client(''), client('')];
  const anywhere = () => client(clinic.url);
  const login = (at: ReturnType<typeof client>, identifier: string, password = PASSWORD) =>
    codeOf(at.auth.login({ identifier, password, delivery: 'body' }));
  const guess = async (at: ReturnType<typeof client>, identifier: string, times: number) => {
    let last = '';
    for (let n = 0; n < times; n += 1) last = await login(at, identifier, 'guess');
    return last;
  };
  const asAdmin = async () =>
    client(clinic.url, (await anywhere().auth.login({ identifier: 'admin', password: PASSWORD })).accessToken);
  const idOf = async (username: string) => (await (await asAdmin()).users.list({ q: username })).items[0]?.id ?? '';

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOW });
    const admin = await clinic.as('admin');
    for (const name of ['sana', 'ramon', 'priya', 'imran']) await clinic.token(name, 'doctor');
    const { id } = await admin.auth.me();
    // Two desks that the clinic knows: somebody has signed in on each.
    const doors = [
      await openStationDoor(clinic, { code: 'R1', place: 'reception' }, `program-${id}`),
      await openStationDoor(clinic, { code: 'R2', place: 'doctor' }, `program-${await idOf('imran')}`),
    ];
    [atDesk, atOther] = [client(doors[0]?.url ?? ''), client(doors[1]?.url ?? '')];
  });
  afterAll(() => clinic.close());

  it('E17: nobody locks a doctor out of the desk where they have signed in before', async () => {
    expect(await login(atDesk, 'sana')).toBe('ok');
    expect(await guess(anywhere(), 'sana', 5)).toBe('locked_out');
    expect(await login(anywhere(), 'sana')).toBe('locked_out');
    expect(await login(atOther, 'sana')).toBe('locked_out');
    expect(await login(atDesk, 'sana')).toBe('ok');
    // And signing in there does not give whoever guesses elsewhere five more tries.
    expect(await login(anywhere(), 'sana')).toBe('locked_out');
  });

  it('also when the account is blocked everywhere else', async () => {
    expect(await login(atDesk, 'ramon')).toBe('ok');
    for (const minutes of [2, 5, 10, 30, 60, 0]) {
      await guess(anywhere(), 'ramon', 5);
      clinic.time.pass(minutes * MINUTE);
    }
    expect(await login(anywhere(), 'ramon')).toBe('blocked');
    expect(await login(atDesk, 'ramon')).toBe('ok');
  });

  it('at the desk itself guesses are counted, and slow down like anywhere', async () => {
    expect(await login(atDesk, 'priya')).toBe('ok');
    expect(await guess(atDesk, 'priya', 4)).toBe('bad_credentials');
    expect(await guess(atDesk, 'priya', 1)).toBe('locked_out');
    expect(await login(atDesk, 'priya')).toBe('locked_out');
    expect(await login(anywhere(), 'priya')).toBe('ok');
    clinic.time.pass(2 * MINUTE);
    expect(await login(atDesk, 'priya')).toBe('ok');
  });

  it('whoever is switched off gets in nowhere, and an administrator lifts every lock', async () => {
    const admin = await asAdmin();
    const id = await idOf('priya');
    await guess(atDesk, 'priya', 5);
    await guess(anywhere(), 'priya', 5);
    await admin.users.update({ id, unlock: true });
    expect([await login(atDesk, 'priya'), await login(anywhere(), 'priya')]).toEqual(['ok', 'ok']);
    await admin.users.update({ id, active: false });
    expect([await login(atDesk, 'priya'), await login(anywhere(), 'priya')]).toEqual(['blocked', 'blocked']);
  });
});

describe('the names of an account', () => {
  it('open it all alike, and wrong tries by any of them count together', async () => {
    const clinic = await world({ now: NOW });
    const admin = await clinic.as('admin');
    const { code } = await admin.users.create({
      ...{ username: 'nadia', name: 'Nadia', password: PASSWORD, roles: ['nurse'] },
      ...{ email: 'Nadia@clinic.example', phone: '0300 765 4321' },
    });
    const login = (identifier: string, password = PASSWORD) =>
      codeOf(client(clinic.url).auth.login({ identifier, password }));
    const names = ['nadia', code.toLowerCase(), 'nadia@CLINIC.example', '+92 300 7654321'];
    for (const name of names) expect(await login(name)).toBe('ok');
    for (const name of names) expect(await login(name, 'guess')).toBe('bad_credentials');
    expect(await login('NADIA', 'guess')).toBe('locked_out');
    for (const name of names) expect(await login(name)).toBe('locked_out');
    await clinic.close();
  });
});
