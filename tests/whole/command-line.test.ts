import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf } from '../support/clinic.ts';
import { medlane, root, startProcess } from '../support/process.ts';

const folder = () => mkdtempSync(path.join(tmpdir(), 'medlane-cli-'));
const people = path.join(root, 'resources/demo/patients.csv');

describe('the command line', () => {
  it('works through the server while it runs, and by itself when none does; the exit codes say how it went', async () => {
    const data = folder();
    expect((await medlane(['--data', data, 'health'])).code).toBe(3);
    const server = await startProcess(data, { demo: true });
    expect(server.ready['accounts']).toContainEqual({
      username: 'admin',
      password: expect.any(String),
      roles: ['super_admin', 'admin'],
    });
    const health = await medlane(['--data', data, '--json', 'health']);
    expect(JSON.parse(health.out)).toMatchObject({ status: 'ok', database: 'sqlite', url: server.url });

    const again = await medlane(['--data', data, '--json', 'import', 'patients', people]);
    expect(JSON.parse(again.out)).toMatchObject({ rows: 1171, added: 0, known: 1171, rejected: 0 });
    const second = await medlane(['--data', data, 'serve', '--port', '0']);
    expect([second.code, second.err]).toEqual([4, expect.stringContaining(server.url)]);
    const made = await medlane(['--data', data, '--json', 'user', 'add', 'maria', '--roles', 'receptionist', 'nurse']);
    const { password: shown } = JSON.parse(made.out) as { password: string };
    const { auth } = client(server.url);
    const { ticket } = await auth.login({ identifier: 'maria', password: shown }).then(
      () => ({ ticket: '' }),
      (error: { facts: { ticket: string } }) => error.facts,
    );
    const password = 'my own horse 45';
    await auth.choosePassword({ ticket, password });
    expect((await client(server.url).auth.login({ identifier: 'maria', password })).user.roles).toEqual([
      'receptionist',
      'nurse',
    ]);
    expect((await medlane(['--data', data, 'user', 'add', 'maria', '--roles', 'nurse'])).code).toBe(1);

    const maria = () => client(server.url).auth.login({ identifier: 'MARIA', password });
    const own = client(server.url, (await maria()).accessToken);
    const { secret } = await own.secondFactor.begin({});
    await own.secondFactor.confirm({ code: codeAt(secret, Date.now()) });
    expect(await codeOf(maria())).toBe('second_factor');
    expect((await medlane(['--data', data, 'user', 'reset-factor', 'nobody'])).err).toContain('no account nobody');
    expect((await medlane(['--data', data, 'user', 'reset-factor', 'Maria'])).out).toMatch(/by password alone/);
    expect(await codeOf(maria())).toBe('ok');
    expect(await server.stop()).toBe(0);

    // No server: the same commands open the folder themselves.
    const file = path.join(data, 'audit.csv');
    expect((await medlane(['--data', data, 'audit', 'export', '--out', file])).code).toBe(0);
    expect((await medlane(['audit', 'verify', file])).out).toMatch(/^The audit file is whole: \d+ entries/);
    writeFileSync(file, readFileSync(file, 'utf8').replace('auth.login', 'auth.logon'));
    const tampered = await medlane(['audit', 'verify', file]);
    expect([tampered.code, tampered.out]).toEqual([5, expect.stringContaining('NOT whole')]);
    expect((await medlane(['--data', data, 'audit', 'verify'])).code).toBe(0);

    const backup = await medlane(['--data', data, '--json', 'backup', '--to', path.join(data, 'second-place')]);
    const { path: copy } = JSON.parse(backup.out) as { path: string };
    expect(existsSync(copy)).toBe(true);
    expect((await medlane(['--data', data, 'restore', copy])).out).toMatch(/Restored: 1171 patients/);
  });

  it('says what is wrong with a call, and explains each command', async () => {
    expect((await medlane(['nonsense'])).code).toBe(2);
    expect((await medlane(['serve', '--port', '99999'])).err).toMatch(/0–65535/);
    for (const command of [
      ['serve'],
      ['import', 'patients'],
      ['audit', 'export'],
      ['audit', 'verify'],
      ['backup'],
      ['restore'],
      ['user', 'add'],
      ['user', 'reset-factor'],
      ['health'],
      ['openapi'],
    ]) {
      const { code, out } = await medlane([...command, '--help']);
      expect([code, out]).toEqual([0, expect.stringContaining('Usage: medlane')]);
    }
    const { out } = await medlane(['openapi']);
    expect(JSON.parse(out)).toMatchObject({ openapi: '3.1.1' });
  });

  it('imports the 1,171 patients in under five seconds, and tells the rows that it rejects', async () => {
    const data = folder();
    const server = await startProcess(data);
    await client(server.url).setup.host({
      clinic: 'Test',
      timeZone: 'Asia/Karachi',
      administrator: { name: 'Admin', username: 'admin', password: 'correct horse 42' },
    });
    const file = path.join(data, 'patients.csv');
    writeFileSync(file, `${readFileSync(people, 'utf8')}x1,31.12.1990,,Bad,Date,M,,,,\nx2,1990-12-31,,,,F,,,,\n`);
    const rejected = path.join(data, 'rejected.csv');
    const { out } = await medlane(['--data', data, '--json', 'import', 'patients', file, '--rejected', rejected]);
    expect(JSON.parse(out)).toMatchObject({ rows: 1173, added: 1171, rejected: 2 });
    expect(readFileSync(rejected, 'utf8')).toMatch(/x1/);
    expect(readFileSync(rejected, 'utf8')).toMatch(/birthDate/);
    await server.stop();
  });

  it('shows the service that it would install, and changes nothing', async () => {
    const data = folder();
    const shown = await medlane(['--data', data, '--json', 'service', 'install', '--lan', '--port', '7777', '--print']);
    const { files, install } = JSON.parse(shown.out) as {
      files: { path: string; text: string }[];
      install: string[][];
    };
    expect([shown.code, install.length > 0]).toEqual([0, true]);
    expect(files[0]?.text).toContain(data);
    expect(files[0]?.text).toMatch(/medlane\.js.*7777.*--lan.*7443/s);
    expect(files.filter(({ path: file }) => existsSync(file))).toEqual([]);
    expect((await medlane(['service', 'status'])).out).toContain('not installed');
  });
});
