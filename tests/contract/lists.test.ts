import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEP_STATES } from '../../domain/visit.ts';
import { DIALECTS, furniture, type World, world } from '../support/clinic.ts';
import { ask, OPERATIONS, type Raw } from './calls.ts';

type Row = Readonly<Record<string, unknown>>;
type Page = Readonly<{ items: readonly Row[]; nextCursor: string | null }>;

const NAMES = ['Zoë Ågren', 'ali raza', 'Ali Raza', 'Élodie Blanc', "O'Neil, Pat", 'محمد خان', 'Ng', 'de la Cruz'];
const SORTS = ['name', '-name', 'registrationNumber', '-registrationNumber', 'createdAt', '-createdAt', undefined];

describe.each(DIALECTS)('lists on %s', (dialect) => {
  let clinic: World;
  let admin: string;
  let queueId: string;
  let roomId: string;
  beforeAll(async () => {
    clinic = await world({ dialect });
    admin = await clinic.token('admin');
    const desk = await clinic.as('rosa', 'receptionist');
    ({ queueId, roomId } = await furniture(desk));
    // Together, so that some share the instant of their registration.
    const made = Array.from({ length: 60 }, (_, i) => desk.patients.register({ name: NAMES[i % NAMES.length] ?? '' }));
    for (const { id } of await Promise.all(made)) await desk.visits.issue({ patientId: id, queueId });
  });
  afterAll(() => clinic.close());

  const list = async (name: Parameters<typeof ask>[1], input: Raw): Promise<Page> => {
    const reply = await ask(clinic.url, name, input, { token: admin });
    expect(reply.body.error).toBeUndefined();
    return reply.body.data as Page;
  };
  const idsOf = ({ items }: Page) => items.map((row) => row['id'] as string);

  /** Every page of a list; something may happen between two of them. */
  async function pages(name: Parameters<typeof ask>[1], input: Raw, between = async () => {}): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const { items, nextCursor } = await list(name, cursor === undefined ? input : { ...input, cursor });
      rows.push(...items);
      cursor = nextCursor;
      if (cursor !== null) await between();
    }
    return rows;
  }

  it.each(SORTS)('patients by %s: nobody twice, nobody left out, while others are registered', async (sort) => {
    const desk = await clinic.as('rosa');
    const before = new Set(idsOf(await list('patients.list', { limit: 500 })));
    let added = 0;
    const rows = await pages('patients.list', { limit: 7, ...(sort ? { sort } : {}) }, async () => {
      added += 1;
      await desk.patients.register({ name: added % 2 ? `Aa ${added}` : `Zz ${added}` });
    });
    const seen = rows.map((row) => row['id'] as string);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.has(id)).length).toBe(before.size);
    expect(added).toBeGreaterThan(5);
  });

  it('pages are the whole list cut up, ascending and descending', async () => {
    for (const sort of ['name', '-registrationNumber']) {
      const whole = await list('patients.list', { limit: 500, sort });
      expect((await pages('patients.list', { limit: 9, sort })).map((row) => row['id'])).toEqual(idsOf(whole));
    }
    const up = idsOf(await list('patients.list', { limit: 500, sort: 'registrationNumber' }));
    const numbers = (await list('patients.list', { limit: 500, sort: 'registrationNumber' })).items;
    const asText = numbers.map((row) => String(row['registrationNumber']));
    expect(asText).toEqual([...asText].sort());
    expect(idsOf(await list('patients.list', { limit: 500, sort: '-registrationNumber' }))).toEqual(up.toReversed());
  });

  it('a cursor that was not given out, or of another sort, is 400', async () => {
    const { nextCursor } = await list('patients.list', { limit: 5, sort: 'name' });
    for (const cursor of ['rubbish', Buffer.from('["a"]').toString('base64url'), `${nextCursor}x"`]) {
      const reply = await ask(clinic.url, 'patients.list', { cursor, sort: 'name' }, { token: admin });
      expect([reply.status, reply.body.error?.details[0]?.field]).toEqual([400, 'cursor']);
    }
  });

  it('`fields` picks columns, and the id is always there', async () => {
    const { items } = await list('patients.list', { limit: 3, fields: 'name, phone' });
    expect(items.map((row) => Object.keys(row).sort())).toEqual(Array(3).fill(['id', 'name', 'phone']));
    const visits = await list('visits.list', { state: 'waiting', fields: 'token' });
    expect(Object.keys(visits.items[0] ?? {}).sort()).toEqual(['id', 'token']);
  });

  it('an unknown column is 400', async () => {
    const reply = await ask(clinic.url, 'patients.list', { fields: 'name,salary' }, { token: admin });
    expect([reply.status, reply.body.error?.details[0]?.field]).toEqual([400, 'fields']);
    expect(reply.body.error?.details[0]?.message).toContain('salary');
  });

  // BUG: dispatch.selected looks for columns in the first row, so an empty list accepts any name.
  it('an unknown column is 400 also when nothing is found', async () => {
    const input = { fields: 'name,salary', archived: true };
    expect((await ask(clinic.url, 'patients.list', input, { token: admin })).status).toBe(400);
  });

  it('everyone who waits is in the first page, whatever its limit', async () => {
    for (const state of ['waiting', 'waiting,called', 'waiting,called,in_room,parked']) {
      const { items, nextCursor } = await list('visits.list', { state, queueId, limit: 10 });
      expect([items.length, nextCursor]).toEqual([60, null]);
      expect(items.map((row) => row['place']).sort((a, b) => Number(a) - Number(b))).toEqual(range(60));
    }
  });

  it('visits in any state come in pages, by day, queue and number (Q15)', async () => {
    const first = await list('visits.list', { limit: 10, state: STEP_STATES.join(',') });
    expect(first.items).toHaveLength(10);
    expect(first.nextCursor).not.toBeNull();
    const rows = await pages('visits.list', { limit: 10 });
    expect(rows.map((row) => row['token'])).toEqual(range(60).map((n) => `A-${String(n).padStart(3, '0')}`));
  });

  it('filters by queue, room, state, patient and day (Q14)', async () => {
    const doctor = await clinic.as('sana', 'doctor');
    const { id, patientId } = await doctor.queues.callNext({ id: queueId, roomId });
    const second = await (await clinic.as('admin')).queues.create({ code: 'B', name: 'Second' });
    const other = await (await clinic.as('rosa')).visits.issue({ patientId, queueId: second.id });
    expect(other.token).toBe('B-001');
    expect(idsOf(await list('visits.list', { queueId: second.id }))).toEqual([other.id]);
    expect(idsOf(await list('visits.list', { roomId }))).toEqual([id]);
    expect(idsOf(await list('visits.list', { state: 'called' }))).toEqual([id]);
    expect(idsOf(await list('visits.list', { patientId })).sort()).toEqual([id, other.id].sort());
    expect(idsOf(await list('visits.list', { day: '2020-01-01' }))).toEqual([]);
    await doctor.visits.return({ id });
    await doctor.visits.cancel({ id: other.id, reason: 'only a test' });
  });

  it('search finds by number, part of a name and part of a phone; no match is empty (Q16)', async () => {
    const desk = await clinic.as('rosa');
    const { id, registrationNumber } = await desk.patients.register({ name: 'Wilhelmina Xu', phone: '0345 9876501' });
    for (const q of [registrationNumber, 'helmina', 'xu wil', '9876501']) {
      expect(idsOf(await list('patients.list', { q })), q).toContain(id);
    }
    expect(idsOf(await list('patients.list', { q: 'qqqqzzzz' }))).toEqual([]);
  });

  const SORTED = OPERATIONS.filter(({ operation }) => 'sort' in operation.input.shape);
  for (const { name, operation } of SORTED) {
    const sorts = (operation.input.shape['sort'] as unknown as { unwrap: () => { options: string[] } }).unwrap()
      .options;
    it.each(sorts.filter((sort) => !sort.startsWith('-')))(`${name} by %s goes both ways`, async (sort) => {
      await twoOfEach();
      const filter = name === 'audit.list' ? { to: new Date(Date.now() + 86_400_000).toISOString() } : {};
      const [up, down] = [
        await list(name, { sort, limit: 500, ...filter }),
        await list(name, { sort: `-${sort}`, limit: 500, ...filter }),
      ];
      const keys = ({ items }: Page) => items.map((row) => row['id'] ?? row['seq']);
      expect(keys(up).length).toBeGreaterThan(1);
      expect(keys(down)).toEqual(keys(up).toReversed());
    });
  }

  /** At least two jobs, backups and checkpoints; made once. */
  let made: Promise<void> | undefined;
  function twoOfEach(): Promise<void> {
    made ??= makeTwoOfEach();
    return made;
  }
  async function makeTwoOfEach(): Promise<void> {
    const client = await clinic.as('admin');
    for (let i = 0; i < 2; i += 1) {
      const { id } = await client.backups.start();
      await expect.poll(async () => (await client.jobs.get({ id })).state, { timeout: 20_000 }).not.toBe('running');
    }
    // A checkpoint is signed when the clinic closes.
    await clinic.restart();
  }
});

const range = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
