import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import { client, codeOf, DIALECTS, furniture, PASSWORD, type World, world } from '../support/clinic.ts';

type Person = Client<MedlaneApi>;
/** 23:50 in Karachi (UTC+5). */
const EVENING = Date.parse('2026-11-21T18:50:00Z');
const MIDNIGHT = Date.parse('2026-11-21T19:00:00Z');
const HOUR = 3_600_000;

let clinic: World;
afterEach(() => clinic.close());

/** Signed in now: an access token does not outlive the hours that these tests let pass. */
async function signIn(identifier: string): Promise<Person> {
  const { accessToken } = await client(clinic.url).auth.login({ identifier, password: PASSWORD });
  return client(clinic.url, accessToken);
}

/** Three visits at the end of a day: one waits, one is called, one is in a room. */
async function evening(dialect: 'sqlite' | 'postgres') {
  clinic = await world({ dialect, now: EVENING });
  const admin = await clinic.as('admin');
  const reception = await clinic.as('rosa', 'receptionist');
  const doctor = await clinic.as('sana', 'doctor');
  const { queueId, roomId } = await furniture(reception);
  await admin.rooms.update({ id: roomId, capacity: 2 });
  const issue = async (person: Person) => {
    const { id: patientId } = await person.patients.register({ name: 'Ali Khan' });
    return person.visits.issue({ patientId, queueId });
  };
  const [inRoom, called, waits] = [await issue(reception), await issue(reception), await issue(reception)];
  await doctor.queues.callNext({ id: queueId, roomId });
  await doctor.visits.enter({ id: inRoom.id });
  await doctor.queues.callNext({ id: queueId, roomId });
  return { queueId, roomId, issue, inRoom, called, waits, doctor, reception, admin };
}

describe.each(DIALECTS)('the end of a clinic day on %s', (dialect) => {
  it('closes what is open at the first command of the new day, dated to the old day, with a report', async () => {
    const { issue, inRoom, called, waits, reception } = await evening(dialect);
    clinic.time.now = MIDNIGHT - 1;
    expect((await reception.visits.get({ id: waits.id })).state).toBe('waiting');
    clinic.time.now = MIDNIGHT + 8 * HOUR;
    const morning = await signIn('rosa');
    const first = await issue(morning);
    // Q4: numbers begin again.
    expect(first).toMatchObject({ token: 'A-001', clinicDay: '2026-11-22', place: 1 });

    const closed = { endedAt: new Date(MIDNIGHT).toISOString(), endReason: 'day closed', clinicDay: '2026-11-21' };
    expect(await morning.visits.get({ id: waits.id })).toMatchObject({ state: 'cancelled', ...closed });
    expect(await morning.visits.get({ id: inRoom.id })).toMatchObject({ state: 'cancelled', ...closed });
    expect(await morning.visits.get({ id: called.id })).toMatchObject({ state: 'no_show', ...closed });
    const now = await (await signIn('admin')).system.now({});
    expect(now).toMatchObject({ clinicDay: '2026-11-22', waiting: 1, inRooms: 0, issuedToday: 1 });
    expect(now.days).toMatchObject([{ day: '2026-11-21', noShows: 1, cancelled: 2 }]);
    expect(now.days[0]?.closedAt).toBe(new Date(MIDNIGHT + 8 * HOUR).toISOString());
  });

  it('is closed once, by whichever command is first, also when many come at once', async () => {
    const { issue, waits } = await evening(dialect);
    clinic.time.now = MIDNIGHT + HOUR;
    const people = await Promise.all([signIn('rosa'), signIn('sana')]);
    const visits = await Promise.all([...people, ...people].map(issue));
    expect(visits.map(({ token }) => token).sort()).toEqual(['A-001', 'A-002', 'A-003', 'A-004']);
    const { entries } = await (people[0] as Person).visits.history({ id: waits.id });
    expect(entries.filter(({ command }) => command === 'close-day')).toHaveLength(1);
    const { days } = await (await signIn('admin')).system.now({});
    expect(days).toHaveLength(1);
  });

  it('a visit that ends before midnight keeps its day; a clock that jumps back does not reopen yesterday', async () => {
    const { issue, waits } = await evening(dialect);
    clinic.time.now = MIDNIGHT + 1000;
    const night = await signIn('rosa');
    expect(await issue(night)).toMatchObject({ token: 'A-001', clinicDay: '2026-11-22' });
    clinic.time.now = MIDNIGHT - 60_000;
    expect(await issue(night)).toMatchObject({ token: 'A-002', clinicDay: '2026-11-22' });
    expect((await night.visits.get({ id: waits.id })).state).toBe('cancelled');
    clinic.time.now = MIDNIGHT + 2000;
    expect(await issue(night)).toMatchObject({ token: 'A-003', clinicDay: '2026-11-22' });
    const { days } = await (await signIn('admin')).system.now({});
    expect(days).toMatchObject([{ day: '2026-11-21', noShows: 1, cancelled: 2 }]);
  });

  it('after a clock jumped back, the lists show the day that the desk is working on', async () => {
    const { issue } = await evening(dialect);
    clinic.time.now = MIDNIGHT + 1000;
    const night = await signIn('rosa');
    const first = await issue(night);
    clinic.time.now = MIDNIGHT - 60_000;
    const { items } = await night.visits.list({ state: ['waiting'] });
    expect(items.map(({ id }) => id)).toEqual([first.id]);
  });

  it('somebody whom yesterday’s end made a no-show cannot wait in yesterday’s line today', async () => {
    const { issue, called, queueId } = await evening(dialect);
    clinic.time.now = MIDNIGHT + 9 * HOUR;
    const morning = await signIn('rosa');
    await issue(morning);
    if ((await codeOf(morning.visits.rejoin({ id: called.id }))) !== 'ok') return;
    const { items } = await morning.visits.list({ queueId, state: ['waiting'] });
    expect(items.map(({ id }) => id)).toContain(called.id);
  });
});

