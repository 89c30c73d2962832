import { dayOn, type Picture, stepOf } from '../../main/workstation/picture.ts';
import type { Chance } from '../day/random.ts';
import type { PreparedClinic } from './prepared-clinic.ts';
import type { SimDesk } from './sim-desk.ts';

/** What people do at a desk, each with its operation. */
export const COMMANDS = {
  issue: 'visits.issue',
  register: 'patients.register',
  'call next': 'queues.callNext',
  call: 'visits.call',
  recall: 'visits.recall',
  enter: 'visits.enter',
  finish: 'visits.finish',
  return: 'visits.return',
  'no-show': 'visits.noShow',
  rejoin: 'visits.rejoin',
  park: 'visits.park',
  resume: 'visits.resume',
  transfer: 'visits.transfer',
  cancel: 'visits.cancel',
  undo: 'visits.undo',
} as const;
export type Command = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as Command[];

/** The command behind an operation on the wire: a desk sends another one than was asked when it was alone. */
export const commandOf = (operation: string): Command | null =>
  operation === 'visits.issueOffline' ? 'issue' : (COMMAND_NAMES.find((name) => COMMANDS[name] === operation) ?? null);

export type Act = Readonly<{ command: Command; input: Readonly<Record<string, unknown>> }>;

/** How often each is done, when it can be done. */
const USUAL: Record<Command, number> = {
  issue: 7,
  register: 2,
  'call next': 5,
  call: 2,
  recall: 1,
  enter: 6,
  finish: 6,
  return: 1,
  'no-show': 1,
  rejoin: 1,
  park: 1,
  resume: 2,
  transfer: 1,
  cancel: 1,
  undo: 1,
};

/** What has to happen before. */
const FIRST: Partial<Record<Command, readonly Command[]>> = {
  recall: ['call next'],
  enter: ['call next'],
  finish: ['call next', 'enter'],
  return: ['call next'],
  'no-show': ['call next'],
  rejoin: ['call next', 'no-show'],
  resume: ['park'],
};

type Scene = Readonly<{
  desk: SimDesk;
  clinic: PreparedClinic;
  picture: Picture;
  day: string;
  chance: Chance;
  /** Visits that were acted on here lately. */
  lately: readonly string[];
  /** Everybody who was registered while this run lasts. */
  newcomers: readonly string[];
}>;

/** What the person at this desk does next, by what its screen shows; null when there is nothing to do. */
export function nextAct(scene: Scene, wanted: readonly Command[]): Act | null {
  const { chance } = scene;
  const possible = COMMAND_NAMES.flatMap((command) => {
    const choices = CHOICES[command](scene);
    const isFirst = wanted.some((one) => FIRST[one]?.includes(command));
    const weight = USUAL[command] + (wanted.includes(command) ? 12 : isFirst ? 5 : 0);
    return choices.length > 0 ? [{ command, choices, weight }] : [];
  });
  let at = chance.next() * possible.reduce((sum, { weight }) => sum + weight, 0);
  for (const { command, choices, weight } of possible) {
    at -= weight;
    if (at <= 0) return { command, input: chance.pick(choices)() };
  }
  return null;
}

type Choices = (scene: Scene) => (() => Record<string, unknown>)[];

/** Today's visits in one of these states, and what a screen says of each. */
function visitsIn({ picture, day }: Scene, ...states: string[]) {
  return [...picture.visits.values()].flatMap((found) => {
    const step = stepOf(found);
    if (!step || step.clinicDay !== day || !states.includes(step.state)) return [];
    return [{ step, input: { id: found.visit.id, stepId: step.id, expectedVersion: step.version } }];
  });
}

/** People move whoever is in their own room, mostly. */
const mine = (scene: Scene, ...states: string[]) => {
  const found = visitsIn(scene, ...states);
  const here = found.filter(({ step }) => step.roomId === scene.desk.post.roomId);
  return here.length > 0 && scene.chance.happens(0.85) ? here : found;
};

const moves =
  (...states: string[]): Choices =>
  (scene) =>
    mine(scene, ...states).map(
      ({ input }) =>
        () =>
          input,
    );
const withReason =
  (...states: string[]): Choices =>
  (scene) =>
    mine(scene, ...states).map(({ input }) => () => ({ ...input, reason: 'asked for it' }));

/** What becomes of whoever is in the room when another is called there. */
function current(scene: Scene): Record<string, unknown> {
  const [occupant] = visitsIn(scene, 'called', 'in_room').filter(({ step }) => step.roomId === scene.desk.post.roomId);
  if (!occupant) return {};
  return {
    current: scene.chance.pick(occupant.step.state === 'called' ? ['no-show', 'return'] : ['finish', 'return']),
  };
}

const CHOICES: Record<Command, Choices> = {
  issue: ({ clinic, newcomers, chance, picture }) => {
    const { A, B } = clinic.queues;
    return [
      () => ({
        patientId: chance.pick([...clinic.patients, ...newcomers.filter((id) => picture.patient(id))]),
        queueId: chance.happens(0.6) ? A : B,
        priority: chance.happens(0.85) ? 'normal' : 'priority',
        reason: null,
      }),
    ];
  },
  register: ({ chance }) => [() => ({ name: `Newcomer ${Math.floor(chance.next() * 1e9).toString(36)}` })],
  'call next': (scene) => {
    const { roomId } = scene.desk.post;
    const room = scene.picture.rooms.get(roomId ?? '');
    const waiting = visitsIn(scene, 'waiting').map(({ step }) => step.queueId);
    return (room?.queueIds ?? [])
      .filter((id) => waiting.includes(id))
      .map((id) => () => ({ id, roomId, ...current(scene) }));
  },
  call: (scene) => {
    const { roomId } = scene.desk.post;
    const room = scene.picture.rooms.get(roomId ?? '');
    return visitsIn(scene, 'waiting')
      .filter(({ step }) => room?.queueIds.includes(step.queueId))
      .map(({ input }) => () => ({ ...input, roomId, reason: 'asked for', ...current(scene) }));
  },
  recall: moves('called'),
  enter: moves('called'),
  finish: moves('in_room'),
  return: moves('called', 'in_room'),
  'no-show': moves('called'),
  rejoin: moves('no_show'),
  park: withReason('waiting', 'called', 'in_room'),
  resume: moves('parked'),
  transfer: (scene) => {
    const { A, B } = scene.clinic.queues;
    return visitsIn(scene, 'waiting', 'called', 'in_room').map(({ step, input }) => () => ({
      ...input,
      queueId: step.queueId === A ? B : A,
      andReturn: scene.chance.happens(0.3),
    }));
  },
  cancel: withReason('waiting', 'called', 'parked'),
  undo: (scene) => scene.lately.filter((id) => scene.picture.visits.has(id)).map((id) => () => ({ id })),
};

export const sceneOf = (desk: SimDesk, more: Omit<Scene, 'desk' | 'picture' | 'day'>): Scene => {
  const picture = desk.core().picture();
  return { desk, picture, day: dayOn(picture, desk.core().clock()), ...more };
};
