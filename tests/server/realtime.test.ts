import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { SocketMessages } from '../../contract/events.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { client, codeOf, furniture, type World, world } from '../support/clinic.ts';

type Message<M extends keyof SocketMessages> = Parameters<SocketMessages[M]>[0];
type Person = Client<MedlaneApi>;

let clinic: World;
const open: Socket[] = [];
beforeEach(async () => {
  clinic = await world();
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.disconnect();
  await clinic.close();
});

/** A screen that listens: what it heard, and whether it still does. */
async function listen(token: string, query: Record<string, string> = {}, desk?: string) {
  const socket: Socket<SocketMessages> = io(clinic.url, {
    ...{
      path: '/api/v1/live',
      transports: ['websocket'],
      auth: { token, desk },
      query,
      reconnection: false,
      forceNew: true,
    },
  });
  open.push(socket as unknown as Socket);
  const heard = { changed: [] as Message<'changed'>[], boards: [] as Message<'board'>[] };
  socket.on('changed', (message) => void heard.changed.push(message));
  socket.on('board', (message) => void heard.boards.push(message));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return { socket, heard, entries: () => heard.changed.flatMap(({ entries }) => entries) };
}

const issuing = (person: Person) => async () => {
  const { queueId } = await furniture(person);
  const { id: patientId } = await person.patients.register({ name: 'Ali Khan' });
  return person.visits.issue({ patientId, queueId });
};

/** Everything after a change number, page by page. */
async function catchUp(person: Person, since: number, epoch: string) {
  const entries = [];
  for (let from = since; ; ) {
    const page = await person.changes.since({ since: from, epoch, limit: 7 });
    entries.push(...page.entries);
    if (!page.more) return entries;
    from = page.seq;
  }
}

describe('a desk that listens', () => {
  it('hears of every change once, with rising numbers, and with ids only', async () => {
    const rosa = await clinic.as('rosa', 'receptionist');
    const { heard, entries } = await listen(await clinic.token('rosa'));
    const issue = issuing(rosa);
    const visits = [await issue(), await issue(), await issue()];
    await vi.waitUntil(() => entries().filter(({ event }) => event === 'visit.changed').length === 3);
    const numbers = entries().map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(heard.changed.map(({ seq }) => seq)).toEqual(heard.changed.map(({ entries: some }) => some.at(-1)?.seq));
    const told = entries().filter(({ event }) => event === 'visit.changed');
    expect(told.map(({ payload }) => payload['visitId'])).toEqual(visits.map(({ id }) => id));
    expect(JSON.stringify(entries())).not.toContain('Ali');
  });

  it('that was away while 30 commands ran and the server restarted catches up without a gap', async () => {
    const rosa = await clinic.as('rosa', 'receptionist');
    const { heard, socket, entries } = await listen(await clinic.token('rosa'));
    await issuing(rosa)();
    await vi.waitUntil(() => entries().some(({ event }) => event === 'visit.changed'));
    const { seq, epoch } = heard.changed.at(-1) as Message<'changed'>;
    socket.disconnect();

    const made: string[] = [];
    for (let count = 0; count < 15; count += 1) made.push((await issuing(rosa)()).id);
    await clinic.restart();
    const after = client(clinic.url, await clinic.token('rosa'));
    for (let count = 0; count < 15; count += 1) made.push((await issuing(after)()).id);

    const missed = await catchUp(after, seq, epoch);
    expect(missed.map((entry) => entry.seq)).toEqual(missed.map((_, index) => seq + 1 + index));
    const visits = missed.filter(({ event }) => event === 'visit.changed');
    expect(visits.map(({ payload }) => payload['visitId'])).toEqual(made);
    // And goes on hearing, from there.
    const again = await listen(await clinic.token('rosa'));
    await issuing(after)();
    await vi.waitUntil(() => again.entries().length > 0);
    expect(again.entries()[0]?.seq).toBe((missed.at(-1)?.seq ?? 0) + 1);
  });

  it('is told to load everything afresh when the timeline is another one', async () => {
    const rosa = await clinic.as('rosa', 'receptionist');
    const { epoch } = await rosa.changes.since({ since: 0 });
    expect(await codeOf(rosa.changes.since({ since: 0, epoch }))).toBe('ok');
    expect(await codeOf(rosa.changes.since({ since: 0, epoch: 'before the restore' }))).toBe('feed_gap');
  });

  it('gets today’s rows with the changes when it asks for them', async () => {
    const rosa = await clinic.as('rosa', 'receptionist');
    const visit = await issuing(rosa)();
    await rosa.visits.cancel({ id: visit.id, reason: 'left' });
    const { entries } = await rosa.changes.since({ since: 0, rows: true });
    const rows = entries.filter(({ event }) => event === 'visit.changed').map(({ row }) => row);
    expect(rows).toMatchObject([{ id: visit.id, state: 'cancelled' }, { state: 'cancelled' }]);
  });

  it('hears nothing without a sign-in, and is cut off when the account is switched off', async () => {
    for (const token of ['', 'made.up.token']) await expect(listen(token)).rejects.toThrow('unauthenticated');
    const admin = await clinic.as('admin');
    const rosa = await clinic.as('rosa', 'receptionist');
    const { socket } = await listen(await clinic.token('rosa'));
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    await admin.users.update({ id: (await rosa.auth.me()).id, active: false });
    expect(await gone).toBe('io server disconnect');
    await expect(listen(await clinic.token('rosa'))).rejects.toThrow('unauthenticated');
    expect(await codeOf(rosa.queues.list({}))).toBe('unauthenticated');
  });

  it('is cut off when its person signs out, and others go on hearing', async () => {
    const rosa = await clinic.as('rosa', 'receptionist');
    const nora = await clinic.as('nora', 'receptionist');
    const [mine, hers] = [await listen(await clinic.token('rosa')), await listen(await clinic.token('nora'))];
    const gone = new Promise((resolve) => mine.socket.once('disconnect', resolve));
    await rosa.auth.logout({});
    expect(await gone).toBe('io server disconnect');
    const { id } = await issuing(nora)();
    await vi.waitUntil(() => hers.entries().some(({ payload }) => payload['visitId'] === id));
    expect(mine.entries().filter(({ event }) => event !== 'user.changed')).toEqual([]);
  });
});

