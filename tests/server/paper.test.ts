import { spawnSync } from 'node:child_process';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Download } from '../../contract/client.ts';
import { codeOf, DIALECTS, furniture, type World, world } from '../support/clinic.ts';

const NOON = Date.parse('2026-11-18T07:00:00Z');

const bytesOf = async ({ body }: Download) => Buffer.from(await new Response(body).arrayBuffer());
/** What a reader copies out of it. */
const textOf = async (file: Promise<Download>) =>
  spawnSync('pdftotext', ['-layout', '-', '-'], { input: await bytesOf(await file) }).stdout.toString();

describe.each(DIALECTS)('papers on %s', (dialect) => {
  let clinic: World;
  beforeAll(async () => {
    clinic = await world({ dialect, now: NOON });
  });
  afterAll(() => clinic.close());

  async function newVisit(name = 'Ayesha Khan') {
    const rosa = await clinic.as('rosa', 'receptionist');
    const { queueId } = await furniture(rosa);
    const { id: patientId } = await rosa.patients.register({ name, allergies: [{ substance: 'Penicillin' }] });
    return { rosa, ...(await rosa.visits.issue({ patientId, queueId, reason: 'Cough' })) };
  }
  const auditOf = async (action: string) =>
    (await (await clinic.as('admin')).audit.list({ action: [action], limit: 50 })).items;

  it('count a slip for each time one is wanted, once for each command id', async () => {
    const { rosa, id } = await newVisit();
    const first = await rosa.paper.countSlip({ id }, { commandId: 'slip-1' });
    const retried = await rosa.paper.countSlip({ id }, { commandId: 'slip-1' });
    const again = await rosa.paper.countSlip({ id }, { commandId: 'slip-2' });
    expect([first, retried, again]).toEqual([{ copy: 1 }, { copy: 1 }, { copy: 2 }]);
  });

  it('mark every slip but the first, and what is not counted as a preview', async () => {
    const { rosa, id, token } = await newVisit();
    await rosa.paper.countSlip({ id });
    await rosa.paper.countSlip({ id });
    const original = await textOf(rosa.paper.slip({ id, copy: 1 }));
    expect(original).toContain(token);
    expect(original).not.toMatch(/Copy|Preview|Ayesha/);
    expect(await textOf(rosa.paper.slip({ id, copy: 2 }))).toContain('Copy 2');
    expect(await textOf(rosa.paper.slip({ id }))).toContain('Preview');
    expect(await codeOf(rosa.paper.slip({ id, copy: 3 }))).toBe('copy_not_counted');
  });

  it('count cards apart from slips, and tell the number in the card', async () => {
    const { rosa, id, patientId } = await newVisit();
    await rosa.paper.countSlip({ id });
    expect(await rosa.paper.countCard({ id: patientId })).toEqual({ copy: 1 });
    const { registrationNumber } = await rosa.patients.get({ id: patientId });
    expect(await textOf(rosa.paper.card({ id: patientId, copy: 1 }))).toContain(registrationNumber);
  });

  it('leave an audit entry of each: what, for whom, which copy', async () => {
    const { rosa, id, patientId } = await newVisit();
    const { copy } = await rosa.paper.countSlip({ id });
    await rosa.paper.slip({ id, copy, format: 'a6' });
    await rosa.paper.summary({ id });
    await rosa.paper.card({ id: patientId });
    const of = { actor: 'rosa', outcome: 'ok', patientId };
    expect((await auditOf('paper.countSlip'))[0]).toMatchObject({
      ...of,
      resourceId: id,
      changes: '{"copy":[null,1]}',
    });
    const [slip] = await auditOf('paper.slip');
    expect(slip).toMatchObject({ ...of, resource: 'visit', changes: '{"copy":[null,1],"format":[null,"a6"]}' });
    expect((await auditOf('paper.summary'))[0]).toMatchObject({ ...of, resourceId: id });
    expect((await auditOf('paper.card'))[0]).toMatchObject({ ...of, resource: 'patient', resourceId: patientId });
  });

  it('are of this branch’s records, and for its people', async () => {
    const { id } = await newVisit();
    const [pharmacist, wall] = [await clinic.as('pia', 'pharmacist'), await clinic.as('wall', 'display')];
    expect(await codeOf(pharmacist.paper.slip({ id }))).toBe('forbidden');
    expect(await codeOf(wall.paper.summary({ id }))).toBe('forbidden');
    expect(await codeOf((await clinic.as('rosa')).paper.dayReport())).toBe('forbidden');
  });

  it('tell in a summary who it was, what to beware of, and what happened', async () => {
    const { rosa, id, token } = await newVisit('Bilal Ahmed');
    const doctor = await clinic.as('dina', 'doctor');
    const { roomId } = await furniture(doctor);
    await doctor.visits.call({ id, roomId, reason: 'in pain' });
    await doctor.notes.save({ id, text: 'Lungs clear.\nRest.' });
    const text = await textOf(rosa.paper.summary({ id }));
    expect(text).not.toContain('Lungs clear');
    expect(await textOf(doctor.paper.summary({ id }))).toMatch(/Lungs clear\.[\s\S]*Rest\.[\s\S]*— dina/);
    for (const told of ['Bilal Ahmed', 'Penicillin', 'Cough', token, 'dina']) expect(text).toContain(told);
  });
});

