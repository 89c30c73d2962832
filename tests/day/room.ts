import type { Place } from './clinic.ts';
import type { VisitView } from './ledger.ts';
import type { Person } from './person.ts';
import type { Day } from './play.ts';

/** When rooms stop calling; whoever still waits then is sent home by the next day's opening. */
const CLOSING = 0.97;

/** A doctor's day in one room: call, wait for the patient, see them, send them on. */
export async function serveRoom(day: Day, person: Person, room: Place): Promise<void> {
  await person.tell('rooms.work', { id: room.id });
  await clear(day, person, room);
  let called: VisitView | null = null;
  while (day.at() < CLOSING) {
    called ??= await callSomebody(day, person, room);
    if (called) called = await see(day, person, room, called);
    else await day.pause(2);
  }
  // The last one is called at closing time and not yet there: the board has something to show.
  if (!called) await callSomebody(day, person, room);
}

/** Whoever was left in the room before the day began is done, or did not come. */
async function clear(_day: Day, { ask, tell }: Person, room: Place): Promise<void> {
  for (const visit of (await ask.visits.list({ roomId: room.id, state: ['called', 'in_room'] })).items) {
    await tell(visit.state === 'called' ? 'visits.noShow' : 'visits.finish', { id: visit.id });
  }
}

async function callSomebody(day: Day, person: Person, room: Place, current?: 'finish'): Promise<VisitView | null> {
  const { chance, tell } = person;
  if (!current && chance.happens(0.05)) return callThisOne(day, person, room);
  // The screen shows how many wait; somebody else may be faster all the same.
  const waiting = new Map((await person.ask.queues.list()).items.map((queue) => [queue.id, queue.waiting]));
  for (const id of room.queueIds.filter((one) => waiting.get(one))) {
    const called = await tell('queues.callNext', { id, roomId: room.id, ...(current ? { current } : {}) });
    if (called.ok) return counted(day, room, called.value);
    if (called.code !== 'queue_empty')
      day.ledger.violation(`${room.name} could not call the next: ${called.code} ${JSON.stringify(called.facts)}`);
  }
  return null;
}

function counted({ ledger }: Day, room: Place, visit: VisitView): VisitView {
  ledger.counts.calls[room.name] = (ledger.counts.calls[room.name] ?? 0) + 1;
  if (visit.state !== 'called' || visit.roomId !== room.id)
    ledger.violation(`${visit.token} was called to ${room.name} and is ${visit.state} in ${visit.roomId}`);
  return visit;
}

/** The doctor asks for somebody by name. Others may have called them by now. */
async function callThisOne(day: Day, { ask, chance, tell }: Person, room: Place): Promise<VisitView | null> {
  const { items } = await ask.visits.list({ queueId: room.queueIds[0] as string, state: ['waiting'] });
  if (items.length === 0) return null;
  const { id, stepId, version } = chance.pick(items);
  const called = await tell('visits.call', {
    id,
    roomId: room.id,
    stepId,
    expectedVersion: version,
    reason: 'Asked for by the doctor',
  });
  return called.ok ? counted(day, room, called.value) : null;
}

/** Sees one patient. Answers with the next one when “finish and call the next” was pressed. */
async function see(day: Day, person: Person, room: Place, visit: VisitView): Promise<VisitView | null> {
  const { chance, tell } = person;
  const { id } = visit;
  await day.pause(chance.between(0.5, 2));
  if (chance.happens(0.15)) {
    await tell('visits.recall', { id });
    await day.pause(1);
  }
  if (chance.happens(0.07)) return stayedAway(day, person, visit);
  const entered = await tell('visits.enter', { id, stepId: visit.stepId });
  // A desk cancelled them while they were on their way.
  if (!entered.ok) return null;
  await day.pause(chance.between(2, 8));
  const next = chance.next();
  if (next < 0.04) return setAside(day, person, entered.value);
  if (next < 0.07) return plainly(tell('visits.return', { id }));
  if (next < 0.3) return sendOn(day, person, room, entered.value);
  if (next < 0.45) return finishAndNext(day, person, room);
  await finish(day, person, entered.value);
  return null;
}

/** Done, and nobody is called yet. */
const plainly = (done: Promise<unknown>): Promise<null> => done.then(() => null);

async function stayedAway(day: Day, { chance, tell }: Person, visit: VisitView): Promise<null> {
  const missed = await tell('visits.noShow', { id: visit.id });
  if (missed.ok && chance.happens(0.2)) {
    // They come through the door at that moment.
    const undone = await tell('visits.undo', { id: visit.id });
    expectUndone(day, undone, visit, 'called');
    if (undone.ok) await tell('visits.noShow', { id: visit.id });
  } else if (missed.ok && chance.happens(0.7)) day.missed.push(missed.value);
  return null;
}

async function setAside(day: Day, { tell }: Person, visit: VisitView): Promise<null> {
  const parked = await tell('visits.park', { id: visit.id, reason: 'Waits for a result' });
  if (parked.ok) day.parked.push(parked.value);
  return null;
}

async function sendOn(day: Day, { chance, tell }: Person, room: Place, visit: VisitView): Promise<null> {
  const elsewhere = [...day.stage.queues.keys()].filter((id) => !room.queueIds.includes(id));
  if (elsewhere.length === 0) return plainly(tell('visits.finish', { id: visit.id }));
  const sent = await tell('visits.transfer', {
    id: visit.id,
    queueId: chance.pick(elsewhere),
    andReturn: chance.happens(0.4),
    reason: 'Next station',
  });
  if (sent.ok && sent.value.stepId === visit.stepId)
    day.ledger.violation(`${visit.token} was transferred and has the same step as before`);
  if (sent.ok && chance.happens(0.15)) {
    const undone = await tell('visits.undo', { id: visit.id });
    expectUndone(day, undone, visit, 'in_room');
    if (undone.ok) await tell('visits.finish', { id: visit.id });
  }
  return null;
}

async function finishAndNext(day: Day, person: Person, room: Place): Promise<VisitView | null> {
  const next = await callSomebody(day, person, room, 'finish');
  if (!next) await clear(day, person, room);
  return next;
}

async function finish(day: Day, { chance, tell }: Person, visit: VisitView): Promise<void> {
  await tell('visits.finish', { id: visit.id, stepId: visit.stepId, expectedVersion: visit.version });
  if (!chance.happens(0.08)) return;
  // Pressed too early: taken back, and pressed again later.
  const undone = await tell('visits.undo', { id: visit.id });
  expectUndone(day, undone, visit, 'in_room');
  await day.pause(1);
  if (undone.ok) await tell('visits.finish', { id: visit.id });
}

/** Somebody may have been faster (then it is stale); otherwise the visit is as it was. */
function expectUndone(
  { ledger }: Day,
  undone: { ok: true; value: VisitView } | { ok: false; code: string },
  before: VisitView,
  state: string,
): void {
  if (undone.ok && undone.value.state !== state)
    ledger.violation(`${before.token} is ${undone.value.state} after an undo, and was ${state}`);
  if (undone.ok && undone.value.stepId !== before.stepId)
    ledger.violation(`${before.token} is at another step after an undo`);
  if (!undone.ok && !['stale', 'nothing_to_undo'].includes(undone.code))
    ledger.violation(`${before.token} could not be undone: ${undone.code}`);
}