describe('the display in the waiting room', () => {
  it('is pushed its board at once and at each change, and hears nothing about people', async () => {
    const rosa = await clinic.as('rosa', 'receptionist');
    const doctor = await clinic.as('sana', 'doctor');
    const admin = await clinic.as('admin');
    const { queueId, roomId, boardId } = await furniture(admin);
    await clinic.as('screen', 'display');
    const { heard, entries } = await listen(await clinic.token('screen'));
    await vi.waitUntil(() => heard.boards.length === 1);
    expect(heard.boards[0]).toMatchObject({ id: boardId, calls: [], queues: [{ id: queueId, waiting: 0 }] });

    const { token } = await issuing(rosa)();
    await vi.waitUntil(() => heard.boards.at(-1)?.queues[0]?.waiting === 1);
    await doctor.queues.callNext({ id: queueId, roomId });
    await vi.waitUntil(() => heard.boards.at(-1)?.calls[0]?.token === token);
    expect(heard.boards.at(-1)?.calls).toMatchObject([{ token, room: 'Room 1', state: 'called', name: null }]);
    const numbers = heard.boards.map(({ seq }) => seq);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));

    await admin.boards.update({ id: boardId, notice: 'Closed on Friday' });
    await vi.waitUntil(() => heard.boards.at(-1)?.notice === 'Closed on Friday');
    await vi.waitUntil(() => entries().length > 0);
    expect(new Set(entries().map(({ event }) => event))).toEqual(new Set(['board.changed']));
    expect(JSON.stringify(heard)).not.toMatch(/Ali|patientId/);
  });

  it('catches up on its board only', async () => {
    await issuing(await clinic.as('rosa', 'receptionist'))();
    const display = await clinic.as('screen', 'display');
    const { entries, more } = await display.changes.since({ since: 0 });
    const others = entries.filter(({ event }) => !['board.changed', 'settings.changed'].includes(event));
    expect([others, more]).toEqual([[], false]);
  });
});

describe('who listens', () => {
  it('is named to the administrator once per person and place, for as long as they listen', async () => {
    const admin = await clinic.as('admin');
    await clinic.as('rosa', 'receptionist');
    const token = await clinic.token('rosa');
    await listen(token, {}, 'RECEPTION-1');
    await listen(token, {}, 'RECEPTION-1');
    const { socket } = await listen(token, {}, 'x'.repeat(500));
    const named = async () => (await admin.system.connections()).connections.map(({ place, here }) => [place, here]);
    expect(await named()).toEqual([
      ['RECEPTION-1', true],
      ['x'.repeat(60), true],
    ]);
    expect((await admin.system.connections()).connections[0]?.name).toMatch(/rosa/i);
    socket.disconnect();
    await vi.waitUntil(async () => (await named()).length === 1);
  });
});
