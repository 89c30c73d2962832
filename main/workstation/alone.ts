import type { Problem } from '../../contract/errors.ts';
import { ApiError } from '../../contract/kit.ts';
import { type Changes, isRefusal } from '../../domain/decide.ts';
import { commandIdFrom } from '../../domain/numbered.ts';
import { tokenLabel } from '../../domain/token.ts';
import { besideAlone, isBeside } from './beside.ts';
import { decideHere } from './deciding.ts';
import type { Item, Outbox } from './outbox.ts';
import { answerOf, dayOfFact, lay, occupantsOf, type Picture, stepOf } from './picture.ts';

type Options = Readonly<{ outbox: Outbox; station: string; newId: () => string; now: () => number }>;

/** Why a desk by itself does not do it; the screens say it before one types. */
const notHere = (problem: Problem<'needs_server'>): never => {
  throw new ApiError('needs_server', { facts: { problem } });
};

/**
 * Does a command without the server: decides it on what the desk sees, makes it durable as done, and answers as the server
 * would. The item is in the outbox already. @throws ApiError when the rules, or the desk's own limits, refuse it.
 */
export function doAlone({ outbox, station, newId, now }: Options, item: Item, picture: Picture): unknown {
  if (isBeside(item)) return besideAlone(outbox, item, picture) ?? notHere('unknown_here');
  const made = translated(item);
  checkCall(picture, made);
  const decided = decideHere(picture, made, station);
  if (!decided) return notHere('unknown_here');
  const { changes, patient } = decided;
  if (isRefusal(changes)) throw new ApiError(changes.refused, { facts: changes.details });

  const visitId = visitOf(changes, made);
  lay(picture, changes, patient);
  const label = picture.visits.get(visitId ?? '')?.visit.token ?? patient?.registrationNumber ?? null;
  const { commandId, operation, input } = made;
  // Its own visit, and that of whoever has to leave the room for it.
  const touches = [...new Set(changes.history.map((entry) => entry.visitId))];
  const follows = touches.flatMap((id) => lastOn(id)?.n ?? []);
  const patientId = patient?.id ?? picture.visits.get(visitId ?? '')?.visit.patientId ?? null;
  outbox.change(item.n, { commandId, operation, input, shown: true, visitId, patientId, label, touches, follows });
  return patient ?? answerOf(picture, visitId ?? '', now());

  function lastOn(id: string): Item | undefined {
    return outbox
      .all()
      .findLast((other) => other.n < item.n && other.state === 'waiting' && other.touches.includes(id));
  }

  /** What is sent instead, when the server would decide something else later than the desk does now. */
  function translated(given: Item): Item {
    if (given.operation === 'visits.issue') return issued(given);
    if (given.operation === 'queues.callNext') return called(given);
    return given;
  }

  /** A token of this station's own series. If the first command was sent, it is fenced: there will be one visit. */
  function issued(given: Item): Item {
    const { patientId, queueId, priority, reason } = given.input;
    if (!picture.patient(String(patientId))) return notHere('unknown_here');
    // Looked at before a number is used up: a refusal must not leave a gap.
    const asked = decideHere(picture, given, station);
    if (!asked) return notHere('unknown_here');
    if (isRefusal(asked.changes)) throw new ApiError(asked.changes.refused, { facts: asked.changes.details });
    const code = picture.queues.get(String(queueId))?.code ?? '';
    const number = outbox.next(`token ${code}`);
    const input = {
      patientId,
      queueId,
      priority,
      reason,
      number,
      ...(given.attempts > 0 ? { supersedes: given.commandId } : {}),
    };
    const commandId = given.attempts > 0 ? commandIdFrom(newId()) : given.commandId;
    return {
      ...given,
      commandId,
      operation: 'visits.issueOffline',
      input: defined(input),
      label: tokenLabel(code, number, station),
    };
  }

  /** "The next" is somebody here; later it might be somebody else. */
  function called(given: Item): Item {
    const asked = decideHere(picture, given, station);
    if (!asked) return notHere('unknown_here');
    if (isRefusal(asked.changes)) throw new ApiError(asked.changes.refused, { facts: asked.changes.details });
    const id = asked.changes.announcements[0]?.visitId ?? '';
    const step = stepOf(picture.visits.get(id) ?? notHere('unknown_here'));
    const { roomId, current } = given.input;
    const input = { id, roomId, current, stepId: step?.id, expectedVersion: step?.version, reason: ALONE };
    return { ...given, commandId: commandIdFrom(newId()), operation: 'visits.call', input: defined(input) };
  }
}

/** The reason that the audit gets for a call whose order nobody could check. */
export const ALONE = 'called without the server';

/**
 * Calling needs to know that nobody else calls: only where this room alone serves the queue, or for somebody who is bound
 * to this room already.
 */
function checkCall(picture: Picture, { operation, input, madeAt }: Item): void {
  if (operation !== 'visits.call') return;
  const found = picture.visits.get(String(input['id']));
  const step = found && stepOf(found);
  if (!step) return;
  const roomId = String(input['roomId']);
  const serving = [...picture.rooms.values()].filter(({ queueIds }) => queueIds.includes(step.queueId));
  const alone = serving.length === 1 && serving[0]?.id === roomId;
  const bound =
    step.forRoomId === roomId || occupantsOf(picture, roomId, dayOfFact(picture, madeAt, found)).includes(found);
  if (!alone && !bound) notHere('others_call');
}

/** Whose item it is: a call may move whoever was in the room as well, and is not about them. */
const visitOf = (changes: Changes, { operation, input }: Item): string | null => {
  if (operation === 'patients.register') return null;
  return operation === 'visits.issueOffline' ? (changes.visits[0]?.id ?? null) : String(input['id']);
};

const defined = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
