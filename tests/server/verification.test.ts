import { createHash } from 'node:crypto';
import path from 'node:path';
import { eq, getTableName } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MedlaneApi } from '../../contract/index.ts';
import type { Given } from '../../contract/kit.ts';
import type { Role } from '../../domain/people.ts';
import { copyDatabase, databaseKey, openBackup } from '../../server/backup/copy.ts';
import { openStore, type Store } from '../../server/db/open.ts';
import type { Tables } from '../../server/db/schema.ts';
import { keyFromFile } from '../../server/keys.ts';
import { type Answer, client, codeOf, DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';
import { jpegOf, PDF, pngOf } from '../support/documents.ts';

type Api = ReturnType<typeof client>;
type Subject = { subject: 'staff' | 'patient'; subjectId: string };
type Step = Given<MedlaneApi['verifications']['decide']>['step'];

const AADHAAR = '234123412346';
const CARD = { kind: 'in_aadhaar', fields: { number: AADHAAR } } as const;
const MINUTE = 60_000;

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);
const put = (api: Api, whose: Subject, file: Buffer = pngOf(), filename = 'card.png') =>
  api.identity.addFile({ ...whose, kind: 'in_aadhaar', filename, file: blob(file) });

async function handIn(api: Api, whose: Subject, number = AADHAAR) {
  await api.identity.save({ ...whose, ...CARD, fields: { number } });
  const { fileId } = await put(api, whose);
  const { version } = await api.identity.submit(whose);
  const { id } = await api.identity.get(whose);
  return { id: id ?? '', fileId, version };
}