describe('the roll-over', () => {
  it('at another hour keeps the night in the day before', async () => {
    clinic = await world({ now: EVENING });
    const admin = await clinic.as('admin');
    await admin.settings.update({ rollOverHour: 4 });
    const { queueId } = await furniture(admin);
    clinic.time.now = MIDNIGHT + 3 * HOUR;
    await signIn('admin');
    const night = await signIn('admin');
    await night.users.create({ username: 'rosa', name: 'Rosa', password: PASSWORD, roles: ['receptionist'] });
    const rosa = await signIn('rosa');
    const { id: patientId } = await rosa.patients.register({ name: 'Ali Khan' });
    expect((await rosa.visits.issue({ patientId, queueId })).clinicDay).toBe('2026-11-21');
    clinic.time.now = MIDNIGHT + 4 * HOUR;
    const later = await signIn('rosa');
    const again = await later.visits.issue({ patientId, queueId });
    expect(again).toMatchObject({ clinicDay: '2026-11-22', token: 'A-001' });
  });

  /** A clinic in another zone, with one visit left waiting; answers when its step was said to have ended. */
  async function leftOpen(timeZone: string, rollOverHour: number, from: string, to: string) {
    clinic = await world({ now: Date.parse(from), empty: true });
    const administrator = { name: 'Admin', username: 'admin', password: PASSWORD };
    await client(clinic.url).setup.host({ clinic: 'Test Clinic', timeZone, administrator });
    const admin = await signIn('admin');
    if (rollOverHour > 0) await admin.settings.update({ rollOverHour });
    await admin.users.create({ username: 'rosa', name: 'Rosa', password: PASSWORD, roles: ['receptionist'] });
    const { queueId } = await furniture(admin);
    const rosa = await signIn('rosa');
    const { id: patientId } = await rosa.patients.register({ name: 'Ali Khan' });
    const left = await rosa.visits.issue({ patientId, queueId });
    clinic.time.now = Date.parse(to);
    const next = await signIn('rosa');
    await next.visits.issue({ patientId, queueId });
    return (await next.visits.get({ id: left.id })).endedAt;
  }

  it('dates what it closes to the old day’s end', async () => {
    const ended = await leftOpen('Europe/Berlin', 0, '2026-11-21T15:00:00Z', '2026-11-23T08:00:00Z');
    expect(ended).toBe('2026-11-21T23:00:00.000Z');
  });

  it('dates it to the old day’s end also in Auckland', async () => {
    const ended = await leftOpen('Pacific/Auckland', 0, '2026-11-21T03:00:00Z', '2026-11-23T20:00:00Z');
    expect(ended).toBe('2026-11-21T11:00:00.000Z');
  });

  it('dates it to the old day’s end also with a late roll-over in New York', async () => {
    const ended = await leftOpen('America/New_York', 8, '2026-11-21T15:00:00Z', '2026-11-23T15:00:00Z');
    expect(ended).toBe('2026-11-22T13:00:00.000Z');
  });
});
