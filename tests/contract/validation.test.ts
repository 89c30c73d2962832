import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_PREFIX } from '../../contract/http.ts';
import type { MedlaneOperation } from '../../contract/index.ts';
import { routeOf } from '../../contract/kit.ts';
import { PASSWORD } from '../support/clinic.ts';
import { isInQuery, OPERATIONS, operationOf, type Raw, type Reply, send } from './calls.ts';
import { EXAMPLES, PEOPLE_CSV } from './examples.ts';
import { openScene, type Scene, signIn } from './scenes.ts';

/** What any operation answers to a request that is not right, and to one that is too much. */

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.world.close());

const attempt = (name: MedlaneOperation, input: Raw) =>
  operationOf(name).who === 'station' ? scene.askAtDesk(name, input) : scene.ask(name, input, { file: PEOPLE_CSV });
const namedIn = (reply: Reply) => reply.body.error?.details.map(({ field }) => field) ?? [];

const FIELDS = OPERATIONS.flatMap(({ name, operation }) =>
  Object.keys(operation.input.shape).map((field) => ({ name, operation, field })),
);

describe('input that is not right', () => {
  it.each(OPERATIONS)('$name refuses a field that it does not know, by name', async ({ name }) => {
    const reply = await attempt(name, { ...EXAMPLES[name], misspelt: 'x' });
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'validation_failed']);
    expect(namedIn(reply)).toContain('misspelt');
  });

  for (const { name, operation, field } of FIELDS) {
    it(`${name} refuses a wrong ${field}, by name`, async () => {
      const inText = isInQuery(operation) || routeOf(operation).params.includes(field);
      const wrong = inText ? 'x'.repeat(600) : 0.5;
      const reply = await attempt(name, { ...EXAMPLES[name], [field]: wrong });
      expect([reply.status, reply.body.error?.code]).toEqual([400, 'validation_failed']);
      expect(reply.body.error?.details[0]).toEqual({
        field: expect.any(String),
        message: expect.any(String),
        code: expect.any(String),
      });
      expect(namedIn(reply).some((named) => named === field || named.startsWith(`${field}.`))).toBe(true);
    });
  }

  // Q6
  it('a visit without a patient or a queue names what is missing', async () => {
    expect(namedIn(await scene.ask('visits.issue', { queueId: 'q' }))).toEqual(['patientId']);
    expect(namedIn(await scene.ask('visits.issue', {}))).toEqual(['patientId', 'queueId']);
  });

  it.each([null, true, '', []].map((wrong) => ({ wrong })))('a whole number is not $wrong', async ({ wrong }) => {
    const reply = await scene.ask('patients.register', { name: 'Age Less', ageYears: wrong });
    expect(namedIn(reply)).toEqual(['ageYears']);
  });

  it('an unidentified patient needs no name, another one does', async () => {
    expect((await scene.ask('patients.register', { unidentified: true })).status).toBe(201);
    expect(namedIn(await scene.ask('patients.register', {}))).toEqual(['name']);
  });
});

describe('fields that the server owns', () => {
  // Q5
  it('a stated token, day and state of a new visit are ignored', async () => {
    const { queueId } = await scene.newPlace();
    const patientId = await scene.newPatient();
    const stated = { token: 'X-99', state: 'done', clinicDay: '2020-01-01', version: 40, place: 9 };
    const reply = await scene.ask('visits.issue', { patientId, queueId, ...stated });
    expect(reply.status).toBe(201);
    const visit = reply.body.data as Record<string, unknown>;
    expect(visit).toMatchObject({ state: 'waiting', clinicDay: '2026-11-18', version: 1, place: 1 });
    expect(visit['token']).not.toBe('X-99');
  });

  it('a stated registration number of a new patient is ignored', async () => {
    const stated = { registrationNumber: '99-99-999', id: 'mine', archivedAt: '2020-01-01T00:00:00Z' };
    const { data } = (await scene.ask('patients.register', { name: 'Any Body', ...stated })).body;
    expect(data).toMatchObject({ archivedAt: null, registrationNumber: expect.stringMatching(/^00-00-\d{3}$/) });
    expect((data as { id: string }).id).not.toBe('mine');
  });

  it('nobody makes themselves an administrator by changing their own password', async () => {
    const { username, id } = await scene.newUser('nurse');
    const { token } = await signIn(scene, username);
    const input = { current: PASSWORD, next: 'another horse 43', roles: ['admin'] };
    expect((await scene.ask('auth.changePassword', input, { token })).status).toBe(400);
    const users = await (await scene.as('admin')).users.list({ q: username });
    expect(users.items.find((user) => user.id === id)?.roles).toEqual(['nurse']);
  });
});

