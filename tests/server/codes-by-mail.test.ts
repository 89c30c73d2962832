import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import type { Role } from '../../domain/people.ts';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf, DIALECTS, type Dialect, PASSWORD, world } from '../support/clinic.ts';
import { openPostOffice } from '../support/post-office.ts';
import { securityKey } from '../support/security-key.ts';

const MINUTE = 60_000;
const NEXT = 'another horse 43';

const wrong = (code: string) => (code === '000000' ? '111111' : '000000');

/** A clinic with a mail server, and people in it. */
async function openClinic(dialect: Dialect) {
  const post = await openPostOffice();
  const clinic = await world({ dialect, now: Date.parse('2026-11-21T06:00:00Z') });
  let made = 0;
  /** Keys answer to no bare address. */
  const named = clinic.url.replace('127.0.0.1', 'localhost');
  const anyone = () => client(clinic.url);
  const login = (identifier: string, password = PASSWORD) =>
    anyone().auth.login({ identifier, password, delivery: 'body' });
  let boss: { api: ReturnType<typeof client>; since: number } | null = null;
  const admin = async () => {
    if (!boss || clinic.time.now - boss.since > 4 * MINUTE)
      boss = { api: client(clinic.url, (await login('admin')).accessToken), since: clinic.time.now };
    return boss.api;
  };
  const codeTo = (email: string): string => post.to(email)?.code ?? 'no letter';

  /** Somebody with an address, which they have verified unless said otherwise. */
  const withEmail = async (role: Role = 'nurse', verified = true) => {
    const username = `person${++made}`;
    const email = `${username}@example.com`;
    const { id } = await (await admin()).users.create({
      ...{ username, email, name: 'Nadia Khan', password: PASSWORD, roles: [role] },
    });
    const own = client(named, (await login(username)).accessToken);
    if (verified) {
      await own.ownEmail.sendCode({});
      await own.ownEmail.verify({ code: codeTo(email) });
    }
    return { id, username, email, own };
  };
  /** Whose second factor it is as well. */
  const byMail = async (role?: Role) => {
    const person = await withEmail(role);
    await person.own.secondFactor.byMail({ on: true });
    return person;
  };
  const halfway = async (username: string, password = PASSWORD) => {
    const error = await login(username, password).then(
      () => null,
      (refused: unknown) => refused,
    );
    if (!(error instanceof ApiError) || error.code !== 'second_factor') throw new Error(`No second step: ${error}`);
    return { ticket: String(error.facts['ticket']), setUp: error.facts['setUp'], by: error.facts['by'] };
  };
  const send = (ticket: string) => anyone().auth.sendCode({ ticket });
  const second = (ticket: string, code: string) =>
    codeOf(anyone().auth.secondFactor({ ticket, code, delivery: 'body' }));
  const sentTo = async (person: { username: string; email: string }) => {
    const { ticket } = await halfway(person.username);
    await send(ticket);
    return { ticket, code: codeTo(person.email) };
  };

  const ask = (identifier: string) => anyone().auth.askReset({ identifier });
  const reset = (identifier: string, code: string, password = NEXT) =>
    codeOf(anyone().auth.resetPassword({ identifier, code, password }));
  const asked = async ({ email }: { email: string }) => {
    const coming = post.next(email);
    await ask(email);
    return coming;
  };
  await (await admin()).mail.set(post.settings);
  const close = async () => {
    await clinic.close();
    await post.close();
  };
  return {
    ...{ clinic, named, post, close, anyone, login, admin, codeTo, withEmail, byMail, halfway, send, second, sentTo },
    ...{ ask, reset, asked },
  };
}
type Stage = Awaited<ReturnType<typeof openClinic>>;

