import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { codeOf, DIALECTS, type World, world } from '../support/clinic.ts';

const NOW = Date.UTC(2026, 10, 21, 5);
type Person = Client<MedlaneApi>;

describe.each(DIALECTS)('the queue on %s', (dialect) => {
  let clinic: World;
  let admin: Person;
  let reception: Person;
  let doctor: Person;
  let nurse: Person;
  let queueId = '';
  let roomId = '';
  let letters = 0;

  beforeAll(async () => {
    clinic = await world({ dialect, now: NOW });
    admin = await clinic.as('admin');
    reception = await clinic.as('rosa', 'receptionist');
    doctor = await clinic.as('sana', 'doctor');
    nurse = await clinic.as('nora', 'nurse');
  });
  afterAll(() => clinic.close());
  // Each test has a queue and a room of its own.
  beforeEach(async () => {
    letters += 1;
    queueId = (await aQueue()).id;
    roomId = (await admin.rooms.create({ name: `Room ${letters}`, queueIds: [queueId] })).id;
  });

  const aQueue = (more: object = {}) => {
    letters += 1;
    const code = `Q${String.fromCharCode(65 + Math.floor(letters / 26), 65 + (letters % 26))}`;
    return admin.queues.create({ code, name: `Queue ${code}`, ...more });
  };
  const patient = async () => (await reception.patients.register({ name: 'Ali Khan' })).id;
  const issue = async (more: object = {}) => reception.visits.issue({ patientId: await patient(), queueId, ...more });
  const callNext = (current?: 'finish' | 'return' | 'no-show') =>
    doctor.queues.callNext({ id: queueId, roomId, current });
  const stateOf = async (id: string) => (await reception.visits.get({ id })).state;
  const line = async () => {
    const { items } = await reception.visits.list({ queueId, state: ['waiting'] });
    return items.sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).map(({ id }) => id);
  };

  it('Q2, Q3: numbers begin at 1 in each queue, and a cancelled one is not used again', async () => {
    const numbers = [await issue(), await issue()].map(({ token }) => token.slice(-3));
    expect(numbers).toEqual(['001', '002']);
    const third = await issue();
    await reception.visits.cancel({ id: third.id, reason: 'left without being seen' });
    expect((await issue()).token.slice(-3)).toBe('004');
    const other = await aQueue();
    expect((await issue({ queueId: other.id })).token.slice(-3)).toBe('001');
  });

  it('Q3: 32 first-of-day requests at once get 1 to 32, without a gap or an error', async () => {
    const patients = await Promise.all(Array.from({ length: 32 }, patient));
    const visits = await Promise.all(patients.map((patientId) => reception.visits.issue({ patientId, queueId })));
    const numbers = visits.map(({ token }) => Number(token.split('-')[1])).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
    expect(visits.map(({ place }) => place).sort((a, b) => Number(a) - Number(b))).toEqual(numbers);
    expect(await line()).toHaveLength(32);
  });

  it('Q5, Q6: a token, a date or a state that a desk sends is the server’s; a missing field is named', async () => {
    const token = await clinic.token('rosa');
    const body = { patientId: await patient(), queueId, token: 'A-099', clinicDay: '2020-01-01', state: 'done' };
    const { status, body: answer } = await clinic.request('POST', '/api/v1/visits', { token, body });
    expect(status).toBe(201);
    expect(answer.data).toMatchObject({
      clinicDay: '2026-11-21',
      state: 'waiting',
      token: expect.stringMatching(/-001$/),
    });
    const missing = await clinic.request('POST', '/api/v1/visits', { token, body: { queueId } });
    expect([missing.status, missing.body.error?.details.map(({ field }) => field)]).toEqual([400, ['patientId']]);
  });

  it('Q7–Q11: waits, is called, enters, is done; what a state does not allow is refused and changes nothing', async () => {
    const { id } = await issue();
    expect(await codeOf(doctor.visits.enter({ id }))).toBe('invalid_transition');
    expect(await codeOf(doctor.visits.finish({ id }))).toBe('invalid_transition');
    expect(await stateOf(id)).toBe('waiting');
    await callNext();
    expect(await codeOf(doctor.visits.finish({ id }))).toBe('invalid_transition');
    await doctor.visits.enter({ id });
    expect((await doctor.visits.finish({ id })).state).toBe('done');
    for (const command of ['enter', 'finish', 'return', 'recall', 'noShow'] as const)
      expect(await codeOf(doctor.visits[command]({ id }))).toBe('invalid_transition');
  });

  it('Q8, Q9: sending back keeps the token and the place', async () => {
    const [first, second] = [await issue(), await issue()];
    const called = await callNext();
    expect(called.id).toBe(first.id);
    const back = await doctor.visits.return({ id: first.id });
    expect(back).toMatchObject({ token: first.token, state: 'waiting', place: 1, roomId: null });
    await doctor.visits.call({ id: first.id, roomId });
    await doctor.visits.enter({ id: first.id });
    expect(await doctor.visits.return({ id: first.id })).toMatchObject({ token: first.token, place: 1 });
    expect(await line()).toEqual([first.id, second.id]);
  });

  it('sends back to the end of the line where the queue says so', async () => {
    await admin.queues.update({ id: queueId, returnTo: 'end' });
    const [first, second] = [await issue(), await issue()];
    await callNext();
    clinic.time.pass(1000);
    await doctor.visits.return({ id: first.id });
    expect(await line()).toEqual([second.id, first.id]);
  });

  it('Q12: reception does not call, and a display changes nothing', async () => {
    const { id } = await issue();
    expect(await codeOf(reception.visits.call({ id, roomId }))).toBe('forbidden');
    expect(await codeOf(reception.visits.finish({ id }))).toBe('forbidden');
    const display = await clinic.as('screen', 'display');
    expect(await codeOf(display.visits.noShow({ id }))).toBe('forbidden');
    expect(await codeOf(display.visits.list({}))).toBe('forbidden');
    expect(await codeOf(nurse.visits.call({ id, roomId }))).toBe('ok');
  });

  it('paused takes tokens and calls nobody; closed takes none', async () => {
    const { id } = await issue();
    await reception.queues.setState({ id: queueId, state: 'paused' });
    expect(await codeOf(callNext())).toBe('queue_paused');
    expect(await codeOf(doctor.visits.call({ id, roomId }))).toBe('queue_paused');
    expect(await codeOf(issue())).toBe('ok');
    await reception.queues.setState({ id: queueId, state: 'closed' });
    expect(await codeOf(issue())).toBe('queue_closed');
    expect((await callNext()).id).toBe(id);
  });

  it('refuses a full room, says who is there, and does what becomes of them', async () => {
    const [a, b, c, d] = [await issue(), await issue(), await issue(), await issue()];
    expect((await callNext()).id).toBe(a.id);
    const refused = await callNext().catch((error) => error);
    expect(refused).toMatchObject({ code: 'room_busy', facts: { token: a.token, visitId: a.id } });
    expect((await callNext('no-show')).id).toBe(b.id);
    expect(await stateOf(a.id)).toBe('no_show');
    await doctor.visits.enter({ id: b.id });
    expect(await codeOf(callNext('no-show'))).toBe('invalid_transition');
    expect((await callNext('finish')).id).toBe(c.id);
    expect(await stateOf(b.id)).toBe('done');
    expect((await callNext('return')).id).toBe(d.id);
    expect(await line()).toEqual([c.id]);
  });

  it('lets as many into a room as it holds, and only from queues that it serves', async () => {
    await admin.rooms.update({ id: roomId, capacity: 2 });
    for (let count = 0; count < 3; count += 1) await issue();
    await callNext();
    await callNext();
    expect(await codeOf(callNext())).toBe('room_busy');
    const other = await aQueue();
    expect(await codeOf(doctor.queues.callNext({ id: other.id, roomId }))).toBe('room_not_serving');
  });

  it('recalls: announced again, with its number counted up', async () => {
    const { id } = await issue();
    await callNext();
    const token = await clinic.token('sana');
    const before = await clinic.request('GET', '/api/v1/changes?since=0&limit=1000', { token });
    const recalled = await doctor.visits.recall({ id });
    expect(recalled).toMatchObject({ state: 'called', callCount: 2, roomId });
    const since = (before.body.data as unknown as { seq: number }).seq;
    const { entries } = await doctor.changes.since({ since });
    expect(entries.map(({ event }) => event)).toContain('call.announced');
  });

  it('lets somebody who missed the call come back after two others', async () => {
    const [late, b, c, d] = [await issue(), await issue(), await issue(), await issue()];
    await callNext();
    await doctor.visits.noShow({ id: late.id });
    expect(await reception.visits.rejoin({ id: late.id })).toMatchObject({
      state: 'waiting',
      place: 3,
      token: late.token,
    });
    expect(await line()).toEqual([b.id, c.id, late.id, d.id]);
    expect((await callNext()).id).toBe(b.id);
    expect((await callNext('no-show')).id).toBe(c.id);
    expect((await callNext('no-show')).id).toBe(late.id);
  });

  it('refuses a command from a desk that saw an older state', async () => {
    const seen = await issue();
    await callNext();
    const late = reception.visits.cancel({
      id: seen.id,
      stepId: seen.stepId,
      expectedVersion: seen.version,
      reason: 'left',
    });
    expect(await codeOf(late)).toBe('stale');
    expect(await stateOf(seen.id)).toBe('called');
  });

  it('orders by emergency, priority, arrival, and says why in one sentence', async () => {
    const [normal, priority, emergency] = [
      await issue(),
      await issue({ priority: 'priority' }),
      await issue({ priority: 'emergency' }),
    ];
    expect(await line()).toEqual([emergency.id, priority.id, normal.id]);
    expect(await reception.visits.why({ id: emergency.id })).toMatchObject({ place: 1, ahead: 0, reason: 'emergency' });
    expect(await reception.visits.why({ id: normal.id })).toMatchObject({ place: 3, ahead: 2, reason: 'arrival' });
    for (const { id } of [normal, priority, emergency]) {
      const { sentence } = await reception.visits.why({ id });
      expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
    }
    await callNext();
    expect(await reception.visits.why({ id: emergency.id })).toMatchObject({ place: null, reason: 'called' });
  });

  it('puts whoever waited longer than the queue allows to the front', async () => {
    const policy = {
      ...{ kind: 'absolute' as const, ratio: 1 },
      maxWaitMinutes: { emergency: 10, priority: 60, appointment: 60, normal: 2 },
    };
    await admin.queues.update({ id: queueId, policy });
    const normal = await issue();
    clinic.time.pass(121_000);
    const priority = await issue({ priority: 'priority' });
    expect(await line()).toEqual([normal.id, priority.id]);
    expect((await reception.visits.why({ id: normal.id })).reason).toBe('overdue');
    expect((await callNext()).id).toBe(normal.id);
  });

  it('an out-of-turn call needs a reason, which its history keeps', async () => {
    const [, second] = [await issue(), await issue()];
    expect(await codeOf(doctor.visits.call({ id: second.id, roomId }))).toBe('reason_required');
    await doctor.visits.call({ id: second.id, roomId, reason: 'feels faint' });
    const { entries } = await reception.visits.history({ id: second.id });
    expect(entries.at(-1)).toMatchObject({ command: 'call', reason: 'feels faint', outOfOrder: true, by: 'sana' });
  });

  it('refuses a second token while the first is not finished', async () => {
    const patientId = await patient();
    const first = await reception.visits.issue({ patientId, queueId });
    const refused = await reception.visits.issue({ patientId, queueId }).catch((error) => error);
    expect(refused).toMatchObject({ code: 'token_exists', facts: { token: first.token, visitId: first.id } });
    await doctor.visits.call({ id: first.id, roomId });
    await doctor.visits.enter({ id: first.id });
    await doctor.visits.finish({ id: first.id });
    expect(await codeOf(reception.visits.issue({ patientId, queueId }))).toBe('ok');
  });
});
