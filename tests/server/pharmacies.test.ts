import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, DIALECTS, type World, world } from '../support/clinic.ts';
import { PDF } from '../support/documents.ts';

describe.each(DIALECTS)('pharmacies, on %s', (dialect) => {
  let clinic: World;
  beforeAll(async () => {
    clinic = await world({ dialect });
  });
  afterAll(() => clinic.close());

  it('are added, changed, and left out of what is new without being forgotten', async () => {
    const admin = await clinic.as('admin');
    const made = await admin.pharmacies.create({ name: 'Green Cross', licence: 'DL-2026/17', phone: '0300 1234567' });
    expect(made).toMatchObject({ active: true, verification: 'not_submitted', email: null, version: 1 });
    expect(await codeOf(admin.pharmacies.create({ name: 'Another', licence: 'dl 2026 17' }))).toBe('licence_taken');
    await admin.pharmacies.update({ id: made.id, name: 'Blue Cross', expectedVersion: 1 });
    expect(await codeOf(admin.pharmacies.update({ id: made.id, name: 'x', expectedVersion: 1 }))).toBe('stale');
    await admin.pharmacies.update({ id: made.id, active: false, licence: 'DL 2026-17' });
    const nurse = await clinic.as('nurse', 'nurse');
    expect((await nurse.pharmacies.list({ active: true })).items).toEqual([]);
    expect((await nurse.pharmacies.list()).items).toMatchObject([{ name: 'Blue Cross', phone: '0300 1234567' }]);
    expect(await codeOf(nurse.pharmacies.update({ id: made.id, active: true }))).toBe('forbidden');
    const log = (await admin.audit.list({ outcome: 'ok' })).items
      .map(({ action }) => action)
      .filter((one) => one.startsWith('pharm'));
    expect(log).toEqual(['pharmacies.update', 'pharmacies.update', 'pharmacies.create']);
  });

  it('hand in documents through an administrator, which are decided about like anybody’s', async () => {
    const admin = await clinic.as('admin');
    await admin.settings.updateDocuments({ pharmacyDocuments: ['in_pan'] });
    const { id: subjectId, name } = await admin.pharmacies.create({ name: 'Night Pharmacy', licence: 'DL-9' });
    const whose = { subject: 'pharmacy', subjectId } as const;
    const wrong = admin.identity.save({ ...whose, kind: 'in_pan', fields: { number: 'AAPFU0939' } });
    expect(await codeOf(wrong)).toBe('validation_failed');
    await admin.identity.save({ ...whose, kind: 'in_pan', fields: { number: 'AAPFU0939F' } });
    await admin.identity.addFile({ ...whose, kind: 'in_pan', filename: 'pan.pdf', file: new Blob([PDF]) });
    await admin.identity.submit(whose);
    expect(await codeOf((await clinic.as('pharmacist', 'pharmacist')).identity.get(whose))).toBe('not_found');
    const [row] = (await admin.verifications.list({ subject: 'pharmacy' })).items;
    expect(row).toMatchObject({ name, status: 'pending' });
    const { version } = await admin.verifications.get({ id: row?.id ?? '' });
    await admin.verifications.decide({ id: row?.id ?? '', step: 'approve', expectedVersion: version });
    const pharmacy = (await admin.pharmacies.list()).items.find(({ id }) => id === subjectId);
    expect(pharmacy?.verification).toBe('approved');
    const report = await admin.reports.verification({ format: 'csv' });
    expect(await new Response(report.body as ReadableStream).text()).toMatch(/Night Pharmacy/);
  });
});
