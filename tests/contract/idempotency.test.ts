import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIALECTS, PASSWORD, type World, world } from '../support/clinic.ts';
import { ask, dataText, type Raw, type Reply } from './calls.ts';

/** A command id makes a command happen once, however often it is sent. */
describe.each(DIALECTS)('command ids on %s', (dialect) => {
  let clinic: World;
  let reception: string;
  beforeAll(async () => {
    clinic = await world({ dialect });
    reception = await clinic.token('rosa', 'receptionist');
  });
  afterAll(() => clinic.close());

  const register = (key: string, input: Raw, token = reception): Promise<Reply> =>
    ask(clinic.url, 'patients.register', input, { token, headers: { 'Idempotency-Key': key } });
  const countOf = async (q: string) => (await (await clinic.as('rosa')).patients.list({ q })).items.length;

  it('the same id with the same body gives the first answer, byte for byte', async () => {
    const body = { name: 'Once Only', allergies: [{ substance: 'Pollen' }] };
    const [first, again] = [await register('once', body), await register('once', body)];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(dataText(again)).toBe(dataText(first));
    expect(again.body.meta.requestId).not.toBe(first.body.meta.requestId);
    // Fields in another order are the same command.
    const turned = await register('once', { allergies: [{ substance: 'Pollen' }], name: 'Once Only' });
    expect(dataText(turned)).toBe(dataText(first));
    expect(await countOf('Once Only')).toBe(1);
  });

  it('sent ten times at once, it happens once', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => register('burst', { name: 'Burst Patient' })));
    expect(new Set(replies.map(dataText)).size).toBe(1);
    expect(await countOf('Burst Patient')).toBe(1);
  });

  it('the first answer is kept over a restart', async () => {
    const first = await register('kept', { name: 'Kept Person' });
    await clinic.restart();
    expect(dataText(await register('kept', { name: 'Kept Person' }))).toBe(dataText(first));
  });

  it('the same id with another body, or for another command, is refused and does nothing', async () => {
    await register('mine', { name: 'Mine Alone' });
    const other = await register('mine', { name: 'Somebody Else' });
    expect([other.status, other.body.error?.code]).toEqual([409, 'idempotency_mismatch']);
    const headers = { 'Idempotency-Key': 'mine' };
    const queueId = (await (await clinic.as('rosa')).queues.list()).items[0]?.id;
    const state = await ask(
      clinic.url,
      'queues.setState',
      { id: queueId, state: 'open' },
      { token: reception, headers },
    );
    expect([state.status, state.body.error?.code]).toEqual([409, 'idempotency_mismatch']);
    expect(await countOf('Somebody Else')).toBe(0);
  });

  it('the same id of another person is another command', async () => {
    const nurse = await clinic.token('nia', 'nurse');
    const first = await register('shared', { name: 'Shared Id' });
    const second = await register('shared', { name: 'Second Sender' }, nurse);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.data).toMatchObject({ name: 'Second Sender' });
  });

  it('a program that signs in again is still the same sender', async () => {
    const first = await register('again', { name: 'Signed Again' });
    const login = await ask(clinic.url, 'auth.login', { identifier: 'rosa', password: PASSWORD, delivery: 'body' });
    const { accessToken } = login.body.data as { accessToken: string };
    expect(dataText(await register('again', { name: 'Signed Again' }, accessToken))).toBe(dataText(first));
  });

  it('input that was refused can be sent again, corrected, with the same id', async () => {
    expect((await register('retry', { name: 7 })).status).toBe(400);
    expect((await register('retry', {})).status).toBe(400);
    expect((await register('retry', { name: 'Retry Good' })).status).toBe(201);
  });

  it('a 403 is not remembered: with the right role the same command works', async () => {
    const token = await clinic.token('phil', 'pharmacist');
    const admin = await clinic.as('admin');
    const body = { name: 'Later Allowed' };
    expect((await register('allowed', body, token)).status).toBe(403);
    const phil = (await admin.users.list({ q: 'phil' })).items[0];
    await admin.users.update({ id: phil?.id ?? '', roles: ['receptionist'] });
    expect((await register('allowed', body, token)).status).toBe(201);
  });

  it('a refusal about the records is the first answer, too', async () => {
    const desk = await clinic.as('rosa');
    const { id } = await desk.patients.register({ name: 'Archived Soon' });
    await desk.patients.archive({ id, reason: 'moved away' });
    const update = () =>
      ask(
        clinic.url,
        'patients.update',
        { id, phone: '1' },
        { token: reception, headers: { 'Idempotency-Key': 'no' } },
      );
    expect((await update()).body.error?.code).toBe('archived');
    await desk.patients.restore({ id });
    expect((await update()).body.error?.code).toBe('archived');
  });

  it('without an id, each request is a command of its own', async () => {
    const send = () => ask(clinic.url, 'patients.register', { name: 'Twin Person' }, { token: reception });
    const [first, second] = [await send(), await send()];
    expect(dataText(first)).not.toBe(dataText(second));
    expect(await countOf('Twin Person')).toBe(2);
  });
});
