import type { Priority } from '../../domain/visit.ts';
import type { Api, Clinic } from './clinic.ts';

/** Who everything happens to: people of the demo's list, by name, so that every run shows the same. */
export const HERO = 'Mariana Rutherford';
export const NEWCOMER = 'Gregorio Auer';

const ARRIVALS: readonly [name: string, queue: string, priority: Priority][] = [
  ['Jayson Fadel', 'A', 'normal'],
  ['Isabel Lucio', 'A', 'appointment'],
  ['Raye Wunsch', 'A', 'priority'],
  ['Jacinto Kris', 'B', 'normal'],
  ['María Soledad Aparicio', 'B', 'normal'],
  ['Edmund Walker', 'C', 'normal'],
  ['Danae Bartoletti', 'C', 'normal'],
];

type Visit = Awaited<ReturnType<Api['visits']['issue']>>;

/** A busy late morning: rooms called into, a waiting room with every kind of person, and one who has been here before. */
export async function fillClinic(clinic: Clinic): Promise<void> {
  const reception = await clinic.as('reception');
  const staff = {
    'Room 1': await clinic.as('doctor'),
    'Room 2': await clinic.as('doctor2'),
    Triage: await clinic.as('nurse'),
  };
  const doctor = staff['Room 1'];
  const queues = new Map((await reception.queues.list()).items.map(({ code, id }) => [code, id]));
  const rooms = new Map((await reception.rooms.list()).items.map(({ name, id }) => [name, id]));
  const queue = (code: string) => queues.get(code) as string;
  const room = (name: string) => rooms.get(name) as string;
  const step = ({ id, stepId, version }: Visit) => ({ id, stepId, expectedVersion: version });
  const give = async (name: string, code: string, priority: Priority = 'normal') =>
    reception.visits.issue({
      patientId: await idOf(reception, name),
      queueId: queue(code),
      priority,
      confirmRepeat: true,
    });

  // The people whom the demo left in the rooms go home.
  for (const visit of (await reception.visits.list({ state: ['called', 'in_room'], limit: 50 })).items) {
    const who = Object.entries(staff).find(([name]) => room(name) === visit.roomId)?.[1] ?? doctor;
    await (visit.state === 'called' ? who.visits.noShow(step(visit)) : who.visits.finish(step(visit)));
  }
  await knowHero(reception, doctor);
  const earlier = await doctor.visits.call({
    ...step(await give(HERO, 'A')),
    roomId: room('Room 1'),
    reason: 'Brought back by the nurse',
  });
  await doctor.notes.save({ id: earlier.id, text: 'Cough for nine days, no fever. Chest X-ray asked for.' });
  await doctor.visits.finish(step(await doctor.visits.enter(step(earlier))));

  for (const arrival of ARRIVALS) await give(...arrival);
  const away = await give('Christal Brown', 'A');
  const called = await doctor.visits.call({ ...step(away), roomId: room('Room 1'), reason: 'A short matter' });
  await doctor.visits.park({ ...step(called), reason: 'waits_for_result' });
  const missing = await doctor.visits.call({
    ...step(await give('Milo Feil', 'A')),
    roomId: room('Room 1'),
    reason: 'A short matter',
  });
  await doctor.visits.noShow(step(missing));
  const left = await give('Amada Reichert', 'B');
  await reception.visits.cancel({ ...step(left), reason: 'left_unseen' });
  const sent = await give('Leann Larson', 'A');
  await reception.visits.transfer({ ...step(sent), queueId: queue('C') });

  await staff['Room 2'].queues.callNext({ id: queue('A'), roomId: room('Room 2') });
  await staff.Triage.queues.callNext({ id: queue('B'), roomId: room('Triage') });
  await give(HERO, 'A', 'emergency');
  await doctor.queues.callNext({ id: queue('A'), roomId: room('Room 1') });
}

/** The person whom the doctor sees has a phone, a year of birth and an allergy: two entries of the log that show what changed. */
async function knowHero(reception: Api, doctor: Api): Promise<void> {
  const id = await idOf(reception, HERO);
  const known = await reception.patients.update({ id, phone: '0300 5550142' });
  await doctor.patients.update({
    id,
    expectedVersion: known.version,
    allergies: [{ substance: 'Penicillin', reaction: 'Rash' }],
    notes: 'Prefers to be called by her first name.',
  });
}

async function idOf(reception: Api, name: string): Promise<string> {
  const found = (await reception.patients.list({ q: name, limit: 10 })).items.find((patient) => patient.name === name);
  if (!found) throw new Error(`The demo has no ${name}.`);
  return found.id;
}
