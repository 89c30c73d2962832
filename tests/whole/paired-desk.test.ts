import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openPairedWorkstation, type PairedWorkstation } from '../support/paired-workstation.ts';

/** What a page of a paired desk sees and does while the cable is in, out, and in again. */
describe('a paired desk, as its pages use it', () => {
  let clinic: World;
  let desk: PairedWorkstation;
  let place: { queueId: string; roomId: string };
  let amina: { id: string };
  let admin: Awaited<ReturnType<World['as']>>;

  beforeEach(async () => {
    clinic = await world({ doors: { stations: 0 } });
    admin = await clinic.as('admin');
    place = await furniture(admin);
    const online = await clinic.as('rec', 'receptionist');
    const doctor = await clinic.as('doc', 'doctor');
    amina = await admin.patients.register({ name: 'Amina Yusuf', allergies: [{ substance: 'Penicillin' }] });
    const visit = await online.visits.issue({ patientId: amina.id, queueId: place.queueId });
    await doctor.visits.call({ id: visit.id, roomId: place.roomId });
    await doctor.visits.enter({ id: visit.id });
    await doctor.visits.finish({ id: visit.id });
    desk = await openPairedWorkstation(clinic);
    await desk.online();
    await desk.api.auth.login({ identifier: 'rec', password: PASSWORD });
    await Promise.all([desk.api.auth.me(), desk.api.settings.get(), desk.api.setup.state()]);
  });
  afterEach(async () => {
    await desk.close();
    await clinic.close();
  });

  const out = async () => {
    desk.cable.pull();
    await desk.offline();
  };
  const back = async () => {
    desk.cable.plug();
    await desk.online();
  };
  const issue = (patientId: string) => desk.api.visits.issue({ patientId, queueId: place.queueId });

  it('shows the same answers without the server as with it, but for what only the server can tell', async () => {
    const questions = () =>
      Promise.all([
        desk.api.visits.list({}),
        desk.api.rooms.list(),
        desk.api.users.staff(),
        desk.api.boards.list(),
        desk.api.patients.list({ q: 'yusuf' }),
        desk.api.patients.get({ id: amina.id }),
        desk.api.patients.duplicates({ name: 'Amina Yusef' }),
        desk.api.auth.me(),
        desk.api.settings.get(),
        desk.api.setup.state(),
      ]);
    const withServer = await questions();
    await out();
    expect(await questions()).toEqual(withServer);
    const [queue] = (await desk.api.queues.list()).items;
    expect(queue).toMatchObject({ waiting: 0, newcomerWait: null });
  });

  it('goes on giving tokens and registering people, and the server hears of it in order', async () => {
    await out();
    expect(desk.workstation().link()).toMatchObject({ state: 'offline', alone: true, unsent: 0 });
    const person = await desk.api.patients.register({ name: 'Dua Lone' });
    const visit = await issue(person.id);
    expect(visit).toMatchObject({ token: expect.stringMatching(/^A-R1-001$/), place: 1 });
    expect((await desk.api.patients.list({ q: 'dua' })).items).toMatchObject([
      { id: person.id, openToken: visit.token },
    ]);
    expect((await desk.api.visits.list({ state: ['waiting'] })).items).toMatchObject([
      { id: visit.id, token: visit.token, patient: { name: 'Dua Lone' } },
    ]);
    expect(desk.workstation().link()).toMatchObject({ unsent: 2 });
    await back();
    expect((await admin.visits.list({ state: ['waiting'] })).items).toMatchObject([
      { id: visit.id, token: visit.token, patient: { id: person.id } },
    ]);
    expect(desk.faults).toEqual([]);
  });

  it('takes up its work after the program was ended and started without the server', async () => {
    await out();
    const visit = await issue(amina.id);
    desk.restart();
    await desk.offline();
    expect(desk.workstation().unsent()).toBe(1);
    expect(await desk.api.setup.state()).toMatchObject({ setUp: true });
    await back();
    expect((await admin.visits.list({ state: ['waiting'] })).items).toMatchObject([{ id: visit.id }]);
  });

  it('says what it does not do alone, at once', async () => {
    await out();
    expect(await codeOf(desk.api.patients.get({ id: 'nobody-here' }))).toBe('needs_server');
    expect(await codeOf(issue('nobody-here'))).toBe('needs_server');
    expect(await codeOf(desk.api.patients.update({ id: amina.id, phone: '1' }))).toBe('unavailable');
  });

  it('tells the audit log who looked at a record meanwhile', async () => {
    await out();
    await desk.api.patients.get({ id: amina.id });
    await desk.api.patients.get({ id: amina.id });
    // Nobody owes a look at a record to the server: it is no work that waits.
    expect(desk.workstation().link()).toMatchObject({ unsent: 0 });
    await issue(amina.id);
    await back();
    const entries = (await admin.audit.list({ action: 'patients.opened' })).items;
    expect(entries.map(({ actor, patientId }) => [actor, patientId])).toEqual([['rec', amina.id]]);
  });

  it('a link that is there and carries nothing costs two seconds, and no token', async () => {
    desk.cable.hold();
    const visit = await issue(amina.id);
    expect(visit.token).toBe('A-R1-001');
    await desk.offline();
    await back();
    expect((await admin.visits.list({ state: ['waiting'] })).items).toMatchObject([
      { id: visit.id, token: 'A-R1-001' },
    ]);
  });

  it('hears while nobody is signed in, so that whoever comes finds everything there', async () => {
    await desk.api.auth.logout({});
    const person = await admin.patients.register({ name: 'Late Comer' });
    await desk.link(() => desk.workstation().known()?.patients === 2);
    await desk.api.auth.login({ identifier: 'rec', password: PASSWORD });
    await issue(amina.id);
    await out();
    expect((await desk.api.patients.list({ q: 'late' })).items).toMatchObject([{ id: person.id }]);
  });

  it('proves that it knows what the server knows, and sees when it does not', async () => {
    const work = () => desk.workstation().work();
    await issue(amina.id);
    expect(await work()?.prove()).toMatchObject({ here: { count: 2 }, server: { count: 2 }, same: true });
    await out();
    await issue((await desk.api.patients.register({ name: 'Dua Lone' })).id);
    await expect(work()?.prove()).rejects.toMatchObject({ code: 'unavailable' });
    await back();
    const proof = await work()?.prove();
    expect(proof).toMatchObject({ here: { count: 3 }, server: { count: 3 }, same: true });
    expect(proof?.here).toEqual(proof?.server);
  });

  it('shows what was refused and why, sends it again, or puts it aside', async () => {
    const other = await admin.patients.register({ name: 'Cora Diaz' });
    await desk.link(() => desk.workstation().known()?.patients === 2);
    const visit = await issue(amina.id);
    await out();
    await desk.api.visits.cancel({ id: visit.id, reason: 'went home' });
    const doctor = await clinic.as('doc');
    await doctor.visits.call({ id: visit.id, roomId: place.roomId });
    await doctor.visits.enter({ id: visit.id });
    await issue(other.id);
    await back();
    const list = () => desk.workstation().work()?.list().items ?? [];
    expect(list().map(({ operation, state, by, refusal }) => [operation, state, by, refusal?.code])).toEqual([
      ['visits.issueOffline', 'confirmed', 'rec', undefined],
      ['visits.cancel', 'refused', 'rec', 'invalid_transition'],
      ['visits.issue', 'confirmed', 'rec', undefined],
    ]);
    expect((await admin.sheet.list({})).items).toMatchObject([{ kind: 'moved_on', token: visit.token, by: 'rec' }]);
    expect(desk.workstation().work()?.unsent()).toContain('"went home');
    const n = list()[1]?.n ?? 0;
    // Meanwhile the patient waits again, and what was done at the desk can be done.
    await doctor.visits.return({ id: visit.id });
    desk.workstation().work()?.again(n);
    await desk.link(() => list()[1]?.state === 'confirmed');
    expect((await admin.visits.get({ id: visit.id })).state).toBe('cancelled');
  });
});
