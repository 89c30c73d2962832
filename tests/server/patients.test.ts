import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { realPorts } from '../../server/ports.ts';
import { codeOf, DIALECTS, furniture, type World, world } from '../support/clinic.ts';

const NOW = Date.parse('2026-11-21T06:00:00Z');
type Person = Client<MedlaneApi>;

describe.each(DIALECTS)('a patient’s record on %s', (dialect) => {
  let clinic: World;
  let rosa: Person;
  let admin: Person;
  let doctor: Person;
  let queueId = '';
  /** What waits two seconds for a search to settle: run when a test says so. */
  const settling: (() => void)[] = [];

  beforeAll(async () => {
    const after = (ms: number, run: () => void) => {
      if (ms !== 2000) return realPorts.after(ms, run);
      settling.push(run);
      return () => void settling.splice(settling.indexOf(run), 1);
    };
    clinic = await world({ dialect, now: NOW, ports: { after } });
    rosa = await clinic.as('rosa', 'receptionist');
    admin = await clinic.as('admin');
    doctor = await clinic.as('sana', 'doctor');
    ({ queueId } = await furniture(rosa));
  });
  afterAll(() => clinic.close());

  const entries = async (action: string, more: object = {}) =>
    (await admin.audit.list({ action: [action], ...more })).items;

  it('holds what was said, with the number and the defaults of the clinic', async () => {
    const given = {
      ...{ name: '  José Gómez ', birthDate: '1989-05-25', sex: 'male' as const, phone: '0300 1234567' },
      ...{ address: 'Mall Road', category: '02' as const, nextOfKinName: 'Ana', notes: 'prefers mornings' },
      allergies: [{ substance: 'penicillin', reaction: 'rash' }],
    };
    const made = await rosa.patients.register(given);
    expect(made).toMatchObject({ ...given, name: 'José Gómez', version: 1, identified: true, mergedIntoId: null });
    expect(made.registrationNumber).toMatch(/^\d\d-\d\d-\d{3}$/);
    expect(await rosa.patients.get({ id: made.id })).toMatchObject(made);
    const plain = await rosa.patients.register({ name: 'Ali' });
    expect(plain).toMatchObject({ sex: 'unknown', category: '01', birthDate: null, phone: null, allergies: [] });
  });

  it('knows an age as an estimated birth date', async () => {
    const aged = await rosa.patients.register({ name: 'Old Ali', ageYears: 70 });
    expect(aged).toMatchObject({ birthDate: '1956-07-01', birthDateEstimated: true });
    const dated = await rosa.patients.register({ name: 'Young Ali', ageYears: 70, birthDate: '2001-02-03' });
    expect(dated).toMatchObject({ birthDate: '2001-02-03', birthDateEstimated: false });
  });

  it('needs a name, unless the person is unidentified and is called by the number', async () => {
    const token = await clinic.token('rosa');
    const refused = await clinic.request('POST', '/api/v1/patients', { token, body: { sex: 'male' } });
    expect([refused.status, refused.body.error?.details.map(({ field }) => field)]).toEqual([400, ['name']]);
    const unknown = await rosa.patients.register({ unidentified: true });
    expect(unknown).toMatchObject({ name: `Unidentified ${unknown.registrationNumber}`, identified: false });
    expect(await rosa.patients.update({ id: unknown.id, name: 'Bilal Shah' })).toMatchObject({ identified: true });
  });

  it('is shown to nobody who may only look at a board', async () => {
    const display = await clinic.as('screen', 'display');
    const { id } = await rosa.patients.register({ name: 'Ali' });
    expect(await codeOf(display.patients.get({ id }))).toBe('forbidden');
    expect(await codeOf(display.patients.list({}))).toBe('forbidden');
    expect(await codeOf(display.patients.duplicates({ name: 'Ali' }))).toBe('forbidden');
  });

  it('changes only where it is told to', async () => {
    const made = await rosa.patients.register({
      ...{
        name: 'Sara Malik',
        birthDate: '1990-01-02',
        sex: 'female',
        phone: '0300 1',
        category: '03',
        notes: 'a note',
      },
      allergies: [{ substance: 'latex' }],
    });
    const { version: _version, updatedAt: _updatedAt, ...before } = made;
    const updated = await rosa.patients.update({ id: made.id, phone: '0300 2' });
    expect(updated).toMatchObject({ ...before, phone: '0300 2' });
  });

  it('refuses a change by somebody who saw an older version', async () => {
    const made = await rosa.patients.register({ name: 'Sara Malik' });
    const changed = await rosa.patients.update({ id: made.id, phone: '0300 1', expectedVersion: made.version });
    expect(changed.version).toBe(made.version + 1);
    const late = rosa.patients.update({ id: made.id, phone: '0300 9', expectedVersion: made.version });
    expect(await codeOf(late)).toBe('stale');
    expect((await rosa.patients.get({ id: made.id })).phone).toBe('0300 1');
  });

  it('Q17: is not changed by a new visit', async () => {
    const made = await rosa.patients.register({ name: 'Sara Malik', phone: '0300 1' });
    await rosa.visits.issue({ patientId: made.id, queueId });
    expect(await rosa.patients.get({ id: made.id })).toMatchObject(made);
  });

  it('warns of somebody who may be the same, most alike first', async () => {
    const known = { name: 'Nadia Farooq', birthDate: '1984-03-09', sex: 'female' as const, phone: '0345 1112223' };
    const same = await rosa.patients.register(known);
    const alike = await rosa.patients.register({ name: 'Nadya Faruq', birthDate: '1984-09-03', sex: 'female' });
    await rosa.patients.register({ name: 'Imran Baig' });
    const { candidates } = await rosa.patients.duplicates({ ...known, phone: '+92 345 1112223' });
    expect(candidates.map(({ patient }) => patient.id)).toEqual([same.id, alike.id]);
    expect(candidates[0]?.score).toBe(100);
    expect(candidates[1]?.score).toBeLessThan(90);
    expect((await rosa.patients.duplicates({ name: 'Xerxes Quill' })).candidates).toEqual([]);
  });

  it('is not archived while the patient is in the clinic', async () => {
    const { id } = await rosa.patients.register({ name: 'Sara Malik' });
    const visit = await rosa.visits.issue({ patientId: id, queueId });
    const refused = await rosa.patients.archive({ id, reason: 'moved' }).catch((error) => error);
    expect(refused).toMatchObject({ code: 'has_open_visit', facts: { token: visit.token } });
    await rosa.visits.cancel({ id: visit.id, reason: 'left' });
    expect(await codeOf(rosa.patients.archive({ id, reason: 'moved' }))).toBe('ok');
    expect(await codeOf(rosa.patients.archive({ id, reason: 'moved' }))).toBe('archived');
    expect(await codeOf(rosa.visits.issue({ patientId: id, queueId }))).toBe('archived');
    expect(await codeOf(rosa.patients.update({ id, phone: '1' }))).toBe('archived');
    expect(await codeOf(rosa.patients.restore({ id }))).toBe('ok');
    expect((await rosa.patients.get({ id })).archivedAt).toBeNull();
  });

  it('merges into another: visits move, the old number still finds them; and back', async () => {
    const [from, into] = [
      await rosa.patients.register({ name: 'Hina Aslam' }),
      await rosa.patients.register({ name: 'Hina Aslam' }),
    ];
    const visit = await rosa.visits.issue({ patientId: from.id, queueId });
    const finds = async () => (await rosa.patients.list({ q: from.registrationNumber })).items.map(({ id }) => id);
    expect(await codeOf(rosa.patients.merge({ id: from.id, intoId: from.id, reason: 'typo' }))).toBe('same_record');

    expect(await rosa.patients.merge({ id: from.id, intoId: into.id, reason: 'registered twice' })).toMatchObject({
      visitsMoved: 1,
    });
    expect(await finds()).toEqual([into.id]);
    const whole = await rosa.patients.get({ id: into.id });
    expect(whole).toMatchObject({ otherNumbers: [from.registrationNumber], lastVisits: [{ id: visit.id }] });
    expect(await rosa.patients.get({ id: from.id })).toMatchObject({ mergedIntoId: into.id, lastVisits: [] });
    expect((await rosa.visits.get({ id: visit.id })).patientId).toBe(into.id);
    expect(await codeOf(rosa.patients.merge({ id: from.id, intoId: into.id, reason: 'again' }))).toBe('already_merged');
    expect(await codeOf(rosa.patients.restore({ id: from.id }))).toBe('already_merged');

    expect(await rosa.patients.unmerge({ id: from.id })).toEqual({ visitsMoved: 1 });
    expect(await finds()).toEqual([from.id]);
    expect(await rosa.patients.get({ id: into.id })).toMatchObject({ otherNumbers: [], lastVisits: [] });
    expect(await rosa.patients.get({ id: from.id })).toMatchObject({
      mergedIntoId: null,
      archivedAt: null,
      lastVisits: [{ id: visit.id }],
    });
    expect(await codeOf(rosa.patients.unmerge({ id: from.id }))).toBe('merge_gone');
  });

  it('gives every number back when a record that others were merged into is taken out again', async () => {
    const [a, b, c] = [
      await rosa.patients.register({ name: 'Uzma One' }),
      await rosa.patients.register({ name: 'Uzma Two' }),
      await rosa.patients.register({ name: 'Uzma Three' }),
    ];
    await rosa.patients.merge({ id: a.id, intoId: b.id, reason: 'same' });
    await rosa.patients.merge({ id: b.id, intoId: c.id, reason: 'same' });
    await rosa.patients.unmerge({ id: b.id });
    const found = await rosa.patients.list({ q: a.registrationNumber });
    expect(found.items.map(({ id }) => id)).toEqual([b.id]);
  });

  it('lists the last five visits, newest first', async () => {
    const { id: patientId } = await rosa.patients.register({ name: 'Often Here' });
    const visits: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      clinic.time.pass(1000);
      visits.unshift((await rosa.visits.issue({ patientId, queueId, confirmRepeat: true })).id);
    }
    const { lastVisits } = await doctor.patients.get({ id: patientId });
    expect(lastVisits.map(({ id }) => id)).toEqual(visits.slice(0, 5));
    expect(lastVisits[0]).toMatchObject({ day: '2026-11-21', state: 'waiting' });
  });

  it('leaves one audit entry each time it is read, with who read it', async () => {
    const { id } = await rosa.patients.register({ name: 'Sara Malik' });
    await doctor.patients.get({ id });
    const read = await entries('patients.get', { patientId: id });
    expect(read).toMatchObject([{ actor: 'sana', resourceId: id, outcome: 'ok' }]);
  });

  it('leaves one audit entry of a search when it has settled, without the text', async () => {
    const person = await clinic.as('dina', 'doctor');
    const mine = { actorId: (await person.auth.me()).id };
    const found = async () => entries('patients.search', mine);
    for (const settled of [...settling]) settled();
    for (const q of ['go', 'gom', 'gome', 'gomez']) await person.patients.list({ q });
    expect(await found()).toEqual([]);
    expect(settling).toHaveLength(1);
    for (const settled of [...settling]) settled();
    await vi.waitUntil(async () => (await found()).length > 0);
    const [entry] = await found();
    expect(entry).toMatchObject({ actor: 'dina', resource: 'patient' });
    expect(JSON.parse(entry?.changes ?? '{}')).toMatchObject({ letters: [null, 5], results: [null, 1] });
    expect(JSON.stringify(entry)).not.toContain('gomez');
    // Another search settles the one before.
    await person.patients.list({ q: 'malik' });
    await person.patients.list({ q: 'aslam' });
    await vi.waitUntil(async () => (await found()).length > 1);
    expect(await found()).toHaveLength(2);
    expect(settling).toHaveLength(1);
  });

  it('refuses a name with a NUL character as the sender’s mistake', async () => {
    expect(await codeOf(rosa.patients.register({ name: 'Ali\0Khan' }))).toBe('validation_failed');
  });
});
