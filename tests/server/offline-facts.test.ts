import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { commandIdFrom, numberedFrom } from '../../domain/numbered.ts';
import { realPorts } from '../../server/ports.ts';
import { codeOf, DIALECTS, furniture, type World, world } from '../support/clinic.ts';
import { openStationDoor, type StationDoor } from '../support/station-door.ts';

const NOON = Date.parse('2026-11-18T07:00:00Z');
const HOUR = 3_600_000;
const newId = () => commandIdFrom(realPorts.id());

describe.each(DIALECTS)('what a desk did without the server, on %s', (dialect) => {
  let clinic: World;
  let desk: StationDoor;
  let queueId: string;
  let roomId: string;
  let made = 0;
  const ids: Partial<Record<'receptionist' | 'doctor', string>> = {};

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOON });
    desk = await openStationDoor(clinic);
    ({ queueId, roomId } = await furniture(await clinic.as('admin')));
  });
  afterAll(async () => {
    desk.close();
    await clinic.close();
  });

  const people = async (role: 'receptionist' | 'doctor') => clinic.as(role, role);
  const newPatient = async () =>
    (await (await people('receptionist')).patients.register({ name: `Patient ${++made}` })).id;

  /** The desk's own client, for somebody who had been there, at some time. */
  async function atDesk(role: 'receptionist' | 'doctor', madeAt = clinic.time.now) {
    ids[role] ??= (await (await people(role)).auth.me()).id;
    const headers = () => ({ 'Medlane-For': ids[role] ?? '', 'Medlane-Made-At': String(madeAt) });
    return createClient(api, httpTransport({ base: desk.url, fetch, headers }));
  }
  const sheet = async () => (await (await people('receptionist')).sheet.list({})).items;

  it('a printed token stands: its own series, its own time, also in a closed queue', async () => {
    const admin = await clinic.as('admin');
    await admin.queues.setState({ id: queueId, state: 'closed' });
    const at = clinic.time.now - 2 * HOUR;
    const reception = await atDesk('receptionist', at);
    const commandId = newId();
    const given = await reception.visits.issueOffline(
      { patientId: await newPatient(), queueId, number: 3 },
      { commandId },
    );
    expect(given).toMatchObject({ token: 'A-R1-003', state: 'waiting', arrivedAt: new Date(at).toISOString() });
    expect(given.id).toBe(numberedFrom(commandId)());
    await admin.queues.setState({ id: queueId, state: 'open' });
  });

  it('the first command was done after all: its visit gets the printed label, and there is no other', async () => {
    const reception = await atDesk('receptionist');
    const [patientId, first] = [await newPatient(), newId()];
    const online = await reception.visits.issue({ patientId, queueId }, { commandId: first });
    expect(online.token).toMatch(/^A-\d{3}$/);
    const printed = await reception.visits.issueOffline({ patientId, queueId, number: 11, supersedes: first });
    expect(printed).toMatchObject({ id: online.id, token: 'A-R1-011' });
    const mine = (await reception.visits.list({ patientId })).items;
    expect(mine.map(({ token }) => token)).toEqual(['A-R1-011']);
    const admin = await clinic.as('admin');
    const [entry] = (await admin.audit.list({ action: 'visits.issueOffline' })).items;
    expect(JSON.stringify(entry)).toContain(online.token);
  });

  it('the first command comes later than the label: it is never done', async () => {
    const reception = await atDesk('receptionist');
    const [patientId, first] = [await newPatient(), newId()];
    const printed = await reception.visits.issueOffline({ patientId, queueId, number: 12, supersedes: first });
    const late = reception.visits.issue({ patientId, queueId }, { commandId: first });
    expect(await codeOf(late)).toBe('superseded');
    expect((await reception.visits.list({ patientId })).items.map(({ id }) => id)).toEqual([printed.id]);
  });

  it('a second token for one patient is given, and put on the sheet', async () => {
    const [patientId, reception] = [await newPatient(), await people('receptionist')];
    const first = await reception.visits.issue({ patientId, queueId });
    const second = await (await atDesk('receptionist')).visits.issueOffline({ patientId, queueId, number: 13 });
    const [item] = (await sheet()).filter(({ visitId }) => visitId === second.id);
    expect(item).toMatchObject({ kind: 'second_token', facts: { token: 'A-R1-013', other: first.token } });
  });

  it('what is repeated has happened once', async () => {
    const [reception, patientId, commandId] = [await atDesk('receptionist'), await newPatient(), newId()];
    const give = () => reception.visits.issueOffline({ patientId, queueId, number: 14 }, { commandId });
    expect(await give()).toEqual(await give());
    expect((await reception.visits.list({ patientId })).items).toHaveLength(1);
  });

  it('later commands speak of a visit that the server had not heard of', async () => {
    const at = clinic.time.now - HOUR;
    const [reception, patientId] = [await atDesk('receptionist', at), await newPatient()];
    const commandId = newId();
    await reception.visits.issueOffline({ patientId, queueId, number: 15 }, { commandId });
    const id = numberedFrom(commandId)();
    const doctor = async (minutes: number) => atDesk('doctor', at + minutes * 60_000);
    const called = await (await doctor(5)).visits.call({
      id,
      roomId,
      expectedVersion: 1,
      reason: 'without the server',
    });
    await (await doctor(6)).visits.enter({ id, expectedVersion: called.version });
    const done = await (await doctor(20)).visits.finish({ id, expectedVersion: called.version + 1 });
    expect(done).toMatchObject({
      state: 'done',
      calledAt: new Date(at + 5 * 60_000).toISOString(),
      enteredAt: new Date(at + 6 * 60_000).toISOString(),
      endedAt: new Date(at + 20 * 60_000).toISOString(),
    });
  });

  it('a fact never lies in the future, nor before what it follows', async () => {
    const [reception, patientId] = [await people('receptionist'), await newPatient()];
    const { id } = await reception.visits.issue({ patientId, queueId });
    const early = await atDesk('doctor', clinic.time.now - 5 * HOUR);
    const called = await early.visits.call({ id, roomId, reason: 'a clock that is behind', current: 'return' });
    expect(called.calledAt).toBe(called.arrivedAt);
    const late = await atDesk('doctor', clinic.time.now + 5 * HOUR);
    expect((await late.visits.enter({ id })).enteredAt).toBe(new Date(clinic.time.now).toISOString());
    await late.visits.finish({ id });
  });

  it('what the server refuses can be reported, once, and is settled by a person', async () => {
    const [reception, patientId] = [await people('receptionist'), await newPatient()];
    const { id, version } = await reception.visits.issue({ patientId, queueId });
    await reception.visits.cancel({ id, reason: 'went home' });
    const doctor = await atDesk('doctor', clinic.time.now - HOUR);
    const call = doctor.visits.call({ id, roomId, expectedVersion: version, reason: 'without the server' });
    expect(await codeOf(call)).toBe('stale');
    const report = {
      ...{ commandId: newId(), operation: 'visits.call', refusal: 'stale', facts: { state: 'cancelled' } },
      ...{ visitId: id, patientId },
    };
    await doctor.sheet.report(report);
    await doctor.sheet.report(report);
    const items = (await sheet()).filter(({ visitId }) => visitId === id);
    expect(items).toMatchObject([{ kind: 'moved_on', station: '', token: expect.stringMatching(/^A-/) }]);
    await reception.sheet.settle({ id: items[0]?.id ?? '', note: 'She had gone home.' });
    expect((await sheet()).filter(({ visitId }) => visitId === id)).toEqual([]);
  });

  it('a patient registered at a desk is found by the number they were given there', async () => {
    const commandId = newId();
    const reception = await atDesk('receptionist', clinic.time.now - HOUR);
    const name = 'Provisional Person';
    const row = await reception.patients.register({ name, provisionalNumber: 'R1-P014' }, { commandId });
    expect(row.id).toBe(numberedFrom(commandId)());
    expect(row.registrationNumber).toMatch(/^00-00-/);
    const found = await (await people('receptionist')).patients.list({ q: 'R1-P014' });
    expect(found.items.map(({ id }) => id)).toEqual([row.id]);
  });

  it('the same person registered at two desks comes to the sheet', async () => {
    const person = {
      name: 'Zubaida Qalandari',
      birthDate: '1971-04-05',
      sex: 'female',
      phone: '0300 7654321',
    } as const;
    const first = await (await people('receptionist')).patients.register(person);
    const desked = await (await atDesk('receptionist', clinic.time.now - HOUR)).patients.register({
      ...person,
      provisionalNumber: 'R1-P015',
    });
    const [item] = (await sheet()).filter(({ patientId }) => patientId === desked.id);
    expect(item).toMatchObject({ kind: 'registered_twice', otherPatientId: first.id });
  });

  it('what was done before the day was closed opens what the close had ended', async () => {
    const [reception, patientId] = [await people('receptionist'), await newPatient()];
    const place = await newPlace();
    const visit = await reception.visits.issue({ patientId, queueId: place.queueId });
    const tomorrows = await newPatient();
    const evening = clinic.time.now + 2 * HOUR;
    clinic.time.pass(26 * HOUR);
    // The first command of the new day closes the old one.
    const today = await atDesk('receptionist');
    await today.visits.issueOffline({ patientId: tomorrows, queueId, number: 90 });
    expect((await today.visits.get({ id: visit.id })).state).toBe('cancelled');
    const doctor = await atDesk('doctor', evening);
    const call = { id: visit.id, roomId: place.roomId, expectedVersion: visit.version, reason: 'without the server' };
    const called = await doctor.visits.call(call);
    expect(called).toMatchObject({ state: 'called', clinicDay: visit.clinicDay });
    await doctor.visits.enter({ id: visit.id });
    expect(await doctor.visits.finish({ id: visit.id })).toMatchObject({ state: 'done' });
  });

  async function newPlace() {
    const admin = await clinic.as('admin');
    const queue = await admin.queues.create({ code: 'OFF', name: 'Offline queue' });
    const room = await admin.rooms.create({ name: 'Offline room', queueIds: [queue.id] });
    return { queueId: queue.id, roomId: room.id };
  }
});
