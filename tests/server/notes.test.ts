import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { client, codeOf, DIALECTS, furniture, PASSWORD, type World, world } from '../support/clinic.ts';

type Person = Client<MedlaneApi>;
const NOON = Date.parse('2026-11-21T07:00:00Z');
const DAY = 86_400_000;

describe.each(DIALECTS)('notes about a visit on %s', (dialect) => {
  let clinic: World;
  let [rosa, sana, priya]: Person[] = [];
  let patientId = '';
  let visitId = '';

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOON });
    [rosa, sana, priya] = [
      await clinic.as('rosa', 'receptionist'),
      await clinic.as('sana', 'doctor'),
      await clinic.as('priya', 'nurse'),
    ];
    patientId = (await person(rosa).patients.register({ name: 'Ali Khan' })).id;
    const { queueId } = await furniture(person(rosa));
    visitId = (await person(rosa).visits.issue({ patientId, queueId })).id;
  });
  afterAll(() => clinic.close());
  const person = (who: Person | undefined): Person => who as Person;

  it('are one for each author, grow while they write, and are read by every clinician', async () => {
    const first = await person(priya).notes.save({ id: visitId, text: 'BP 150/95.', expectedVersion: 0 });
    expect(first).toMatchObject({ visitId, patientId, author: 'priya', text: 'BP 150/95.', version: 1 });
    clinic.time.pass(60_000);
    await person(sana).notes.save({ id: visitId, text: 'Headache', expectedVersion: 0 });
    const grown = await person(sana).notes.save({ id: visitId, text: 'Headache since Monday.', expectedVersion: 1 });
    expect(grown).toMatchObject({ author: 'sana', version: 2 });
    const { items } = await person(priya).notes.list({ id: patientId });
    expect(items.map(({ author, text }) => [author, text])).toEqual([
      ['sana', 'Headache since Monday.'],
      ['priya', 'BP 150/95.'],
    ]);
  });

  it('are not overwritten by a screen that shows an older one', async () => {
    expect(await codeOf(person(sana).notes.save({ id: visitId, text: 'Old.', expectedVersion: 1 }))).toBe('stale');
    expect((await person(sana).notes.list({ id: patientId })).items[0]?.text).toBe('Headache since Monday.');
  });

  it('are no business of reception, and the audit holds what changed as a mark only', async () => {
    expect(await codeOf(person(rosa).notes.list({ id: patientId }))).toBe('forbidden');
    const admin = await clinic.as('admin');
    const { items } = await admin.audit.list({ action: ['notes.save'], outcome: 'ok' });
    expect(items).toHaveLength(3);
    expect(items.every((entry) => entry.patientId === patientId && entry.changes?.includes('notes'))).toBe(true);
    expect(JSON.stringify(items)).not.toMatch(/Headache|BP 150/);
    const reads = await admin.audit.list({ action: ['notes.list'], outcome: 'ok' });
    expect(reads.items.length).toBeGreaterThan(0);
  });

  it('of a day that is over stay as they were: another day begins another note', async () => {
    clinic.time.pass(DAY);
    const { accessToken } = await client(clinic.url).auth.login({ identifier: 'sana', password: PASSWORD });
    const again = client(clinic.url, accessToken);
    const added = await again.notes.save({ id: visitId, text: 'Called back: better.', expectedVersion: 0 });
    expect(added.version).toBe(1);
    const texts = (await again.notes.list({ id: patientId })).items.map(({ text }) => text);
    expect(texts).toEqual(['Called back: better.', 'Headache since Monday.', 'BP 150/95.']);
  });
});
