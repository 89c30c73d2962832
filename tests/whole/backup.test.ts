import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { ApiError } from '../../contract/kit.ts';
import { restoreBackup } from '../../server/backup/restore.ts';
import { startServer } from '../../server/clinic-server.ts';
import { dataFolder } from '../../server/data-folder.ts';
import type { Reader } from '../../server/db/connection.ts';
import { codeAt } from '../support/authenticator.ts';
import { client, codeOf, DIALECTS, ended, furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openPostOffice } from '../support/post-office.ts';
import { createDatabase } from '../support/postgres.ts';
import { securityKey } from '../support/security-key.ts';

async function workedDay(clinic: World) {
  const desk = await clinic.as('rosa', 'receptionist');
  const { queueId } = await furniture(desk);
  const patient = await desk.patients.register({ name: 'Ayesha Khan', phone: '0300 1234567' });
  const visit = await desk.visits.issue({ patientId: patient.id, queueId });
  return { patient, visit };
}

async function backedUp(clinic: World): Promise<string> {
  const admin = await clinic.as('admin');
  const job = await ended(admin, await admin.backups.start({}));
  expect(job).toMatchObject({ state: 'done', result: { verified: true } });
  return String(job.result?.['path']);
}

const kitOf = async (clinic: World) => (await (await clinic.as('admin')).backups.recoveryKit({})).recoveryKit;

/** How many rows each table has. */
async function rowCounts({ t, db }: Reader): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of Object.keys(t) as (keyof typeof t)[]) counts[name] = (await db.select().from(t[name])).length;
  return counts;
}

describe.each(DIALECTS)('a backup of %s', (dialect) => {
  it('is made while work goes on, and restores on another computer with the recovery kit', async () => {
    const clinic = await world({ dialect });
    const { patient, visit } = await workedDay(clinic);
    await (await clinic.as('admin')).settings.update({ address: '12 Mill Road' });
    const doctor = await clinic.as('doc', 'doctor');
    await doctor.notes.save({ id: visit.id, text: 'Fever since Monday.' });
    await doctor.auth.setPin({ password: PASSWORD, pin: '2580' });
    // Whoever has the kit is in, also without this administrator's telephone and mailbox.
    const boss = await clinic.as('admin');
    const post = await openPostOffice();
    await boss.mail.set(post.settings);
    await boss.users.update({ id: (await boss.auth.me()).id, email: 'boss@example.com' });
    await boss.ownEmail.sendCode({});
    await boss.ownEmail.verify({ code: post.to('boss@example.com')?.code ?? '' });
    await boss.secondFactor.byMail({ on: true });
    await post.close();
    const { secret } = await boss.secondFactor.begin({});
    await boss.secondFactor.confirm({ code: codeAt(secret, Date.now()) });
    await boss.secondFactor.recoveryCodes({});
    const named = clinic.url.replace('127.0.0.1', 'localhost');
    const own = client(named, await clinic.token('admin')).secondFactor;
    await own.addKey({ name: 'Blue key', key: securityKey().make(await own.keyOptions({}), named) });
    const before = await rowCounts(clinic.server.app.reader);
    const file = await backedUp(clinic);
    const kit = await kitOf(clinic);
    expect(readFileSync(file).includes('Ayesha')).toBe(false);
    const copy = path.join(mkdtempSync(path.join(tmpdir(), 'medlane-copy-')), 'a.backup');
    copyFileSync(file, copy);
    const { epoch } = await (await clinic.as('admin')).changes.since({ since: 0, limit: 1 });
    await clinic.close();

    const elsewhere = {
      ...clinic.options,
      folder: dataFolder(mkdtempSync(path.join(tmpdir(), 'medlane-else-'))),
      database: dialect === 'postgres' ? await createDatabase(inject('postgres')) : undefined,
    };
    const restored = await restoreBackup(elsewhere, { file: copy, kit, admin: 'admin' });
    expect(restored).toMatchObject({ patients: 1 });
    const server = await startServer(elsewhere, { port: 0 });
    // The old password no longer opens the account; the new one does, once it was shown.
    expect(await codeOf(client(server.url).auth.login({ identifier: 'admin', password: PASSWORD }))).toBe(
      'bad_credentials',
    );
    const anyone = client(server.url).auth;
    const first = await anyone
      .login({ identifier: 'admin', password: restored.password ?? '' })
      .catch((error: ApiError) => error);
    expect(first).toMatchObject({ code: 'choose_password' });
    const chosen = 'another horse 43';
    await anyone.choosePassword({ ticket: String((first as ApiError).facts['ticket']), password: chosen });
    const { accessToken } = await anyone.login({ identifier: 'admin', password: chosen });
    const admin = client(server.url, accessToken);
    expect(await admin.secondFactor.get()).toMatchObject({
      ...{ since: null, needed: false, recoveryLeft: 0, email: { codes: false }, keys: [] },
    });
    expect(await admin.patients.get({ id: patient.id })).toMatchObject({
      name: 'Ayesha Khan',
      registrationNumber: '00-00-001',
    });
    expect(await admin.visits.get({ id: visit.id })).toMatchObject({ token: 'A-001', state: 'waiting' });
    expect((await admin.patients.list({ q: 'ayes' })).items).toHaveLength(1);
    expect(await admin.settings.get()).toMatchObject({ address: '12 Mill Road' });
    const again = await client(server.url).auth.login({ identifier: 'doc', password: PASSWORD });
    expect((await client(server.url, again.accessToken).notes.list({ id: patient.id })).items).toMatchObject([
      { text: 'Fever since Monday.', author: 'doc' },
    ]);
    // No table was left out: what only grows has at least what it had.
    const after = await rowCounts(server.app.reader);
    const lost = Object.keys(before).filter((name) => (after[name] ?? 0) < (before[name] ?? 0));
    // But the recovery codes and keys of whoever the kit let in: they belonged to the telephone that is gone.
    expect(lost.sort()).toEqual(['recoveryCodes', 'securityKeys']);
    expect(before).toMatchObject({ recoveryCodes: 10, securityKeys: 1, pins: 1, visitNotes: 1, letterheads: 1 });
    // A new epoch: whoever saw the clinic before knows that it was restored.
    expect((await admin.changes.since({ since: 0, limit: 1 })).epoch).not.toBe(epoch);
    expect(await codeOf(admin.changes.since({ since: 0, epoch }))).toBe('feed_gap');
    const job = await ended(admin, await admin.audit.verify({}));
    expect(job.result).toMatchObject({ whole: true, firstProblem: null });
    // Whoever got a slip after the backup keeps their number: nobody else is given it.
    const rec = await client(server.url).auth.login({ identifier: 'rosa', password: PASSWORD });
    const given = client(server.url, rec.accessToken).visits.issue({
      patientId: patient.id,
      queueId: visit.queueId,
      confirmRepeat: true,
    });
    expect((await given).token).toBe('A-102');
    // So does whoever got a card.
    const next = await admin.patients.register({ name: 'Next' });
    expect(next.registrationNumber).toBe('00-00-102');
    await server.close();
  });
});

