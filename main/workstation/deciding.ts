import type { RowOf } from '../../contract/sync.ts';
import {
  type Changes,
  type Decision,
  decideCall,
  decideCallNext,
  decideIssue,
  decideIssueOffline,
  decideReasonedStep,
  decideStep,
  decideTransfer,
  type Facts,
  type SimpleTransition,
} from '../../domain/decide.ts';
import { numberedFrom } from '../../domain/numbered.ts';
import { decideRegister, type RegisterCommand } from '../../domain/register.ts';
import { tokenNumberOf } from '../../domain/token.ts';
import type { Priority } from '../../domain/visit.ts';
import type { Item } from './outbox.ts';
import { dayOfFact, dayOn, occupantsOf, type Picture, rulesOf, stepOf, waitingIn } from './picture.ts';

type Made = Pick<Item, 'commandId' | 'operation' | 'input' | 'userId' | 'madeAt' | 'label'>;
export type Decided = Readonly<{ changes: Decision; patient: RowOf<'patient'> | null }>;

const NOTHING: Changes = {
  ...{ visits: [], steps: [], runs: {}, announcements: [], history: [] },
  before: { visits: [], steps: [], runs: {} },
};

/** Operations that move a step by the table alone, each with its transition. */
export const MOVES: Readonly<Record<string, SimpleTransition>> = {
  'visits.recall': 'recall',
  'visits.enter': 'enter',
  'visits.finish': 'finish',
  'visits.return': 'return',
  'visits.noShow': 'no-show',
  'visits.rejoin': 'rejoin',
  'visits.resume': 'resume',
  'visits.park': 'park',
  'visits.cancel': 'cancel',
};

/**
 * What a command does, by the functions that the server decides it with, on what this desk sees. Null: this desk does not
 * have what it would take to decide it.
 */
export function decideHere(picture: Picture, made: Made, station: string): Decided | null {
  const input = made.input as Record<string, string & number & boolean>;
  const facts: Facts = {
    now: made.madeAt,
    day:
      made.operation === 'visits.issue'
        ? dayOn(picture, made.madeAt)
        : dayOfFact(picture, made.madeAt, picture.visits.get(String(input['id']))),
    actorId: made.userId,
    id: numberedFrom(String(input['supersedes'] ?? made.commandId)),
  };
  const only = (changes: Decision): Decided => ({ changes, patient: null });

  if (made.operation === 'patients.register') return register(made, facts);
  if (made.operation === 'visits.issue' || made.operation === 'visits.issueOffline') {
    const queue = rulesOf(picture, String(input['queueId']));
    if (!queue) return null;
    const command = {
      patientId: String(input['patientId']),
      priority: (input['priority'] ?? 'normal') as Priority,
      reason: (input['reason'] ?? null) as string | null,
    };
    const number = Number(input['number'] ?? (made.label ? tokenNumberOf(made.label) : 0));
    if (made.operation === 'visits.issueOffline')
      return only(
        decideIssueOffline(
          { queue, number, stationCode: String(input['series']) === 'clinic' ? null : station },
          command,
          facts,
        ),
      );
    const existing =
      [...picture.visits.values()].find((visit) => {
        const step = stepOf(visit);
        return (
          visit.visit.patientId === command.patientId &&
          visit.visit.clinicDay === facts.day &&
          step?.queueId === queue.id &&
          ['waiting', 'called', 'in_room', 'parked'].includes(step.state)
        );
      })?.visit ?? null;
    return only(
      decideIssue(
        { queue, existing, number },
        { ...command, confirmRepeat: input['confirmRepeat'] === true, estimate: null },
        facts,
      ),
    );
  }

  if (made.operation === 'queues.callNext') {
    const slice = callSlice(picture, String(input['id']), String(input['roomId']), facts.day);
    return slice && only(decideCallNext(slice, { current: input['current'] as never }, facts));
  }
  const visit = picture.visits.get(String(input['id']));
  const step = visit && stepOf(visit);
  const queue = step && rulesOf(picture, step.queueId);
  if (!visit || !queue) return null;
  if (made.operation === 'visits.call') {
    const slice = callSlice(picture, queue.id, String(input['roomId']), facts.day);
    return slice && only(decideCall({ ...slice, target: visit }, input as never, facts));
  }
  if (made.operation === 'visits.transfer') {
    const room = picture.rooms.get(String(input['roomId']));
    const target = rulesOf(picture, String(input['queueId'] ?? room?.queueIds[0] ?? queue.id));
    return target && only(decideTransfer({ ...visit, target }, input as never, facts));
  }
  const command = MOVES[made.operation];
  if (!command) return null;
  const slice = { ...visit, queue };
  if (command === 'park' || command === 'cancel')
    return only(decideReasonedStep(slice, { ...input, command } as never, facts));
  return only(decideStep(slice, { ...input, command } as never, facts));
}

function callSlice(picture: Picture, queueId: string, roomId: string, day: string) {
  const [queue, room] = [rulesOf(picture, queueId), picture.rooms.get(roomId)];
  if (!queue || !room) return null;
  const queues = new Map([...picture.queues].map(([id, rules]) => [id, rules] as const));
  return {
    ...{ queue, room, queues },
    occupants: occupantsOf(picture, roomId, day),
    waiting: waitingIn(picture, queueId, day),
  };
}

/** A patient without the server: under a number of this desk, which goes on finding them. */
function register(made: Made, facts: Facts): Decided | null {
  const { provisionalNumber: number, ...command } = made.input as { provisionalNumber?: string };
  const decided = decideRegister({ number: number ?? null }, complete(command), { day: facts.day, id: facts.id() });
  if ('refused' in decided) return null;
  const at = new Date(made.madeAt).toISOString();
  const allergies = decided.allergies.map(({ substance, reaction }) => ({ substance, reaction: reaction ?? null }));
  const patient = {
    ...decided,
    allergies,
    ...{ archivedAt: null, mergedIntoId: null, version: 1, createdAt: at, updatedAt: at },
    ...{ lastVisits: [], otherNumbers: [] },
  };
  return { changes: NOTHING, patient };
}

/** The fields that a screen may leave out. */
const complete = (given: object): RegisterCommand => ({
  unidentified: false,
  birthDate: null,
  birthDateEstimated: false,
  sex: 'unknown',
  phone: null,
  address: null,
  category: '01',
  nextOfKinName: null,
  nextOfKinPhone: null,
  notes: null,
  allergies: [],
  ...given,
});
