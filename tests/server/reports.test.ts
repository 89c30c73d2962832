import { spawnSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';

type File = Readonly<{ body: ReadableStream<Uint8Array> }>;
const bytesOf = async (file: File) => Buffer.from(await new Response(file.body).arrayBuffer());
const rowsOf = async (file: File) =>
  parse(await bytesOf(file), { columns: true, bom: true }) as Record<string, string>[];
/** The words of a paper, as a reader copies them out, without the marks that only order them. */
const wordsOf = async (file: File) =>
  spawnSync('pdftotext', ['-layout', '-', '-'], { input: await bytesOf(file) })
    .stdout.toString()
    .replace(/[\u200e\u200f\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ');

describe.each(DIALECTS)('%s: reports on people and access', (dialect) => {
  let clinic: World;
  let admin: Client<MedlaneApi>;
  beforeAll(async () => {
    clinic = await world({ dialect, now: Date.parse('2026-11-18T07:00:00Z') });
    admin = await clinic.as('admin');
    await clinic.as('rosa', 'receptionist');
    await codeOf(client(clinic.url).auth.login({ identifier: 'rosa', password: 'not the password' }));
    await codeOf((await clinic.as('rosa')).users.list());
  });
  afterAll(() => clinic.close());

  it('sign-ins: each one, with its outcome, and counted', async () => {
    clinic.time.pass(1000);
    const rows = await rowsOf(await admin.reports.signIns({ format: 'csv' }));
    expect(rows.filter(({ who }) => who === 'rosa').map(({ outcome }) => outcome)).toEqual(['bad_password', 'ok']);
    expect(rows[0]?.['at']).toBe('2026-11-18T07:00:00.000Z');
    const paper = await wordsOf(await admin.reports.signIns({ format: 'pdf', language: 'en' }));
    expect(paper).toMatch(/Test Clinic.*Sign-ins.*Signed in Refused sign-ins Unusual 2 1 0/);
  });

  it('a person’s trail: what they did here and what was refused, and nobody else’s', async () => {
    const [rosa] = (await admin.users.list({ q: 'rosa' })).items;
    const rows = await rowsOf(await admin.reports.person({ id: rosa?.id ?? '', format: 'csv' }));
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'users.list forbidden',
      'auth.login bad_credentials',
      'auth.login ok',
    ]);
    expect(await wordsOf(await admin.reports.person({ id: rosa?.id ?? '', language: 'fil' }))).toContain('rosa');
  });

  it('identity documents: everybody who works here, also who has handed in nothing', async () => {
    const rows = await rowsOf(await admin.reports.verification({ format: 'csv' }));
    expect(rows.map(({ who, status }) => [who, status])).toEqual([
      ['Admin', 'not_submitted'],
      ['rosa', 'not_submitted'],
    ]);
  });

  it('the security of a day: its figures, and nothing of another day', async () => {
    await admin.users.create({ username: 'nia', name: 'Nia', password: PASSWORD, roles: ['nurse'] });
    const figuresOf = async (day: string) =>
      Object.fromEntries(
        (await rowsOf(await admin.reports.security({ format: 'csv', day }))).map(({ what, value }) => [what, value]),
      );
    expect(await figuresOf('2026-11-18')).toEqual({
      ...{ succeeded: '2', failed: '1', suspicious: '0', forbidden: '1', access: '2', submissions: '0' },
      threat: 'normal',
    });
    expect(await figuresOf('2026-11-17')).toMatchObject({ succeeded: '0', failed: '0', access: '0' });
    expect(await wordsOf(await admin.reports.security({ language: 'en' }))).toMatch(/Wednesday.*Threat level normal/);
  });
});
