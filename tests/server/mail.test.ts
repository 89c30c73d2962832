import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import { client, codeOf, type World, world } from '../support/clinic.ts';
import { ACCOUNT, openPostOffice, type PostOffice } from '../support/post-office.ts';

const NOW = Date.parse('2026-11-21T06:00:00Z');

/** Which of the few reasons a mail was not sent for. */
const problemOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'sent',
    (error: unknown) => (error instanceof ApiError ? String(error.facts['problem'] ?? error.code) : String(error)),
  );

describe('the clinic’s mail server', () => {
  let clinic: World;
  let admin: ReturnType<typeof client>;
  const offices: PostOffice[] = [];
  const office = async (options: Parameters<typeof openPostOffice>[0]) => {
    const opened = await openPostOffice(options);
    offices.push(opened);
    return opened;
  };
  const tested = (to = 'rosa@example.com') => problemOf(admin.mail.test({ to }));
  beforeAll(async () => {
    clinic = await world({ now: NOW });
    admin = await clinic.as('admin');
  });
  afterAll(async () => {
    await clinic.close();
    for (const one of offices) await one.close();
  });

  it.each(['tls', 'starttls'] as const)(
    'is spoken to by %s, with a certificate of its own CA and a password',
    async (security) => {
      const post = await office({ security, account: true });
      await admin.mail.set({ ...post.settings, ca: null });
      expect(await tested()).toBe('certificate');
      await admin.mail.set({ ...post.settings, host: 'localhost' });
      expect(await tested()).toBe('certificate');
      await admin.mail.set({ ...post.settings, password: 'not this one' });
      expect(await tested()).toBe('password');
      await admin.mail.set(post.settings);
      expect(await tested()).toBe('sent');
      expect(post.letters.map(({ to }) => to)).toEqual([['rosa@example.com']]);
      expect(post.to('rosa@example.com')?.raw).toContain('Test Clinic: mail works');
    },
  );

  it('says in one of a few words why nothing was sent, and nothing of what the server answered', async () => {
    const [open, plain] = [await office({}), await office({ security: 'tls' })];
    await admin.mail.set(open.settings);
    expect(await tested('nobody@example.com')).toBe('recipient');
    await admin.mail.set({ ...open.settings, from: 'stranger@clinic.example' });
    expect(await tested()).toBe('sender');
    await admin.mail.set({ ...open.settings, security: 'starttls' });
    expect(await tested()).toBe('no_encryption');
    await admin.mail.set({ ...open.settings, security: 'tls' });
    expect(await tested()).toBe('no_encryption');
    await admin.mail.set({ ...plain.settings, port: plain.port });
    await plain.close();
    expect(await tested()).toBe('unreachable');
    const told = JSON.stringify(await admin.audit.list({ limit: 50 }));
    expect(told).toContain('mail.test');
    expect(told).not.toContain('example.com');
  });

  it('keeps its password to itself, and sends it nowhere else than where it was given for', async () => {
    const post = await office({ security: 'tls', account: true });
    await admin.mail.set(post.settings);
    const { password: _password, ...way } = { ...post.settings, password: '' };
    const answered = await admin.mail.get();
    expect(answered.server).toMatchObject({ username: ACCOUNT.username, hasPassword: true });
    expect(JSON.stringify([answered, await admin.audit.list({ limit: 50 })])).not.toContain(ACCOUNT.password);
    await admin.mail.set({ ...way, from: 'front@clinic.example' });
    expect(await tested()).toBe('sent');
    for (const other of [{ host: 'localhost' }, { port: 2525 }, { security: 'none' as const }, { ca: null }])
      expect(await codeOf(admin.mail.set({ ...way, ...other }))).toBe('validation_failed');
    expect((await admin.mail.get()).server).toMatchObject({ host: '127.0.0.1', from: 'front@clinic.example' });
  });

  it('F17: is no way into the network: in the open only on this computer, and no port of other services', async () => {
    const way = {
      host: 'mail.lan',
      port: 587,
      security: 'none' as const,
      username: null,
      from: 'a@b.example',
      ca: null,
    };
    const refused = [
      way,
      { ...way, security: 'tls' as const, port: 22 },
      { ...way, security: 'tls' as const, host: 'mail.lan/x' },
      { ...way, security: 'tls' as const, host: 'a\r\nb' },
      { ...way, security: 'tls' as const, from: 'a@b.example\r\nBcc: c@d.example' },
      { ...way, security: 'tls' as const, ca: 'no certificate' },
    ];
    for (const given of refused) expect(await codeOf(admin.mail.set(given))).toBe('validation_failed');
    expect(await codeOf((await clinic.as('rosa', 'nurse')).mail.test({ to: 'a@b.example' }))).toBe('forbidden');
  });

  it('F13: what stands in a name becomes no line of a letter', async () => {
    const post = await office({});
    await admin.mail.set(post.settings);
    await admin.settings.update({ clinic: 'Al "Shifa" <x@y.example>\r\nBcc: evil@example.com\r\n\r\n<b>Now</b>' });
    expect(await tested('rosa@example.com')).toBe('sent');
    const { to, raw } = post.to('rosa@example.com') ?? { to: [], raw: '' };
    expect(to).toEqual(['rosa@example.com']);
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^bcc:/im);
    expect(raw.replace(/=\r\n/g, '')).toContain('Bcc: evil@example.com &lt;b&gt;Now&lt;/b&gt; has sent this');
    expect(await codeOf(admin.mail.test({ to: 'rosa@example.com, evil@example.com' }))).toBe('validation_failed');
    await admin.settings.update({ clinic: 'Test Clinic' });
  });

  it('speaks the language of the clinic’s papers', async () => {
    const post = await office({});
    await admin.mail.set(post.settings);
    await admin.settings.update({ paperLanguage: 'ur' });
    await tested();
    expect(post.letters[0]?.raw).toMatch(/lang=(3D)?"ur" dir=(3D)?"rtl"/);
    await admin.settings.update({ paperLanguage: 'en' });
  });

  it('taken away, nothing by mail is offered any more', async () => {
    expect((await client(clinic.url).setup.state()).mail).toBe(true);
    await admin.mail.remove({});
    expect((await client(clinic.url).setup.state()).mail).toBe(false);
    expect((await admin.mail.get()).server).toBeNull();
    expect(await tested()).toBe('no_mail');
  });
});