describe.each(DIALECTS)('identity documents on %s', (dialect) => {
  let clinic: World;
  let store: Store;
  let boss: Api;
  let reception: Api;
  let far: Api;
  let nurse: Awaited<ReturnType<typeof person>>;
  let other: Awaited<ReturnType<typeof person>>;
  let made = 0;

  const master = () => keyFromFile(clinic.options.folder.keyFile, true).bytes;
  const signedIn = async (username: string) =>
    client(
      clinic.url,
      (await client(clinic.url).auth.login({ identifier: username, password: PASSWORD, delivery: 'body' })).accessToken,
    );
  const person = async (name: string, role: Role) => {
    const { id } = await boss.users.create({ username: role + name, name, password: PASSWORD, roles: [role] });
    return { id, name, api: await signedIn(role + name), whose: { subject: 'staff', subjectId: id } as const };
  };
  const newPatient = async () => {
    const { id } = await reception.patients.register({ name: `Patient ${++made}` });
    return { subject: 'patient', subjectId: id } as const;
  };
  const decide = async (api: Api, id: string, step: Step, remarks?: string) => {
    const { version } = await boss.verifications.get({ id });
    return api.verifications.decide({ id, step, expectedVersion: version, ...(remarks ? { remarks } : {}) });
  };
  const statusOf = async (userId: string) =>
    (await boss.users.list({})).items.find(({ id }) => id === userId)?.verification;

  beforeAll(async () => {
    clinic = await world({ dialect, now: Date.parse('2026-11-21T06:00:00Z') });
    boss = await clinic.as('admin');
    await boss.settings.updateDocuments({ staffDocuments: ['in_aadhaar'], patientDocuments: ['in_aadhaar'] });
    reception = await clinic.as('rosa', 'receptionist');
    nurse = await person('Nadia', 'nurse');
    other = await person('Amna', 'admin');
    const { folder, database } = clinic.options;
    store = await openStore(
      dialect === 'postgres'
        ? { dialect, url: database ?? '' }
        : { dialect, file: folder.database, key: databaseKey(master()) },
    );
    // An administrator of another branch.
    const away = { username: 'omar', name: 'Omar', password: PASSWORD, roles: ['admin' as const] };
    const { id: awayId } = await boss.users.create(away);
    const { db, t } = store.writer;
    const [branch] = await db.select().from(t.branches);
    if (!branch) throw new Error('There is no branch.');
    await db.insert(t.branches).values({ ...branch, id: 'far', code: 'FAR' });
    await db.update(t.users).set({ branchId: 'far' }).where(eq(t.users.id, awayId));
    far = await signedIn('omar');
  });
  afterAll(async () => {
    await store.close();
    await clinic.close();
  });

  it('are handed in, sent back with remarks, handed in again, looked at and approved: each step told', async () => {
    const standing = async () => (await nurse.api.identity.get(nurse.whose)).state;
    const unverified = async () =>
      (await boss.security.now()).weak.find(({ code }) => code === 'unverified_staff')?.names;
    expect(await unverified()).toContain('Nadia');
    expect(await statusOf(nurse.id)).toBe('not_submitted');
    expect(await standing()).toBe('not_started');
    expect(await codeOf(nurse.api.identity.submit(nurse.whose))).toBe('verification_state');
    await nurse.api.identity.save({ ...nurse.whose, ...CARD });
    expect(await nurse.api.identity.get(nurse.whose)).toMatchObject({
      ...{ state: 'in_progress', percent: 0 },
      documents: [{ kind: 'in_aadhaar', complete: false, fields: [{ name: 'number', lastFour: '2346' }] }],
    });
    expect(await codeOf(nurse.api.identity.submit(nurse.whose))).toBe('verification_incomplete');
    await put(nurse.api, nurse.whose, jpegOf(), '../../front.jpg');
    expect(await nurse.api.identity.get(nurse.whose)).toMatchObject({
      ...{ percent: 100 },
      documents: [{ complete: true, files: [{ name: 'front.jpg', media: 'image/jpeg' }] }],
    });
    await nurse.api.identity.submit(nurse.whose);
    expect(await statusOf(nurse.id)).toBe('pending');
    expect(await codeOf(nurse.api.identity.save({ ...nurse.whose, ...CARD }))).toBe('verification_state');
    expect(await codeOf(put(nurse.api, nurse.whose))).toBe('verification_state');
    expect(await codeOf(nurse.api.identity.remove({ ...nurse.whose, kind: 'in_aadhaar' }))).toBe('verification_state');

    const { id } = (await boss.verifications.list({ status: 'pending' })).items[0] ?? { id: '' };
    await decide(boss, id, 'review');
    expect(await codeOf(decide(boss, id, 'resubmit'))).toBe('reason_required');
    await decide(boss, id, 'resubmit', 'The photo is dark.');
    expect(await statusOf(nurse.id)).toBe('declined');
    const [file] = (await nurse.api.identity.get(nurse.whose)).documents[0]?.files ?? [];
    await nurse.api.identity.remove({ ...nurse.whose, kind: 'in_aadhaar', fileId: file?.id ?? '' });
    await put(nurse.api, nurse.whose);
    expect(await nurse.api.identity.get(nurse.whose)).toMatchObject({
      state: 'resubmit',
      remarks: 'The photo is dark.',
    });
    await nurse.api.identity.submit(nurse.whose);
    expect((await nurse.api.identity.get(nurse.whose)).remarks).toBeNull();
    await decide(boss, id, 'approve');
    expect(await statusOf(nurse.id)).toBe('approved');
    expect(await unverified()).not.toContain('Nadia');
    expect((await nurse.api.auth.me()).verification).toBe('approved');
    expect(await codeOf(decide(boss, id, 'reject', 'too late'))).toBe('verification_state');

    const { items } = await boss.audit.list({ limit: 200 });
    expect(items.filter(({ resourceId }) => resourceId === nurse.id).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['identity.save', 'identity.addFile', 'identity.submit', 'verifications.approve']),
    );
  });

  it('nobody decides about their own, nor writes how they stand by any other way', async () => {
    const { id } = await handIn(other.api, other.whose, '499118665246');
    for (const step of ['review', 'approve', 'reject', 'resubmit', 'reopen'] as const)
      expect(await codeOf(decide(other.api, id, step, 'it is fine'))).toBe('own_verification');
    for (const body of [{ verification: 'approved' }, { verification: 'approved', name: 'Amna' }]) {
      const token = await clinic.token('admin');
      const answer: Answer = await clinic.request('PATCH', `/api/v1/users/${other.id}`, { token, body });
      // A field that the server owns is left out, as it is from any record that is sent back whole.
      expect(answer.status).toBe(200);
    }
    expect(await statusOf(other.id)).toBe('pending');
    expect(await codeOf(decide(boss, id, 'approve'))).toBe('ok');
  });

  it('M20: a file is shown in its place to an administrator of the branch; to others it is not there', async () => {
    const patient = await newPatient();
    const { id, fileId } = await handIn(reception, patient, '499118665246');
    const answer = await fetch(`${clinic.url}/api/v1/identity-files/${fileId}`, {
      headers: { Authorization: `Bearer ${await clinic.token('admin')}` },
    });
    expect(answer.headers.get('Content-Type')).toBe('image/png');
    expect(answer.headers.get('Content-Disposition')).toBe('inline; filename="in_aadhaar.png"');
    expect(answer.headers.get('Content-Security-Policy')).toContain('sandbox');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(pngOf());
    expect(await codeOf(reception.identity.file({ id: fileId }))).toBe('ok');
    expect(await codeOf(nurse.api.identity.file({ id: fileId }))).toBe('not_found');
    const right = { id: nurse.id, feature: 'verifications' };
    await boss.users.grant({ ...right, level: 'read' });
    expect(await codeOf(nurse.api.identity.file({ id: fileId }))).toBe('ok');
    expect(await codeOf(decide(nurse.api, id, 'approve'))).toBe('forbidden');
    await boss.users.revoke(right);
    expect(await codeOf(far.identity.file({ id: fileId }))).toBe('not_found');
    expect(await codeOf(boss.identity.file({ id: 'nobody-has-this-id' }))).toBe('not_found');

    expect(await codeOf(far.identity.get(patient))).toBe('not_found');
    expect(await codeOf(far.verifications.get({ id }))).toBe('not_found');
    expect(await codeOf(far.verifications.decide({ id, step: 'approve', expectedVersion: 3 }))).toBe('not_found');
    expect(await codeOf(far.verifications.reveal({ id, kind: 'in_aadhaar' }))).toBe('not_found');
    expect((await far.verifications.list({})).items).toEqual([]);
    const read = (await boss.audit.list({ action: 'identity.file', patientId: patient.subjectId })).items;
    expect(read.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  });

  it('a patient’s are handed in by the reception, decided by an administrator, and nobody else’s to see', async () => {
    const patient = await newPatient();
    const { id } = await handIn(reception, patient, '358014789208');
    expect(await codeOf(nurse.api.identity.get(patient))).toBe('not_found');
    expect(await codeOf(reception.identity.get(nurse.whose))).toBe('not_found');
    const asStaff = { subject: 'staff', subjectId: patient.subjectId } as const;
    expect(await codeOf(reception.identity.get(asStaff))).toBe('not_found');
    expect(await codeOf(decide(boss, id, 'approve'))).toBe('ok');
    expect(await reception.identity.get(patient)).toMatchObject({ state: 'approved', status: 'approved' });
    const told = (await boss.audit.list({ patientId: patient.subjectId, limit: 200 })).items.map(
      ({ action }) => action,
    );
    expect(told).toEqual(expect.arrayContaining(['identity.save', 'identity.submit', 'verifications.approve']));
  });

  it('a patient’s stand for the record that theirs was merged into, and go back when that is undone', async () => {
    const [first, second, third] = [await newPatient(), await newPatient(), await newPatient()];
    const { id, fileId } = await handIn(reception, first, '234123412333');
    for (const [from, into] of [
      [first, second],
      [second, third],
    ] as const)
      await reception.patients.merge({ id: from.subjectId, intoId: into.subjectId, reason: 'The same person' });
    expect(await reception.identity.get(third)).toMatchObject({ id, subjectId: third.subjectId, state: 'submitted' });
    await decide(boss, id, 'review');
    await decide(boss, id, 'resubmit', 'The picture is too dark.');
    await reception.identity.remove({ ...third, kind: 'in_aadhaar', fileId });
    const { fileId: brighter } = await put(reception, third);
    await reception.identity.submit(third);
    expect(await reception.identity.file({ id: brighter })).toBeTruthy();

    // Whoever has documents of their own keeps those.
    const fourth = await newPatient();
    const own = await handIn(reception, fourth, '234123412322');
    await reception.patients.merge({ id: third.subjectId, intoId: fourth.subjectId, reason: 'The same person' });
    expect((await reception.identity.get(fourth)).id).toBe(own.id);
    for (const { subjectId } of [third, second, first]) await reception.patients.unmerge({ id: subjectId });
    expect((await reception.identity.get(third)).id).toBeNull();
    expect(await reception.identity.get(first)).toMatchObject({ id, state: 'submitted' });
  });

  it('numbers are masked, shown in full to whoever has just proved who they are, and that is told', async () => {
    const patient = await newPatient();
    const { id } = await handIn(reception, patient, '716287641237');
    expect(JSON.stringify(await boss.verifications.get({ id }))).not.toContain('716287641237');
    clinic.time.pass(6 * MINUTE);
    expect(await codeOf(boss.verifications.reveal({ id, kind: 'in_aadhaar' }))).toBe('step_up');
    await boss.auth.stepUp({ password: PASSWORD });
    expect(await boss.verifications.reveal({ id, kind: 'in_aadhaar' })).toEqual({
      fields: [{ name: 'number', value: '716287641237' }],
    });
    const [entry] = (await boss.audit.list({ action: 'verifications.reveal' })).items;
    expect(entry).toMatchObject({ outcome: 'ok', resource: 'patient', patientId: patient.subjectId });
  });

  it('stand nowhere in the clear: not in a row, not in the audit log, not in what is remembered of commands', async () => {
    const patient = await newPatient();
    await decide(boss, (await nurse.api.identity.get(nurse.whose)).id ?? '', 'reopen', 'The card has run out.');
    const marked = Buffer.concat([PDF.subarray(0, -7), Buffer.from('% a word that nobody else uses\n%%EOF\n')]);
    for (const [api, whose] of [
      [nurse.api, nurse.whose],
      [reception, patient],
    ] as const) {
      await api.identity.save({ ...whose, kind: 'in_aadhaar', fields: { number: '9123 4567 8905' } });
      await put(api, whose, marked, 'a name that nobody else uses.pdf');
    }
    const tables = Object.values(store.writer.t as Tables);
    const rows = await Promise.all(tables.map((table) => store.reader.raw(`SELECT * FROM ${getTableName(table)}`, [])));
    const text = rows
      .flat()
      .flatMap((row) => Object.values(row as Record<string, unknown>))
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
      .join('\n');
    const standing = (words: readonly string[]) => words.filter((word) => text.includes(word));
    expect(standing(['identity.save', '\n8905\n'])).toHaveLength(2);
    expect(standing(['912345678905', '9123 4567 8905', 'nobody else uses'])).toEqual([]);
    const body = `{"again":{},"fields":{"number":"9123 4567 8905"},"kind":"in_aadhaar","subject":"staff","subjectId":"${nurse.id}"}`;
    for (const input of [body, body.replace('"again":{},', '')])
      for (const encoding of ['base64', 'hex'] as const)
        expect(standing([createHash('sha256').update(`identity.save\n${input}`).digest(encoding)])).toEqual([]);
    expect(JSON.stringify(await boss.audit.list({ limit: 200 }))).not.toMatch(/912345678905|nobody else uses/);
  });

  it('the same number of two people is found, and shown to whoever decides', async () => {
    const [one, two] = [await newPatient(), await newPatient()];
    const first = await handIn(reception, one, '612345678904');
    expect((await boss.verifications.get({ id: first.id })).documents[0]?.alsoOf).toEqual([]);
    const second = await handIn(reception, two, '6123-4567-8904');
    expect((await boss.verifications.get({ id: second.id })).documents[0]?.alsoOf).toEqual([`Patient ${made - 1}`]);
  });

  it('of two decisions at the same time one counts, and one about what has changed does not', async () => {
    const { id, version } = await handIn(reception, await newPatient());
    const choose = (api: Api, step: Step) =>
      codeOf(api.verifications.decide({ id, step, remarks: 'decided', expectedVersion: version }));
    const both = await Promise.all([choose(boss, 'approve'), choose(other.api, 'reject')]);
    expect(both.sort()).toEqual(['ok', 'stale']);
  });

  it('what is refused leaves nothing behind: a wrong number, a file of another kind, too many, too large', async () => {
    const whose = await newPatient();
    const save = (number: string) => codeOf(reception.identity.save({ ...whose, ...CARD, fields: { number } }));
    const problemOf = (file: Buffer) =>
      put(reception, whose, file).then(
        () => 'none',
        (error: { code: string; facts: { problem?: string } }) => error.facts.problem ?? error.code,
      );
    expect(await save('234123412347')).toBe('validation_failed');
    expect(await problemOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe('kind');
    expect(await problemOf(Buffer.concat([PDF, Buffer.alloc(5 * 1024 * 1024)]))).toBe('size');
    const pan = { ...whose, kind: 'in_pan', fields: { number: 'ABCPE1234F' } } as const;
    expect(await codeOf(reception.identity.save(pan))).toBe('not_found');
    expect(await reception.identity.get(whose)).toMatchObject({ state: 'not_started', version: 0 });
    for (let i = 0; i < 4; i += 1) expect(await problemOf(PDF)).toBe('none');
    expect(await problemOf(PDF)).toBe('many');
    expect((await reception.identity.get(whose)).version).toBe(4);
  });

  it('are in every backup, files and all', async () => {
    const { fileId } = await handIn(reception, await newPatient());
    const target = path.join(clinic.options.folder.path, 'backup-of-a-test.db');
    await copyDatabase(store.location, master(), target);
    const backup = openBackup(target, master());
    const contentIn = async ({ db, t }: Pick<Store['writer'], 'db' | 't'>) =>
      (await db.select().from(t.identityFiles).where(eq(t.identityFiles.id, fileId)))[0]?.content;
    expect(await contentIn(backup)).toEqual(await contentIn(store.writer));
    expect((await contentIn(backup))?.length).toBeGreaterThan(100);
    await backup.close();
  });
});