describe.each(DIALECTS)('codes by mail, on %s', (dialect) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openClinic(dialect);
  });
  afterAll(() => stage.close());

  it('that an address is one’s own is shown by the newest code, once, within ten minutes, and until the address is another', async () => {
    const { clinic, login, admin, codeTo, withEmail } = stage;
    const { id, email, own } = await withEmail('nurse', false);
    expect(await codeOf(own.secondFactor.byMail({ on: true }))).toBe('not_verified');
    const { to } = await own.ownEmail.sendCode({});
    expect(to).toBe('p…@example.com');
    const older = codeTo(email);
    clinic.time.pass(MINUTE);
    await own.ownEmail.sendCode({});
    if (older !== codeTo(email)) expect(await codeOf(own.ownEmail.verify({ code: older }))).toBe('bad_code');
    clinic.time.pass(10 * MINUTE);
    expect(await codeOf(own.ownEmail.verify({ code: codeTo(email) }))).toBe('bad_code');
    clinic.time.pass(5 * MINUTE);
    const renewed = client(clinic.url, (await login(email)).accessToken);
    await renewed.ownEmail.sendCode({});
    await renewed.ownEmail.verify({ code: codeTo(email) });
    expect((await renewed.secondFactor.get()).email?.verifiedAt).toBe(new Date(clinic.time.now).toISOString());
    expect(await codeOf(renewed.ownEmail.verify({ code: codeTo(email) }))).toBe('bad_code');
    await (await admin()).users.update({ id, email: `new-${email}` });
    expect((await renewed.secondFactor.get()).email?.verifiedAt).toBeNull();
  });

  it('as a second factor a code opens once, for its own ticket, within five minutes, and is kept and told nowhere', async () => {
    const { clinic, admin, byMail, halfway, send, second, sentTo } = stage;
    const [rosa, bilal] = [await byMail('doctor'), await byMail('doctor')];
    expect(await halfway(rosa.username)).toMatchObject({ setUp: false, by: 'email' });
    const first = await sentTo(rosa);
    const other = await sentTo(bilal);
    expect(await second(other.ticket, first.code)).toBe('bad_code');
    const { t, db } = clinic.server.app.reader;
    const rows = JSON.stringify(await db.select().from(t.mailedCodes));
    expect(rows).toContain(rosa.id);
    expect(rows).not.toContain(first.code);
    expect(await second(`${rosa.id}.${'x'.repeat(43)}`, first.code)).toBe('ticket_over');
    expect(await codeOf(send(rosa.id))).toBe('ticket_over');
    const { ticket: newer } = await halfway(rosa.username);
    expect(await second(newer, first.code)).toBe('bad_code');
    expect(await second(first.ticket, first.code)).toBe('ticket_over');
    expect(await second(other.ticket, other.code)).toBe('ok');
    clinic.time.pass(MINUTE);
    const later = await sentTo(rosa);
    clinic.time.pass(5 * MINUTE);
    expect(await second(later.ticket, later.code)).toBe('ticket_over');
    const { items } = await (await admin()).audit.list({ limit: 30, actorId: rosa.id });
    expect(items.map(({ action }) => action)).toContain('auth.sendCode');
    for (const secret of [first.code, first.ticket, rosa.email]) expect(JSON.stringify(items)).not.toContain(secret);
  });

  it('a newer one voids the older; one a minute and three in a quarter of an hour are sent, whatever the ticket', async () => {
    const { clinic, codeTo, byMail, halfway, send, second, sentTo } = stage;
    const person = await byMail();
    const first = await sentTo(person);
    const refused = await send(first.ticket).catch((error: ApiError) => error);
    expect(refused).toMatchObject({ code: 'code_wait', facts: { minutes: 1 } });
    clinic.time.pass(MINUTE);
    await send(first.ticket);
    const newer = codeTo(person.email);
    if (newer !== first.code) expect(await second(first.ticket, first.code)).toBe('bad_code');
    expect(await second(first.ticket, newer)).toBe('ok');
    clinic.time.pass(MINUTE);
    await sentTo(person);
    clinic.time.pass(MINUTE);
    const { ticket } = await halfway(person.username);
    expect(await send(ticket).catch((error: ApiError) => error)).toMatchObject({
      code: 'code_wait',
      facts: { minutes: 12 },
    });
    clinic.time.pass(12 * MINUTE);
    expect(await codeOf(send((await halfway(person.username)).ticket))).toBe('ok');
  });

  it('for a forgotten password it sets a new one once, within the hour, also beside the code that an administrator gave', async () => {
    const { clinic, login, admin, withEmail, reset, asked } = stage;
    const person = await withEmail();
    const given = await (await admin()).users.resetCode({ id: person.id });
    const { code } = await asked(person);
    expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    expect(await reset(person.username, code.toLowerCase())).toBe('ok');
    expect(await codeOf(login(person.username, NEXT))).toBe('ok');
    expect(await reset(person.username, code)).toBe('bad_code');
    expect(await reset(person.username, given.code)).toBe('bad_code');
    clinic.time.pass(MINUTE);
    const later = await asked(person);
    clinic.time.pass(60 * MINUTE);
    expect(await reset(person.username, later.code)).toBe('bad_code');
  });
});