describe('backups', () => {
  it('go to a second place as well, and the screen stops warning', async () => {
    const clinic = await world();
    await workedDay(clinic);
    const admin = await clinic.as('admin');
    expect((await admin.system.now()).backupWarning).toBe('never');
    const second = mkdtempSync(path.join(tmpdir(), 'medlane-second-'));
    await admin.settings.update({ backupFolder: second });
    await backedUp(clinic);
    expect(readdirSync(second)).toEqual([expect.stringMatching(/^medlane-.*\.backup$/)]);
    expect(await admin.system.now()).toMatchObject({ backupWarning: null });
    // A second place that is gone is said, and is no backup.
    await admin.settings.update({ backupFolder: clinic.options.folder.keyFile });
    expect(await ended(admin, await admin.backups.start({}))).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('master.key'),
    });
    await clinic.close();
  });
});

describe('a restore', () => {
  it('refuses a damaged or foreign backup before anything is touched, and keeps what was there', async () => {
    const clinic = await world();
    await workedDay(clinic);
    const file = await backedUp(clinic);
    const kit = await kitOf(clinic);
    await clinic.server.close();
    const before = readFileSync(clinic.options.folder.database);

    const damaged = `${file}.damaged`;
    const bytes = readFileSync(file);
    bytes.fill(0, 8192, 8192 + 64);
    writeFileSync(damaged, bytes);
    await expect(restoreBackup(clinic.options, { file: damaged })).rejects.toThrow();
    writeFileSync(damaged, readFileSync(file).subarray(0, 20_000));
    await expect(restoreBackup(clinic.options, { file: damaged })).rejects.toThrow();
    await expect(restoreBackup(clinic.options, { file: `${file}.absent` })).rejects.toThrow(/no file/);
    await expect(
      restoreBackup(clinic.options, { file, kit: `${kit.slice(0, -1)}${kit.endsWith('0') ? '1' : '0'}` }),
    ).rejects.toThrow(/letter by letter/);
    expect(readFileSync(clinic.options.folder.database)).toEqual(before);

    const { kept } = await restoreBackup(clinic.options, { file });
    expect(readFileSync(kept ?? '')).toEqual(before);
  });

  it('is refused while a server runs on the folder, as is a second server', async () => {
    const clinic = await world();
    await workedDay(clinic);
    const file = await backedUp(clinic);
    await expect(restoreBackup(clinic.options, { file })).rejects.toThrow(/already runs|Another program/);
    await expect(startServer(clinic.options, { port: 0 })).rejects.toThrow(/already runs/);
    await clinic.close();
  });
});
