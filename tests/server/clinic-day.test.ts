import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../server/audit/verify-file.ts';
import { codeOf, DIALECTS, furniture, type World, world } from '../support/clinic.ts';

/** One patient's way through the clinic, over the real API, on both databases. */
describe.each(DIALECTS)('a clinic day on %s', (dialect) => {
  let clinic: World;
  beforeAll(async () => {
    clinic = await world({ dialect });
  });
  afterAll(() => clinic.close());

  it('registers, issues, calls, sees and finishes; the board shows it and the audit proves it', async () => {
    const reception = await clinic.as('rosa', 'receptionist');
    const doctor = await clinic.as('sana', 'doctor');
    const display = await clinic.as('screen', 'display');
    const { queueId, roomId, boardId } = await furniture(reception);

    const patient = await reception.patients.register({
      name: 'José Gómez',
      birthDate: '1989-05-25',
      sex: 'male',
      phone: '0300 1234567',
    });
    expect(patient.registrationNumber).toBe('00-00-001');
    const visit = await reception.visits.issue({ patientId: patient.id, queueId });
    expect(visit).toMatchObject({ token: 'A-001', state: 'waiting', place: 1 });
    expect((await display.boards.get({ id: boardId })).queues[0]).toMatchObject({ waiting: 1, next: ['A-001'] });

    const called = await doctor.queues.callNext({ id: queueId, roomId });
    expect(called).toMatchObject({ id: visit.id, state: 'called', roomId, callCount: 1 });
    const board = await display.boards.get({ id: boardId });
    expect(board.calls).toMatchObject([{ token: 'A-001', room: 'Room 1', state: 'called', name: null }]);

    await doctor.visits.enter({ id: visit.id, stepId: called.stepId, expectedVersion: called.version });
    const done = await doctor.visits.finish({ id: visit.id });
    expect(done.state).toBe('done');
    expect((await display.boards.get({ id: boardId })).calls).toEqual([]);

    const admin = await clinic.as('admin');
    const download = await admin.audit.export({});
    const verdict = await verifyAudit(Readable.fromWeb(download.body as never));
    expect(verdict.findings).toEqual([]);
    expect(verdict.whole).toBe(true);
    expect(verdict.entries).toBeGreaterThan(8);
  });

  it('refuses what a role may not do, and what a state does not allow', async () => {
    const reception = await clinic.as('rosa', 'receptionist');
    const doctor = await clinic.as('sana', 'doctor');
    const { queueId, roomId } = await furniture(reception);
    const patient = await reception.patients.register({ name: 'Ayesha Khan' });
    const visit = await reception.visits.issue({ patientId: patient.id, queueId });
    expect(await codeOf(reception.queues.callNext({ id: queueId, roomId }))).toBe('forbidden');
    expect(await codeOf(doctor.visits.finish({ id: visit.id }))).toBe('invalid_transition');
    expect(await codeOf(reception.visits.issue({ patientId: patient.id, queueId }))).toBe('token_exists');
    const second = await reception.visits.issue({ patientId: patient.id, queueId, confirmRepeat: true });
    expect(second.token).not.toBe(visit.token);
  });
});
