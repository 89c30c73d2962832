import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { codeOf, DIALECTS, type World, world } from '../support/clinic.ts';

const NOW = Date.UTC(2026, 10, 21, 5);
type Person = Client<MedlaneApi>;

describe.each(DIALECTS)('moving and taking back on %s', (dialect) => {
  let clinic: World;
  let admin: Person;
  let reception: Person;
  let doctor: Person;
  let other: Person;
  let queueId = '';
  let roomId = '';
  let laboratory = '';
  let bench = '';
  let made = 0;

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOW });
    admin = await clinic.as('admin');
    reception = await clinic.as('rosa', 'receptionist');
    doctor = await clinic.as('sana', 'doctor');
    other = await clinic.as('omar', 'doctor');
  });
  afterAll(() => clinic.close());
  beforeEach(async () => {
    made += 1;
    const letter = String.fromCharCode(64 + made);
    queueId = (await admin.queues.create({ code: `X${letter}`, name: `Doctor ${letter}` })).id;
    laboratory = (await admin.queues.create({ code: `L${letter}`, name: `Laboratory ${letter}` })).id;
    roomId = (await admin.rooms.create({ name: `Doctor ${letter}`, queueIds: [queueId] })).id;
    bench = (await admin.rooms.create({ name: `Bench ${letter}`, queueIds: [laboratory] })).id;
  });

  const issue = async (more: object = {}) => {
    const patient = await reception.patients.register({ name: 'Ali Khan' });
    return reception.visits.issue({ patientId: patient.id, queueId, ...more });
  };
  const callNext = (current?: 'finish' | 'return' | 'no-show') =>
    doctor.queues.callNext({ id: queueId, roomId, current });
  const visit = (id: string) => reception.visits.get({ id });
  const line = async (queue = queueId) => {
    const { items } = await reception.visits.list({ queueId: queue, state: ['waiting'] });
    return items.sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).map(({ id }) => id);
  };
  /** Called, and in the room. */
  const seen = async () => {
    const { id } = await issue();
    await callNext();
    return doctor.visits.enter({ id });
  };

  it('a transfer keeps the token and the seniority', async () => {
    const { id, token } = await seen();
    clinic.time.pass(1000);
    const later = await issue({ queueId: laboratory });
    const moved = await doctor.visits.transfer({ id, queueId: laboratory, reason: 'blood count' });
    expect(moved).toMatchObject({ token, queueId: laboratory, state: 'waiting', place: 1 });
    expect(await line(laboratory)).toEqual([id, later.id]);
    expect(await codeOf(callNext())).toBe('queue_empty');
    const { entries } = await reception.visits.history({ id });
    expect(entries.map(({ command }) => command)).toEqual(['issue', 'call', 'enter', 'transfer', 'transfer']);
  });

  it('a late finish never ends the laboratory’s step', async () => {
    const before = await seen();
    await doctor.visits.transfer({ id: before.id, queueId: laboratory });
    await other.queues.callNext({ id: laboratory, roomId: bench });
    await other.visits.enter({ id: before.id });
    const late = doctor.visits.finish({ id: before.id, stepId: before.stepId, expectedVersion: before.version });
    expect(await codeOf(late)).toBe('stale');
    expect((await visit(before.id)).state).toBe('in_room');
  });

  it('and back: the same doctor, before the others', async () => {
    const { id } = await seen();
    const next = await issue();
    await doctor.visits.transfer({ id, queueId: laboratory, andReturn: true });
    await other.queues.callNext({ id: laboratory, roomId: bench });
    await other.visits.enter({ id });
    const back = await other.visits.finish({ id });
    const me = await doctor.auth.me();
    expect(back).toMatchObject({ queueId, state: 'waiting', forStaffId: me.id, place: 1 });
    expect(await line()).toEqual([id, next.id]);
    expect(await codeOf(other.visits.call({ id, roomId }))).toBe('bound_elsewhere');
    expect((await callNext()).id).toBe(id);
  });

  it('and back, also when the laboratory sends them on to X-ray and takes them back', async () => {
    const { id } = await seen();
    await doctor.visits.transfer({ id, queueId: laboratory, andReturn: true });
    const xray = await admin.queues.create({ code: `Y${String.fromCharCode(64 + made)}`, name: `X-ray ${made}` });
    const dark = await admin.rooms.create({ name: `Dark room ${made}`, queueIds: [xray.id] });
    await other.queues.callNext({ id: laboratory, roomId: bench });
    await other.visits.transfer({ id, queueId: xray.id, andReturn: true });
    for (const [queue, room] of [
      [xray.id, dark.id],
      [laboratory, bench],
    ] as const) {
      await other.queues.callNext({ id: queue, roomId: room });
      await other.visits.enter({ id });
      await other.visits.finish({ id });
    }
    expect(await visit(id)).toMatchObject({ queueId, state: 'waiting' });
  });

  it('parking needs a reason; resuming puts them ahead of their class', async () => {
    const first = await seen();
    const next = await issue();
    expect(await codeOf(doctor.visits.park({ id: first.id }))).toBe('reason_required');
    expect(await doctor.visits.park({ id: first.id, reason: 'fetches the file' })).toMatchObject({
      ...{ state: 'parked', endReason: 'fetches the file', place: null, roomId: null },
    });
    expect(await line()).toEqual([next.id]);
    const second = await issue();
    expect(await reception.visits.resume({ id: first.id })).toMatchObject({ state: 'waiting', place: 1 });
    expect(await line()).toEqual([first.id, next.id, second.id]);
  });

  it('cancelling needs a reason and a receptionist or a doctor', async () => {
    const { id } = await issue();
    expect(await codeOf(reception.visits.cancel({ id }))).toBe('reason_required');
    const nurse = await clinic.as('nora', 'nurse');
    expect(await codeOf(nurse.visits.cancel({ id, reason: 'left' }))).toBe('forbidden');
    expect(await reception.visits.cancel({ id, reason: 'left' })).toMatchObject({
      state: 'cancelled',
      endReason: 'left',
    });
  });

  it('a token given to the wrong record moves to the right one, and its state stays', async () => {
    const { id, patientId, state } = await seen();
    const right = await reception.patients.register({ name: 'Aliya Khan' });
    const corrected = await reception.visits.correctPatient({ id, patientId: right.id, reason: 'wrong Khan' });
    expect(corrected).toMatchObject({ patientId: right.id, state });
    expect((await reception.patients.get({ id: right.id })).lastVisits.map((one) => one.id)).toEqual([id]);
    expect((await reception.patients.get({ id: patientId })).lastVisits).toEqual([]);
    const { entries } = await reception.visits.history({ id });
    expect(entries.at(-1)).toMatchObject({ command: 'correct-patient', reason: 'wrong Khan' });
    await reception.visits.undo({ id });
    expect((await visit(id)).patientId).toBe(patientId);
  });

  const shape = async (id: string) => {
    const { version: _version, stepId: _stepId, ...rest } = await visit(id);
    return rest;
  };

  it('undo of call-next with a finish restores both visits', async () => {
    const there = await seen();
    const next = await issue();
    const before = [await shape(there.id), await shape(next.id)];
    await callNext('finish');
    expect((await visit(there.id)).state).toBe('done');
    clinic.time.pass(59_000);
    await doctor.visits.undo({ id: next.id });
    expect([await shape(there.id), await shape(next.id)]).toEqual(before);
    // Its history stays.
    const { entries } = await reception.visits.history({ id: there.id });
    expect(entries.map(({ command }) => command)).toEqual(['issue', 'call', 'enter', 'finish', 'undo']);
    expect((await callNext('finish')).id).toBe(next.id);
  });

  it.each([
    ['finish', {}],
    ['return', {}],
    ['park', { reason: 'waits for a relative' }],
  ] as const)('undo of %s restores the state, the room and the place', async (command, more) => {
    const { id } = await seen();
    const before = await shape(id);
    await doctor.visits[command]({ id, ...more });
    expect((await doctor.visits.undo({ id })).state).toBe('in_room');
    expect(await shape(id)).toEqual(before);
  });

  it('undo of a transfer brings them back to the room', async () => {
    const { id } = await seen();
    const before = await shape(id);
    await doctor.visits.transfer({ id, queueId: laboratory });
    await doctor.visits.undo({ id });
    expect(await shape(id)).toEqual(before);
    expect(await line(laboratory)).toEqual([]);
  });

  it('undo is refused after 60 s, for another person, for an issue, and twice', async () => {
    const { id } = await issue();
    expect(await codeOf(reception.visits.undo({ id }))).toBe('nothing_to_undo');
    await callNext();
    expect(await codeOf(other.visits.undo({ id }))).toBe('nothing_to_undo');
    clinic.time.pass(60_001);
    expect(await codeOf(doctor.visits.undo({ id }))).toBe('undo_expired');
    await doctor.visits.recall({ id });
    expect(await codeOf(doctor.visits.undo({ id }))).toBe('ok');
    expect(await codeOf(doctor.visits.undo({ id }))).toBe('nothing_to_undo');
  });

  it('undo is refused when something happened since', async () => {
    const there = await seen();
    await issue();
    const next = await callNext('finish');
    await other.visits.noShow({ id: next.id });
    expect(await codeOf(doctor.visits.undo({ id: there.id }))).toBe('stale');
    expect((await visit(there.id)).state).toBe('done');
  });

  it('undo never puts two people into a room for one', async () => {
    const first = await seen();
    await issue();
    await doctor.visits.finish({ id: first.id });
    await callNext();
    expect(await codeOf(doctor.visits.undo({ id: first.id }))).toBe('room_busy');
    const there = await reception.visits.list({ roomId, state: ['called', 'in_room'] });
    expect(there.items).toHaveLength(1);
  });
});
