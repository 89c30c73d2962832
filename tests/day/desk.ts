import type { Priority } from '../../domain/visit.ts';
import type { Known } from './clinic.ts';
import type { VisitView } from './ledger.ts';
import type { Person } from './person.ts';
import type { Day } from './play.ts';

/** Somebody who stands before a desk: with a record here (that the desk must find), or without. */
export type Waiting = Readonly<{ known: Known | null; queueId: string }>;

const NEW_NAMES = ['Zainab', 'Tariq', 'Noor', 'Mateo', 'Aiko', 'Sunita', 'Kwame', 'Lucía', 'Omar', 'Hye-jin'];
const NEW_FAMILIES = [
  'Yıldız',
  'Haidari',
  'Nakamura',
  'Ferreira',
  'Mbeki',
  'Rahimi',
  'Castellanos',
  'O’Hara',
  'Batbayar',
];

/** A receptionist's day: whoever stands there, and between them those who came back, gave up, or wait to go on. */
export async function receive(day: Day, desk: Person): Promise<void> {
  const { chance } = desk;
  while (!day.doorsClosed()) {
    await lookAfter(day, desk);
    const arrival = day.arrivals.shift();
    if (!arrival) {
      await day.pause(1);
      continue;
    }
    await admit(day, desk, arrival);
    await day.pause(chance.between(0.5, 2));
  }
}

/** One person at the desk, from “good morning” to the slip. */
export async function admit(day: Day, desk: Person, { known, queueId }: Waiting): Promise<void> {
  const { chance, tell } = desk;
  const { ledger, stage } = day;
  const patientId = known ? await find(day, desk, known) : await registerNew(day, desk);
  if (!patientId) return;
  const wrongly = chance.happens(0.02) ? stage.pool.pop() : undefined;
  const issued = await tell('visits.issue', {
    patientId: wrongly?.id ?? patientId,
    queueId,
    priority: priorityOf(desk),
    reason: chance.happens(0.3) ? 'Follow-up' : null,
  });
  if (!issued.ok) return ledger.violation(`No token for somebody without one: ${issued.code}`);
  const visit = issued.value;
  if (visit.state !== 'waiting' || visit.queueId !== queueId || !visit.place)
    ledger.violation(`Token ${visit.token} was given as ${visit.state} at place ${visit.place}`);
  if (wrongly) {
    const corrected = await tell('visits.correctPatient', {
      id: visit.id,
      patientId,
      reason: 'Wrong record at the desk',
    });
    if (corrected.ok && corrected.value.patientId !== patientId)
      ledger.violation(`Token ${visit.token} still belongs to the wrong record`);
  }
  if (chance.happens(0.04)) await askAgain(day, desk, visit, patientId);
  if (chance.happens(0.04)) day.leaving.push(visit);
  if (chance.happens(0.03)) await sendElsewhere(day, desk, visit);
}

/** Types as a receptionist does, first a few letters and then the whole name, and must come upon the record. */
async function find(day: Day, desk: Person, known: Known): Promise<string> {
  await search(day, desk, known.name.slice(0, desk.chance.happens(0.5) ? 2 : 3));
  const items = await search(day, desk, known.name);
  if (!items.some(({ id }) => id === known.id))
    day.ledger.violation(`“${known.name}” was not found by that name (${items.length} others were)`);
  return known.id;
}

/** A search that fails is noted, and the desk goes on without it. */
async function search({ ledger }: Day, { ask }: Person, q: string): Promise<readonly Readonly<{ id: string }>[]> {
  ledger.counts.searches += 1;
  try {
    return (await ask.patients.list({ q, limit: 50 })).items;
  } catch (error) {
    ledger.violation(`A search for “${q}” failed: ${(error as Error).message}`);
    return [];
  }
}

async function registerNew(day: Day, desk: Person): Promise<string | null> {
  const { ask, chance, tell } = desk;
  const name = `${chance.pick(NEW_NAMES)} ${chance.pick(NEW_FAMILIES)}`;
  await search(day, desk, name);
  if (chance.happens(0.1)) {
    const nobody = await tell('patients.register', { unidentified: true, sex: 'unknown' });
    return nobody.ok ? nobody.value.id : null;
  }
  const phone = `0300 ${Math.floor(chance.between(1_000_000, 9_999_999))}`;
  await ask.patients.duplicates({ name, phone });
  const registered = await tell('patients.register', {
    name,
    phone,
    sex: chance.pick(['female', 'male'] as const),
    ageYears: Math.floor(chance.between(1, 90)),
  });
  return registered.ok ? registered.value.id : null;
}

function priorityOf({ chance }: Person): Priority {
  const kind = chance.next();
  return kind < 0.02 ? 'emergency' : kind < 0.13 ? 'priority' : kind < 0.18 ? 'appointment' : 'normal';
}

/** The patient asks at a second desk: the token they have is named, unless they were already through. */
async function askAgain({ ledger }: Day, { tell }: Person, visit: VisitView, patientId: string): Promise<void> {
  const again = await tell('visits.issue', { patientId, queueId: visit.queueId });
  if (!again.ok && again.code === 'token_exists' && again.facts['token'] !== visit.token) {
    ledger.violation(`${visit.token} asked again and was told of ${String(again.facts['token'])}`);
  }
}

async function sendElsewhere({ stage }: Day, { chance, tell }: Person, visit: VisitView): Promise<void> {
  const others = [...stage.queues.keys()].filter((id) => id !== visit.queueId);
  if (others.length > 0)
    await tell('visits.transfer', {
      id: visit.id,
      queueId: chance.pick(others),
      stepId: visit.stepId,
      expectedVersion: visit.version,
    });
}

/** Those who came back, those who were set aside, those who go home. What they believe may be out of date: then it is refused. */
async function lookAfter(day: Day, desk: Person): Promise<void> {
  const { chance, tell } = desk;
  const believed = ({ id, stepId, version }: VisitView) => ({ id, stepId, expectedVersion: version });
  const back = chance.happens(0.3) ? day.missed.shift() : undefined;
  if (back) await tell('visits.rejoin', believed(back));
  const ready = chance.happens(0.3) ? day.parked.shift() : undefined;
  if (ready) await tell('visits.resume', believed(ready));
  const leaving = chance.happens(0.2) ? day.leaving.shift() : undefined;
  if (leaving) await tell('visits.cancel', { ...believed(leaving), reason: 'left_unseen' });
}