describe('a request that is no request', () => {
  const post = async (body: string, headers: Record<string, string> = {}) =>
    send(`${scene.world.url}${API_PREFIX}/patients`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${await scene.world.token('receptionist', 'receptionist')}`,
        ...headers,
      },
      body,
    });

  it.each(['{', '{"name":', 'null', '"text"', '7', '[1,2]', 'name=Ali'])('the body %s is 400', async (body) => {
    const reply = await post(body);
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'validation_failed']);
  });

  it('a body over 256 KB is 413, one of 200 KB is read', async () => {
    const [large, fitting] = ['x'.repeat(257 * 1024), 'x'.repeat(200 * 1024)].map((notes) => JSON.stringify({ notes }));
    const refused = await post(large as string);
    expect([refused.status, refused.body.error?.code]).toEqual([413, 'too_large']);
    expect(namedIn(await post(fitting as string))).toContain('notes');
  });

  it('a body of another kind than JSON is not read', async () => {
    const reply = await post('name=Ali', { 'Content-Type': 'application/x-www-form-urlencoded' });
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'validation_failed']);
  });

  it.each(['has space', 'x'.repeat(65)])('the command id %s is 400', async (key) => {
    const reply = await post('{"name":"Any Body"}', { 'Idempotency-Key': key });
    expect([reply.status, namedIn(reply)]).toEqual([400, ['Idempotency-Key']]);
  });

  it.each(['GET /nothing', 'POST /visits/x/fly', 'DELETE /patients/x', 'GET /'])('%s is 404', async (line) => {
    const [method, path] = line.split(' ') as [string, string];
    const reply = await send(`${scene.world.url}${API_PREFIX}${path}`, { method });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'not_found']);
    expect(reply.headers.get('X-Request-Id')).toBe(reply.body.meta.requestId);
  });

  it('a path that cannot be decoded is 400', async () => {
    const token = await scene.world.token('doctor', 'doctor');
    const reply = await scene.world.request('GET', `${API_PREFIX}/visits/%E0%A4%A`, { token });
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'validation_failed']);
  });

  it('every answer has a request id of its own, in the header too', async () => {
    const replies = await Promise.all([1, 2, 3].map(() => scene.ask('system.health')));
    for (const { headers, body } of replies) expect(headers.get('X-Request-Id')).toBe(body.meta.requestId);
    expect(new Set(replies.map(({ body }) => body.meta.requestId)).size).toBe(3);
  });
});

describe('references to what does not exist', () => {
  it('an account cannot be given a board that does not exist', async () => {
    const { id } = await scene.newUser('display');
    const reply = await scene.ask('users.update', { id, boardId: 'no-such-board' });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'not_found']);
  });

  it('a visit cannot be transferred to a person who does not exist', async () => {
    const { id } = await scene.newVisit('in_room');
    const reply = await scene.ask('visits.transfer', { id, staffId: 'no-such-person' });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'not_found']);
  });

  it('a visit cannot be transferred to a room that does not exist', async () => {
    const { id } = await scene.newVisit('in_room');
    const reply = await scene.ask('visits.transfer', { id, roomId: 'no-such-room' });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'not_found']);
  });

  it('a change of one field of a patient leaves the others alone', async () => {
    const reception = await scene.as('receptionist');
    const full = { name: 'Whole Person', sex: 'female', birthDate: '1980-01-01', notes: 'Deaf in one ear.' } as const;
    const { id } = await reception.patients.register({ ...full, allergies: [{ substance: 'Latex' }] });
    await reception.patients.update({ id, phone: '0300 1234567' });
    const after = await reception.patients.get({ id });
    expect(after).toMatchObject({ ...full, phone: '0300 1234567', allergies: [{ substance: 'Latex' }] });
  });
});
