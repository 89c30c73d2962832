import { clinicDayOn } from '../../domain/clinic-day.ts';
import { decideCloseDay, isRefusal, type VisitWithSteps } from '../../domain/decide.ts';
import { isOpen, type Step } from '../../domain/visit.ts';
import { layNote } from './beside.ts';
import type { Cache } from './cache.ts';
import { decideHere } from './deciding.ts';
import type { Item } from './outbox.ts';
import { dayOn, lay, type Picture, stepOf } from './picture.ts';

/** Items whose effect is not in the cache yet, in the order in which they were made. */
const isOver = ({ state, shown, seen }: Item) => (state === 'waiting' && shown) || (state === 'confirmed' && !seen);

/**
 * What the server has confirmed, with what this desk did since laid over it, by the same decisions; and the days closed that
 * are over by now, as the server closes them.
 */
export function pictureOf(cache: Cache, items: readonly Item[], station: string, now: number): Picture {
  const picture: Picture = {
    clinic: [...cache.table('clinic').values()][0] ?? null,
    queues: new Map(cache.table('queue')),
    rooms: cache.table('room'),
    notes: new Map(cache.table('notes')),
    visits: new Map(cache.table('visit') as ReadonlyMap<string, VisitWithSteps>),
    newPatients: new Map(),
    patient: (id) => picture.newPatients.get(id) ?? cache.patient(id),
    people: cache.table('person'),
  };
  for (const item of items) {
    if (!isOver(item)) continue;
    if (layNote(picture, item)) continue;
    const decided = decideHere(picture, item, station);
    // What no longer fits will be refused by the server as well, and be settled there.
    if (decided && !isRefusal(decided.changes)) lay(picture, decided.changes, decided.patient);
  }
  const today = dayOn(picture, now);
  for (const [day, left] of Map.groupBy(openBefore(picture, today), ({ clinicDay }) => clinicDay))
    lay(picture, decideCloseDay(left, endOf(picture, day)));
  return picture;
}

const openBefore = (picture: Picture, today: string): Step[] =>
  [...picture.visits.values()].flatMap((visit) => {
    const step = stepOf(visit);
    return step && step.clinicDay < today && isOpen(step.state) ? [step] : [];
  });
const endOf = ({ clinic }: Picture, day: string): number => (clinic ? clinicDayOn(day, clinic).end : 0);
