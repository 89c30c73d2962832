import type { MedlaneApi } from '../../contract/index.ts';
import type { Input, Operation } from '../../contract/kit.ts';
import { ALIKE, closeness } from '../../contract/likeness.ts';
import type { RowOf } from '../../contract/sync.ts';
import { SENTENCES, summaryOf, viewOf } from '../../contract/views.ts';
import type { VisitWithSteps } from '../../domain/decide.ts';
import { fold, likeness, phoneDigits } from '../../domain/patient.ts';
import { CALLERS } from '../../domain/people.ts';
import type { Placed } from '../../domain/queue-order.ts';
import { isOpen, type Step } from '../../domain/visit.ts';
import { type Cache, textOf } from './cache.ts';
import { dayOn, lineOf, type Picture, stepOf, waitingIn } from './picture.ts';

type Asked = Readonly<{ picture: Picture; cache: Cache; now: number }>;
/** Null: there is no such record here. */
type Answer<O extends Operation> = (asked: Asked, input: Input<O>) => O['output']['_zod']['input'] | null;

/** How long a list of found patients is looked through before the best are chosen. */
const LOOKED_THROUGH = 200;

const list: Answer<MedlaneApi['visits']['list']> = ({ picture, now }, input) => {
  const day = input.day ?? (input.patientId ? undefined : dayOn(picture, now));
  const wanted = [...picture.visits.values()].filter((found) => {
    const step = stepOf(found);
    return (
      step &&
      (!day || found.visit.clinicDay === day) &&
      (!input.queueId || step.queueId === input.queueId) &&
      (!input.roomId || step.roomId === input.roomId) &&
      (!input.patientId || found.visit.patientId === input.patientId) &&
      (!input.state || input.state.includes(step.state))
    );
  });
  const sign = input.sort?.startsWith('-') ? -1 : 1;
  const byArrival = (a: VisitWithSteps, b: VisitWithSteps) => sign * (a.visit.arrivedAt - b.visit.arrivedAt);
  const line = linesOf(picture, now);
  const items = wanted
    .sort(input.sort ? byArrival : byToken)
    .flatMap(({ visit }) => rowOf(picture, visit.id, line) ?? []);
  return { items, nextCursor: null };
};

const byToken = ({ visit: a }: VisitWithSteps, { visit: b }: VisitWithSteps): number =>
  a.clinicDay.localeCompare(b.clinicDay) ||
  a.tokenQueueId.localeCompare(b.tokenQueueId) ||
  a.tokenNumber - b.tokenNumber ||
  a.id.localeCompare(b.id);

type Line = (queueId: string, day: string) => readonly Placed<Step>[];

/** The lines as they are now, each put in order once. */
function linesOf(picture: Picture, now: number): Line {
  const known = new Map<string, readonly Placed<Step>[]>();
  return (queueId, day) => {
    const key = `${queueId} ${day}`;
    const line = known.get(key) ?? lineOf(picture, queueId, day, now);
    known.set(key, line);
    return line;
  };
}

/** A visit as a screen lists it; null when this desk does not have it. How long somebody will wait, only the server can tell. */
function rowOf(picture: Picture, id: string, line: Line) {
  const found = picture.visits.get(id);
  const step = found && stepOf(found);
  const patient = found && picture.patient(found.visit.patientId);
  if (!step || !patient) return null;
  const placed = line(step.queueId, step.clinicDay).find((one) => one.step.id === step.id);
  const view = viewOf(found.visit, step, placed?.place ?? null);
  return { ...view, patient: briefly(patient), placeReason: placed?.reason ?? null, expected: null };
}

const visit: Answer<MedlaneApi['visits']['get']> = ({ picture, now }, { id }) =>
  rowOf(picture, id, linesOf(picture, now));

const why: Answer<MedlaneApi['visits']['why']> = ({ picture, now }, { id }) => {
  const row = rowOf(picture, id, linesOf(picture, now));
  if (!row) return null;
  const [place, reason] = [row.place, row.placeReason];
  return place !== null && reason !== null
    ? { place, ahead: place - 1, reason, sentence: SENTENCES[reason] }
    : { place: null, ahead: null, reason: row.state, sentence: '' };
};

const queues: Answer<MedlaneApi['queues']['list']> = ({ picture, now }) => {
  const day = dayOn(picture, now);
  const items = [...picture.queues.values()]
    .sort((a, b) => a.code.localeCompare(b.code))
    .map(({ branchId: _, run: _run, ...queue }) => {
      const waiting = waitingIn(picture, queue.id, day);
      const since = Math.min(...waiting.map(({ waitingSince }) => waitingSince));
      return {
        ...queue,
        waiting: waiting.length,
        newcomerWait: null,
        longestWaitSince: waiting.length > 0 ? new Date(since).toISOString() : null,
        rooms: [...picture.rooms.values()].filter(({ queueIds }) => queueIds.includes(queue.id)).map(({ id }) => id),
      };
    });
  return { items, nextCursor: null };
};

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

const rooms: Answer<MedlaneApi['rooms']['list']> = ({ picture }) => ({
  items: [...picture.rooms.values()].sort(byName),
  nextCursor: null,
});

const staff: Answer<MedlaneApi['users']['staff']> = ({ picture }) => ({
  items: [...picture.people.values()]
    .filter(({ active, roles }) => active && CALLERS.some((role) => roles.includes(role)))
    .sort(byName)
    .map(({ id, name, roles }) => ({ id, name, roles })),
  nextCursor: null,
});

