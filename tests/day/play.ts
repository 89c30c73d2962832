import type { Stage } from './clinic.ts';
import { admit, receive, type Waiting } from './desk.ts';
import type { Ledger, VisitView } from './ledger.ts';
import { type Chance, sleep } from './random.ts';
import { serveRoom } from './room.ts';

/** What the clinic day is made of while it is played. */
export type Day = Readonly<{
  stage: Stage;
  ledger: Ledger;
  /** How far the day is: 0 at opening, 1 at closing time. */
  at: () => number;
  /** Waits for a moment of the day, or for so much of it. */
  until: (moment: number) => Promise<void>;
  pause: (minutes: number) => Promise<void>;
  arrivals: Waiting[];
  /** Patients who are between two people: somebody at a desk sees to them. */
  missed: VisitView[];
  parked: VisitView[];
  leaving: VisitView[];
  /** Nobody arrives any more. */
  doorsClosed: () => boolean;
}>;

/** A clinic day has six hours, however fast it is played. */
export const HOURS = 6;
const LAST_ARRIVAL = 0.8;

/** When each patient arrives: a crowd at opening, another in the middle, the rest now and then. */
function arrivalMoments(count: number, chance: Chance): number[] {
  const near = (middle: number, spread: number) =>
    middle + (chance.next() + chance.next() + chance.next() - 1.5) * spread;
  const moment = () => {
    const kind = chance.next();
    return kind < 0.4 ? near(0.05, 0.06) : kind < 0.7 ? near(0.42, 0.06) : chance.between(0, LAST_ARRIVAL);
  };
  return Array.from({ length: count }, () => Math.min(LAST_ARRIVAL, Math.max(0, moment()))).sort((a, b) => a - b);
}

export async function play(
  stage: Stage,
  ledger: Ledger,
  chance: Chance,
  seconds: number,
  interrupt: { at: number; run: () => Promise<void> } | null,
): Promise<void> {
  const begun = performance.now();
  const at = () => (performance.now() - begun) / (seconds * 1000);
  const arrivals: Waiting[] = [];
  const day: Day = {
    stage,
    ledger,
    at,
    until: (moment) => sleep((moment - at()) * seconds * 1000),
    pause: (minutes) => sleep((minutes / (HOURS * 60)) * seconds * 1000),
    arrivals,
    missed: [],
    parked: [],
    leaving: [],
    doorsClosed: () => at() > LAST_ARRIVAL && arrivals.length === 0,
  };
  const people = arrivalMoments(Math.round(seconds * 6.5), chance.fork('arrivals'));
  await Promise.all([
    comeIn(day, people, chance.fork('who comes')),
    ...stage.desks.map((desk) => receive(day, desk)),
    ...stage.rooms.map(({ person, room }) => serveRoom(day, person, room)),
    interrupt ? day.until(interrupt.at).then(interrupt.run) : undefined,
  ]);
  await comeTooLate(day, chance.fork('late'));
}

/** Some come when the rooms have closed, so that every queue has a line when the day is looked at. */
async function comeTooLate(day: Day, chance: Chance): Promise<void> {
  for (const queueId of day.stage.queues.keys()) {
    const desk = chance.pick(day.stage.desks);
    for (let left = Math.floor(chance.between(2, 6)); left > 0; left -= 1)
      await admit(day, desk, { known: day.stage.pool.pop() ?? null, queueId });
  }
}

async function comeIn({ stage, until, arrivals }: Day, moments: readonly number[], chance: Chance): Promise<void> {
  const served = [...stage.queues.keys()].filter((id) => stage.rooms.some(({ room }) => room.queueIds.includes(id)));
  const weights = served.flatMap((id) =>
    Array.from({ length: stage.rooms.filter(({ room }) => room.queueIds[0] === id).length * 3 + 1 }, () => id),
  );
  for (const moment of moments) {
    await until(moment);
    const isNew = chance.happens(0.15);
    const known = isNew ? null : (stage.pool.pop() ?? null);
    arrivals.push({ known, queueId: chance.pick(weights) });
  }
}