describe('the letterhead', () => {
  let clinic: World;
  beforeAll(async () => {
    clinic = await world({ now: NOON });
  });
  afterAll(() => clinic.close());

  it('stands on the papers as the settings say, and in their language', async () => {
    const admin = await clinic.as('admin');
    const letterhead = { address: '12 Garden Road', phone: '021 3456', footer: 'Closed on Sundays' };
    await admin.settings.update({ ...letterhead, paperLanguage: 'fil', slipFormat: '58', logo: png(20, 10) });
    expect(await admin.settings.get()).toMatchObject({ ...letterhead, paperLanguage: 'fil', slipFormat: '58' });
    const report = await textOf(admin.paper.dayReport());
    for (const told of ['Ulat ng araw', '12 Garden Road', '021 3456', 'Closed on Sundays', 'Walang dumating'])
      expect(report).toContain(told);
    expect(await textOf(admin.paper.dayReport({ language: 'en' }))).toContain('Day report');
  });

  it('keeps what a change does not name, forgets an empty line, and audits the logo without the picture', async () => {
    const admin = await clinic.as('admin');
    await admin.settings.update({ address: 'Somewhere', footer: 'See you', logo: png(4, 4) });
    await admin.settings.update({ footer: '' });
    expect(await admin.settings.get()).toMatchObject({ address: 'Somewhere', footer: null, logo: png(4, 4) });
    await admin.settings.update({ logo: null });
    const [removed] = (await admin.audit.list({ action: ['settings.update'] })).items;
    expect(removed?.changes).toMatch(/^\{"logo":\["sha256:[0-9a-f]{24}",null\]\}$/);
  });

  it.each([
    ['not a PNG', Buffer.from('GIF89a not at all').toString('base64')],
    ['cut short', png(20, 20).slice(0, 80)],
    ['with fewer pixels than it says', png(20, 20, 19)],
    ['too large', png(1300, 1)],
  ])('refuses a logo that is %s', async (_what, logo) => {
    const admin = await clinic.as('admin');
    expect(await codeOf(admin.settings.update({ logo }))).toBe('validation_failed');
  });
});

describe('the day report', () => {
  let clinic: World;
  beforeAll(async () => {
    clinic = await world({ now: NOON });
  });
  afterAll(() => clinic.close());

  it('counts each visit once, by how it ended, and says where there is not enough to tell', async () => {
    const [rosa, dina] = [await clinic.as('rosa', 'receptionist'), await clinic.as('dina', 'doctor')];
    const { queueId, roomId } = await furniture(rosa);
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { id: patientId } = await rosa.patients.register({ name: `Patient ${n}` });
      ids.push((await rosa.visits.issue({ patientId, queueId })).id);
    }
    const [seen = '', absent = '', left = ''] = ids;
    clinic.time.pass(7 * 60_000);
    await dina.visits.call({ id: seen, roomId });
    await dina.visits.enter({ id: seen });
    await dina.visits.finish({ id: seen });
    await dina.visits.call({ id: absent, roomId });
    await dina.visits.noShow({ id: absent });
    await rosa.visits.cancel({ id: left, reason: 'left_unseen' });
    const admin = await clinic.as('admin');
    const text = (await textOf(admin.paper.dayReport())).replace(/\s+/g, ' ');
    // Tokens, finished, did not come, left unseen, cancelled, still here.
    expect(text).toContain('Still here 4 1 1 1 0 1');
    expect(text).toContain('not enough data not enough data 7 min');
    expect(text).toContain('The day is still going on');
  });

  it('carries the last checkpoint of the audit log', async () => {
    const admin = await clinic.as('admin');
    for (let n = 0; n < 100; n += 1) await admin.settings.update({ rollOverHour: n % 2 });
    const [seal] = (await admin.audit.checkpoints({ limit: 1 })).items;
    const text = (await textOf(admin.paper.dayReport())).replace(/(?<=[0-9a-zA-Z+/]{8}) (?=[0-9a-zA-Z+/]{8})/g, '');
    expect(text).toContain(seal?.hash);
    expect(text).toContain(seal?.signature.slice(0, 32));
  });
});

/** A grey PNG of so many pixels; with fewer rows than it says, a broken one. */
function png(width: number, height: number, rows = height): string {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const parts = [
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(rows * (1 + width)))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]).toString('base64');
}