describe('ways round codes by mail', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openClinic('sqlite');
  });
  afterAll(() => stage.close());

  it('that an address is one’s own is not shown by a code that went to the address before, nor by guessing', async () => {
    const { clinic, admin, codeTo, withEmail } = stage;
    const { id, email, own } = await withEmail('nurse', false);
    await own.ownEmail.sendCode({});
    await (await admin()).users.update({ id, email: `new-${email}` });
    expect(await codeOf(own.ownEmail.verify({ code: codeTo(email) }))).toBe('bad_code');
    clinic.time.pass(MINUTE);
    await own.ownEmail.sendCode({});
    const right = codeTo(`new-${email}`);
    for (let tries = 0; tries < 5; tries += 1)
      expect(await codeOf(own.ownEmail.verify({ code: wrong(right) }))).toBe('bad_code');
    expect(await codeOf(own.ownEmail.verify({ code: right }))).toBe('bad_code');
  });

  it('M24: as a second factor it opens nothing once the password is another, and a wrong one counts as a wrong code of an app', async () => {
    const { clinic, admin, byMail, halfway, send, second, sentTo } = stage;
    const person = await byMail();
    const before = await sentTo(person);
    await (await admin()).users.setPassword({ id: person.id, password: NEXT });
    expect(await second(before.ticket, before.code)).toBe('ticket_over');
    const { ticket } = await halfway(person.username, NEXT);
    expect(await second(ticket, before.code)).toBe('bad_code');
    for (let tries = 0; tries < 3; tries += 1) expect(await second(ticket, wrong(before.code))).toBe('bad_code');
    const { ticket: last } = await halfway(person.username, NEXT);
    expect(await second(last, wrong(before.code))).toBe('locked_out');
    clinic.time.pass(MINUTE);
    expect(await codeOf(send(last))).toBe('locked_out');
  });

  it('an app stays the stronger: codes by mail stand beside it only for who chose them', async () => {
    const { clinic, codeTo, withEmail, halfway, send, second } = stage;
    const person = await withEmail('doctor');
    const { secret } = await person.own.secondFactor.begin({});
    await person.own.secondFactor.confirm({ code: codeAt(secret, clinic.time.now) });
    const { ticket, by } = await halfway(person.username);
    expect(by).toBe('app');
    expect(await codeOf(send(ticket))).toBe('no_mail');
    await person.own.secondFactor.byMail({ on: true });
    const both = await halfway(person.username);
    expect(both.by).toBe('app,email');
    await send(both.ticket);
    expect(await second(both.ticket, codeTo(person.email))).toBe('ok');
    clinic.time.pass(30_000);
    expect(await second((await halfway(person.username)).ticket, codeAt(secret, clinic.time.now))).toBe('ok');
  });

  it('recovery codes stand in for it, and an administrator takes it away', async () => {
    const { login, admin, byMail, halfway, second } = stage;
    const person = await byMail('admin');
    const { weak } = await (await admin()).security.now();
    expect(weak).toContainEqual({ code: 'admins_by_mail', count: 1, names: ['Nadia Khan'] });
    const { codes } = await person.own.secondFactor.recoveryCodes({});
    const { ticket, by } = await halfway(person.username);
    expect(by).toBe('email,recovery');
    expect(await second(ticket, codes[0] ?? '')).toBe('ok');
    await (await admin()).users.resetSecondFactor({ id: person.id });
    expect(await codeOf(login(person.username))).toBe('ok');
  });

  it('says once more who one is, for whoever has no other', async () => {
    const { clinic, admin, codeTo, byMail, withEmail } = stage;
    const [{ own, email }, plain] = [await byMail('doctor'), await withEmail('doctor')];
    clinic.time.pass(6 * MINUTE);
    const next = 'another horse 43';
    const changed = (of = own) => codeOf(of.auth.changePassword({ current: PASSWORD, next }));
    const proved = (code?: string) => codeOf(own.auth.stepUp({ password: PASSWORD, ...(code ? { code } : {}) }));
    expect((await own.secondFactor.get()).by).toEqual(['email']);
    expect([await changed(), await proved()]).toEqual(['step_up', 'bad_code']);
    await own.auth.sendCode({});
    const code = codeTo(email);
    // Of this sign-in, and of what it wants now: another one cannot use it.
    await plain.own.auth.stepUp({ password: PASSWORD });
    expect(await proved(wrong(code))).toBe('bad_code');
    expect(await proved(code)).toBe('ok');
    expect(await proved(code)).toBe('bad_code');
    expect([await changed(), await changed(plain.own)]).toEqual(['ok', 'ok']);
    const { items } = await (await admin()).audit.list({ limit: 50 });
    expect(JSON.stringify(items)).not.toContain(code);
  });

  it('is no weakness of whoever has a key as well', async () => {
    const { named, admin, byMail } = stage;
    const [one, other] = [await byMail('admin'), await byMail('admin')];
    const weak = async () => (await (await admin()).security.now()).weak.find(({ code }) => code === 'admins_by_mail');
    expect(await weak()).toMatchObject({ count: 2 });
    const { addKey, keyOptions } = one.own.secondFactor;
    await addKey({ name: 'Blue key', key: securityKey().make(await keyOptions({}), named) });
    expect(await weak()).toMatchObject({ count: 1 });
    for (const { id } of [one, other]) await (await admin()).users.resetSecondFactor({ id });
  });

  describe('for a role that needs one', () => {
    beforeAll(async () => (await stage.admin()).settings.updateAccess({ secondFactorFor: ['pharmacist'] }));
    afterAll(async () => (await stage.admin()).settings.updateAccess({ secondFactorFor: [] }));

    it('does without an app, and nobody sets one up round it', async () => {
      const { clinic, named, anyone, admin, codeTo, withEmail, halfway, send } = stage;
      await (await admin()).settings.updateAccess({ secondFactorFor: [] });
      const person = await withEmail('pharmacist');
      await (await admin()).settings.updateAccess({ secondFactorFor: ['pharmacist'] });
      const { ticket, by, setUp } = await halfway(person.username);
      expect({ by, setUp }).toEqual({ by: 'email', setUp: false });
      expect(await codeOf(anyone().secondFactor.setUp({ ticket }))).toBe('ticket_over');
      await send(ticket);
      const mailed = { ticket, code: codeTo(person.email), delivery: 'body' as const };
      const { accessToken } = await anyone().auth.secondFactor(mailed);
      // Nothing of their own choice, and asked of them all the same.
      clinic.time.pass(6 * MINUTE);
      const { auth, secondFactor } = client(named, accessToken);
      expect(await codeOf(auth.changePassword({ current: PASSWORD, next: NEXT }))).toBe('step_up');
      expect(await codeOf(auth.stepUp({ password: PASSWORD }))).toBe('bad_code');
      expect((await secondFactor.get()).by).toEqual(['email']);
      await auth.sendCode({});
      await auth.stepUp({ password: PASSWORD, code: codeTo(person.email) });
      expect(await codeOf(auth.changePassword({ current: PASSWORD, next: NEXT }))).toBe('ok');
    });

    it('a clinic without mail works with the app alone, also for who had chosen mail', async () => {
      const { clinic, post, anyone, admin, byMail, halfway, send, second } = stage;
      await (await admin()).settings.updateAccess({ secondFactorFor: [] });
      const person = await byMail('pharmacist');
      await (await admin()).mail.remove({});
      const { ticket, by, setUp } = await halfway(person.username);
      expect({ by, setUp }).toEqual({ by: '', setUp: true });
      expect(await codeOf(send(ticket))).toBe('no_mail');
      const { secret } = await anyone().secondFactor.setUp({ ticket });
      expect(await second(ticket, codeAt(secret, clinic.time.now))).toBe('ok');
      await (await admin()).mail.set(post.settings);
    });
  });

  it('a mail server that refuses is said so, and the code that was not sent opens nothing', async () => {
    const { clinic, post, admin, codeTo, byMail, halfway, send, second } = stage;
    const person = await byMail();
    const { ticket } = await halfway(person.username);
    await (await admin()).mail.set({ ...post.settings, from: 'stranger@clinic.example' });
    const refused = await send(ticket).catch((error: ApiError) => error);
    expect(refused).toMatchObject({ code: 'mail_failed', status: 502, facts: { problem: 'sender' } });
    await (await admin()).mail.set(post.settings);
    expect(await second(ticket, codeTo(person.email))).toBe('bad_code');
    clinic.time.pass(MINUTE);
    await send(ticket);
    expect(await second(ticket, codeTo(person.email))).toBe('ok');
  });

  it('P13: a forgotten password is answered alike, before anybody looked whether there is such a name', async () => {
    const { clinic, post, admin, withEmail } = stage;
    const person = await withEmail();
    const answers = [];
    const mute = await openPostOffice({ mute: true });
    await (await admin()).mail.set(mute.settings);
    for (const identifier of [person.email, 'nobody-at-all', person.email])
      answers.push(
        await clinic.request('POST', '/api/v1/auth/ask-reset', { body: { identifier } }).then(({ status, body }) => ({
          ...{ status, data: body.data },
        })),
      );
    const alike = { status: 200, data: { ok: true } };
    expect(answers).toEqual([alike, alike, alike]);
    // All were answered while the first letter still waits for a mail server that says nothing.
    await expect.poll(() => mute.held.length).toBe(1);
    await (await admin()).mail.set(post.settings);
    for (const go of mute.held) go();
    await mute.close();
  });

  it('for a forgotten password it is sent to a verified address alone, and not to a mailbox that is the second factor as well', async () => {
    const { post, withEmail, byMail, ask, asked } = stage;
    const [unverified, person] = [await withEmail('nurse', false), await byMail()];
    await ask(unverified.email);
    const letter = await asked(person);
    expect(letter.code).toBe('');
    expect(letter.raw).toContain('administrator');
    expect(post.to(unverified.email)).toBeUndefined();
  });

  it('for a forgotten password it goes out three times in a quarter of an hour, however often it is asked for', async () => {
    const { clinic, post, withEmail, ask, asked } = stage;
    const [person, last] = [await withEmail(), await withEmail()];
    for (let times = 0; times < 3; times += 1) {
      await asked(person);
      clinic.time.pass(MINUTE);
    }
    for (const identifier of [person.email, person.username]) await ask(identifier);
    await asked(last);
    expect(post.letters.filter(({ to, raw }) => to.includes(person.email) && /new password/.test(raw))).toHaveLength(3);
  });
});
