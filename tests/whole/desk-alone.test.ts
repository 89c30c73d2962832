import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL } from '../../contract/sync.ts';
import { client, codeOf, furniture, PASSWORD, type World, world } from '../support/clinic.ts';
import { openTestDesk, type TestDesk } from '../support/lone-desk.ts';

const NOON = Date.parse('2026-11-18T07:00:00Z');
const HOUR = 3_600_000;
type Visit = { id: string; token: string; state: string; version: number; place: number | null };

describe('a desk without its server', () => {
  let clinic: World;
  let desk: TestDesk;
  let place: { queueId: string; roomId: string };
  let patients: string[];
  const ids: Record<string, string> = {};
  let online: Record<'receptionist' | 'doctor', Awaited<ReturnType<World['as']>>>;

  beforeEach(async () => {
    clinic = await world({ now: NOON });
    const admin = await clinic.as('admin');
    place = await furniture(admin);
    online = { receptionist: await clinic.as('rec', 'receptionist'), doctor: await clinic.as('doc', 'doctor') };
    for (const role of ['receptionist', 'doctor'] as const) ids[role] = (await online[role].auth.me()).id;
    patients = [];
    for (const name of ['Amina Yusuf', 'Bilal Khan', 'Cora Diaz'])
      patients.push((await online.receptionist.patients.register({ name })).id);
    // One room serves each queue: so that a desk there may call alone.
    for (const room of (await admin.rooms.list()).items)
      if (room.id !== place.roomId)
        await admin.rooms.update({ id: room.id, queueIds: room.queueIds.filter((id) => id !== place.queueId) });
    desk = await openTestDesk(clinic, 'R1');
    desk.as(ids['receptionist'] ?? '');
    await desk.core().beat();
  });
  afterEach(async () => {
    desk.close();
    await clinic.close();
  });

  const issue = (patientId: string | undefined) =>
    desk.command('visits.issue', {
      patientId,
      queueId: place.queueId,
      priority: 'normal',
      reason: null,
    }) as Promise<Visit>;
  const back = async () => {
    desk.line.state = 'up';
    await desk.core().beat();
  };
  /** Signed in anew: on a day of eight hours an old sign-in is over. */
  const receptionist = async () => {
    const { accessToken } = await client(clinic.url).auth.login({ identifier: 'rec', password: PASSWORD });
    return client(clinic.url, accessToken);
  };
  const today = async () => (await (await receptionist()).visits.list({ limit: 200 })).items;
  const open = () =>
    desk
      .outbox()
      .all()
      .filter(({ state }) => state === 'waiting');

  it('knows what it may keep, and keeps it true', async () => {
    expect(desk.cache().counts()).toEqual({ visits: 0, patients: 3 });
    await online.receptionist.visits.issue({ patientId: patients[0] ?? '', queueId: place.queueId });
    await desk.core().beat();
    expect([...desk.core().picture().visits.values()].map(({ visit }) => visit.token)).toEqual(['A-001']);
    expect(
      desk
        .cache()
        .find(['amina'], 5)
        .map(({ name }) => name),
    ).toEqual(['Amina Yusuf']);
  });

  it('forgets yesterday’s visits once the day is over, and knows how they ended', async () => {
    const [amina = '', bilal = ''] = patients;
    for (const patientId of [amina, bilal])
      await online.receptionist.visits.issue({ patientId, queueId: place.queueId });
    await desk.core().beat();
    expect(desk.cache().counts()).toEqual({ visits: 2, patients: 3 });
    clinic.time.pass(24 * HOUR);
    await (await receptionist()).visits.issue({ patientId: bilal, queueId: place.queueId });
    await desk.core().beat();
    expect([...desk.core().picture().visits.values()].map(({ visit }) => visit.clinicDay)).toEqual(['2026-11-19']);
    expect(desk.cache().patient(amina)?.lastVisits).toMatchObject([{ state: 'cancelled' }]);
  });

  it('works through the server while there is one: its numbers, its refusals', async () => {
    expect((await issue(patients[0])).token).toBe('A-001');
    expect(await codeOf(issue(patients[0]))).toBe('token_exists');
    expect(open()).toEqual([]);
  });

  it('gives tokens of its own series, on disk before they are shown, also through a crash, and all of them arrive', async () => {
    desk.line.state = 'down';
    const first = await issue(patients[0]);
    expect(first).toMatchObject({ token: 'A-R1-001', state: 'waiting', place: 1 });
    desk.crash();
    const second = await issue(patients[1]);
    expect(second).toMatchObject({ token: 'A-R1-002', place: 2 });
    expect(await codeOf(issue(patients[1]))).toBe('token_exists');
    await back();
    expect(open()).toEqual([]);
    expect((await today()).map(({ token, id }) => [token, id]).sort()).toEqual([
      ['A-R1-001', first.id],
      ['A-R1-002', second.id],
    ]);
  });

  it('an answer that was lost makes no second visit: the printed label stands', async () => {
    desk.line.state = 'deaf';
    const printed = await issue(patients[0]);
    expect(printed.token).toBe('A-R1-001');
    expect((await today()).map(({ token }) => token)).toEqual(['A-001']);
    await back();
    expect((await today()).map(({ token, id }) => [token, id])).toEqual([['A-R1-001', printed.id]]);
  });

  it('registers a patient and sees the visit through to its end, and the server hears of it in order', async () => {
    desk.line.state = 'down';
    const person = (await desk.command('patients.register', { name: 'Dua Lone', sex: 'female' })) as {
      id: string;
      registrationNumber: string;
    };
    expect(person.registrationNumber).toBe('R1-P001');
    const visit = await issue(person.id);
    desk.as(ids['doctor'] ?? '');
    clinic.time.pass(5 * 60_000);
    const called = (await desk.command('queues.callNext', { id: place.queueId, roomId: place.roomId })) as Visit;
    expect(called).toMatchObject({ id: visit.id, state: 'called' });
    await desk.command('visits.enter', { id: visit.id, expectedVersion: called.version });
    clinic.time.pass(10 * 60_000);
    expect(await desk.command('visits.finish', { id: visit.id })).toMatchObject({ state: 'done' });
    await back();
    expect(open()).toEqual([]);
    const [row] = await today();
    expect(row).toMatchObject({ id: visit.id, state: 'done', token: 'A-R1-001', patient: { name: 'Dua Lone' } });
    expect(Date.parse(row?.endedAt ?? '') - Date.parse(row?.calledAt ?? '')).toBe(10 * 60_000);
    const found = await (await receptionist()).patients.list({ q: 'R1-P001' });
    expect(found.items.map(({ id }) => id)).toEqual([person.id]);
    expect((await (await receptionist()).sheet.list({})).items).toEqual([]);
  });

  it('does not call where another room might', async () => {
    await issue(patients[0]);
    const admin = await clinic.as('admin');
    await admin.rooms.create({ name: 'Second room', queueIds: [place.queueId] });
    await desk.core().beat();
    desk.as(ids['doctor'] ?? '');
    desk.line.state = 'down';
    const refused = desk.command('queues.callNext', { id: place.queueId, roomId: place.roomId });
    await expect(refused).rejects.toMatchObject({ code: 'needs_server', facts: { problem: 'others_call' } });
    expect(open()).toEqual([]);
  });

  it('two desks that saw the same patient called: one fact, one line on the sheet, nothing lost', async () => {
    const { id, version } = await issue(patients[0]);
    await desk.core().beat();
    desk.as(ids['doctor'] ?? '');
    desk.line.state = 'down';
    await desk.command('visits.call', { id, roomId: place.roomId, expectedVersion: version });
    await desk.command('visits.enter', { id });
    await online.receptionist.visits.cancel({ id, reason: 'went home' });
    await back();
    expect(open()).toEqual([]);
    expect(
      desk
        .outbox()
        .all()
        .filter(({ state }) => state === 'refused')
        .map(({ operation }) => operation),
    ).toEqual(['visits.call', 'visits.enter']);
    const items = (await online.receptionist.sheet.list({})).items;
    expect(items.map(({ kind, visitId }) => [kind, visitId])).toEqual([
      ['moved_on', id],
      ['moved_on', id],
    ]);
    expect((await online.receptionist.visits.get({ id })).state).toBe('cancelled');
  });

  it('a bad item keeps nobody else waiting', async () => {
    desk.line.state = 'down';
    const lost = await issue(patients[0]);
    await issue(patients[1]);
    // Behind the desk's back: what the first token was for is no patient of this clinic any more.
    const [first] = open();
    desk.outbox().change(first?.n ?? 0, { input: { ...first?.input, patientId: 'nobody' } });
    await back();
    expect((await today()).map(({ token }) => token)).toEqual(['A-R1-002']);
    const [item] = (await online.receptionist.sheet.list({})).items;
    expect(item).toMatchObject({ kind: 'not_applied', facts: { label: lost.token } });
  });

  it('after eight hours apart everything merges without a question', async () => {
    desk.line.state = 'down';
    const given: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      const { id } = (await desk.command('patients.register', { name: `Person ${n} of the outage` })) as { id: string };
      given.push((await issue(id)).token);
      clinic.time.pass((8 * HOUR) / 40);
    }
    await back();
    expect(open()).toEqual([]);
    const tokens = (await today()).map(({ token }) => token);
    expect(tokens.sort()).toEqual(given.sort());
    expect(new Set(tokens).size).toBe(40);
    expect((await (await receptionist()).sheet.list({})).items).toEqual([]);
  });

  it('works with a server one version ahead of its program', async () => {
    desk.program.protocol = PROTOCOL - 1;
    await desk.core().beat();
    expect((await issue(patients[0])).token).toBe('A-001');
    expect(desk.core().state()).toMatchObject({ online: true, trouble: null });
  });

  it.each([
    ['older', PROTOCOL - 2, 'protocol_too_old'],
    ['newer', PROTOCOL + 1, 'protocol_too_new'],
  ])(
    'with a program much %s than the server it says so, goes on alone, and hands over after the update',
    async (...[, protocol, trouble]) => {
      desk.program.protocol = protocol;
      await back();
      expect(desk.core().state()).toMatchObject({ online: false, trouble });
      const { token } = await issue(patients[0]);
      expect(token).toBe('A-R1-001');
      desk.crash();
      await back();
      expect(desk.core().state()).toMatchObject({ online: false, trouble, unsent: 1 });
      desk.program.protocol = PROTOCOL;
      await back();
      expect(desk.core().state()).toMatchObject({ online: true, trouble: null, unsent: 0 });
      expect(await today()).toMatchObject([{ token }]);
    },
  );

  it('what is done twice over a bad line is done once', async () => {
    const { id } = await issue(patients[0]);
    desk.as(ids['doctor'] ?? '');
    desk.line.state = 'deaf';
    await desk.command('visits.call', { id, roomId: place.roomId });
    await desk.command('visits.enter', { id });
    await back();
    const { entries } = await online.receptionist.visits.history({ id });
    expect(entries.map(({ command }) => command)).toEqual(['issue', 'call', 'enter']);
    expect((await (await receptionist()).sheet.list({})).items).toEqual([]);
  });

  it('the series never goes back, whatever the day', async () => {
    desk.line.state = 'down';
    expect((await issue(patients[0])).token).toBe('A-R1-001');
    clinic.time.pass(24 * HOUR);
    expect((await issue(patients[0])).token).toBe('A-R1-002');
  });
});