const boards: Answer<MedlaneApi['boards']['list']> = ({ cache }) => ({
  items: [...cache.table('board').values()].sort(byName),
  nextCursor: null,
});

/** What the board showed last; it says of when that is. */
const board: Answer<MedlaneApi['boards']['get']> = ({ cache }, { id }) => cache.table('boardView').get(id) ?? null;

/** The parts of what was typed: each must be found somewhere in a patient's text. A telephone number is one part. */
export const partsOf = (typed: string): string[] =>
  /^[\d\s()+-]+$/.test(typed) ? [phoneDigits(typed)].filter(Boolean) : fold(typed).split(' ').filter(Boolean);

function people({ picture, cache }: Asked, parts: readonly string[]): RowOf<'patient'>[] {
  const known = cache.find(parts, LOOKED_THROUGH);
  const ids = new Set(known.map(({ id }) => id));
  const fresh = [...picture.newPatients.values()].filter((patient) => {
    const text = textOf(patient);
    return !ids.has(patient.id) && parts.every((part) => text.includes(part));
  });
  return [...fresh, ...known];
}

const patients: Answer<MedlaneApi['patients']['list']> = (asked, { q = '', limit }) => {
  const parts = partsOf(q);
  const first = parts[0] ?? '';
  /** Whose name begins with what was typed comes before those in whom it only occurs. */
  const rank = ({ name }: { name: string }) =>
    fold(name)
      .split(' ')
      .some((word) => word.startsWith(first))
      ? 0
      : 1;
  const found = people(asked, parts).sort((a, b) => rank(a) - rank(b) || byName(a, b));
  return { items: found.slice(0, limit).map((patient) => listed(asked.picture, patient)), nextCursor: null };
};

/** With the day of the last visit and the token of an unfinished one. */
function listed(picture: Picture, patient: RowOf<'patient'>) {
  const here = visitsOf(picture, patient.id);
  const open = here.find((found) => isOpen(stepOf(found)?.state ?? 'done'));
  return {
    ...briefly(patient),
    lastVisitDay: here[0]?.visit.clinicDay ?? patient.lastVisits[0]?.day ?? null,
    openToken: open?.visit.token ?? null,
  };
}

const visitsOf = (picture: Picture, patientId: string): VisitWithSteps[] =>
  [...picture.visits.values()]
    .filter(({ visit }) => visit.patientId === patientId)
    .sort((a, b) => b.visit.arrivedAt - a.visit.arrivedAt);

const patient: Answer<MedlaneApi['patients']['get']> = ({ picture }, { id }) => {
  const record = picture.patient(id);
  if (!record) return null;
  const here = visitsOf(picture, id).map((found) => {
    const { visit } = found;
    const step = stepOf(found);
    return {
      ...{ id: visit.id, day: visit.clinicDay, token: visit.token, reason: visit.reason },
      ...{ queueId: step?.queueId ?? visit.tokenQueueId, state: step?.state ?? ('waiting' as const) },
    };
  });
  const known = new Set(here.map((visit) => visit.id));
  const lastVisits = [...here, ...record.lastVisits.filter((visit) => !known.has(visit.id))].slice(0, 5);
  return { ...record, lastVisits };
};

const duplicates: Answer<MedlaneApi['patients']['duplicates']> = (asked, person) => {
  const words = partsOf(person.name).filter((word) => word.length > 2);
  const phone = person.phone ? [phoneDigits(person.phone).slice(-9)].filter((digits) => digits.length > 5) : [];
  const found = [...words, ...phone].flatMap((part) => people(asked, [part]));
  const candidates = [...new Map(found.map((one) => [one.id, one])).values()]
    .map((one) => ({ patient: briefly(one), score: likeness(person, one, closeness) }))
    .filter(({ score }) => score >= ALIKE)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5);
  return { candidates };
};

const briefly = (record: RowOf<'patient'>) =>
  summaryOf({ ...record, archivedAt: record.archivedAt === null ? null : Date.parse(record.archivedAt) });

/** What a desk answers by itself while its server is away. */
const ANSWERS: Readonly<Record<string, (asked: Asked, input: never) => unknown>> = {
  'visits.list': list,
  'visits.get': visit,
  'visits.why': why,
  'queues.list': queues,
  'rooms.list': rooms,
  'users.staff': staff,
  'boards.list': boards,
  'boards.get': board,
  'patients.list': patients,
  'patients.get': patient,
  'patients.duplicates': duplicates,
};

/** What is about no record: the desk goes on with the server's last answer; to this person, when it is about them. */
const PERSONAL: readonly string[] = ['auth.me', 'auth.people'];
const REMEMBERED: readonly string[] = ['setup.state', 'settings.get', ...PERSONAL];

export const isPersonal = (operation: string): boolean => PERSONAL.includes(operation);
export const isRemembered = (operation: string): boolean => REMEMBERED.includes(operation);
export const isAnswered = (operation: string): boolean => operation in ANSWERS || isRemembered(operation);

/** Answers a question from what this desk has; null when it does not have it. */
export const answerHere = (operation: string, asked: Asked, input: Readonly<Record<string, unknown>>): unknown =>
  ANSWERS[operation]?.(asked, input as never) ?? null;
