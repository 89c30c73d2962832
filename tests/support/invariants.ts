import { isDeepStrictEqual } from 'node:util';
import type { SyncRow } from '../../contract/sync.ts';
import type { Item } from '../../main/workstation/outbox.ts';
import type { Reader } from '../../server/db/connection.ts';

type Row<T extends keyof Reader['t']> = Reader['t'][T] extends { $inferSelect: infer R } ? R : never;

/** What somebody was told is done. */
export type Shown = Readonly<{
  /** The code of the desk. */
  desk: string;
  operation: string;
  commandId: string;
  /** The true time at which it was told, ms since 1970. */
  at: number;
  /** Which visit was asked about, where one was. */
  asked: string | null;
  visitId: string | null;
  patientId: string | null;
  /** What was printed or said of it. */
  label: string | null;
  clinicDay: string | null;
  /** Decided at the desk, without the server. */
  alone: boolean;
  /** Whether the desk's clock was known to it: it did not jump since the server was last heard. */
  clockSure: boolean;
  /** For a call: which room, whose queue, and whether this patient was bound to the room before. */
  call: Readonly<{ roomId: string; queueId: string; bound: boolean }> | null;
}>;

/** What the server holds in the end. */
export type Answered = Readonly<{
  /** What a desk that begins afresh is given: the truth for every desk. */
  fill: readonly SyncRow[];
  visits: readonly Row<'visits'>[];
  steps: readonly Row<'steps'>[];
  history: readonly Row<'visitHistory'>[];
  patients: readonly string[];
  numbers: readonly Readonly<{ number: string; patientId: string }>[];
  sheet: readonly Row<'sheet'>[];
  rooms: readonly Readonly<{ id: string; queueIds: readonly string[]; capacity: number }>[];
  feed: readonly Readonly<{ seq: number; commandId: string | null }>[];
  audit: readonly Readonly<{
    seq: number;
    action: string;
    outcome: string;
    actorId: string;
    deviceId: string;
    commandId: string | null;
  }>[];
  /** What verifying the chain says; null when it is whole. */
  auditProblem: string | null;
}>;

/** What a desk holds in the end. */
export type DeskHeld = Readonly<{
  code: string;
  deviceId: string;
  items: readonly Item[];
  /** The rows that it keeps. */
  rows: readonly SyncRow[];
  /** Its screens' visits: what is confirmed, with its own work laid over it. */
  screen: readonly Readonly<{ id: string; token: string; version: number; state: string }>[];
  /** Command ids of whatever was asked at it, also of what it told nobody. */
  asked: ReadonlySet<string>;
}>;

export type Evidence = Readonly<{
  shown: readonly Shown[];
  server: Answered;
  desks: readonly DeskHeld[];
  /** The rows that the boards keep. */
  boards: readonly Readonly<{ code: string; rows: readonly SyncRow[] }>[];
  /** The server was put back to an earlier state at this time: what it does not know of before may be gone. */
  restoredAt: number | null;
  /** Whether the server's own clock went wrong, so that no time can be held against it. */
  clockWrong: boolean;
}>;

/** How far a time may be from the true one, ms: what a desk cannot know of the way to its server. */
const TOLERANCE = 5000;

/**
 * What must be true of a clinic whose desks and server went through anything, once all of it is healed. Answers what is
 * not, in words; nothing when all is well. The same for simulated and for real processes.
 */
export function violations(evidence: Evidence): string[] {
  const found: string[] = [];
  for (const check of CHECKS) check(evidence, (text) => found.push(text));
  return found;
}

type Check = (evidence: Evidence, wrong: (text: string) => void) => void;

/** A command as the history and the audit know it. */
const deedsOf = ({ audit }: Answered) =>
  audit
    .filter(({ outcome, commandId }) => outcome === 'ok' && commandId)
    .map(({ actorId, deviceId, commandId }) => `${actorId} ${deviceId} ${commandId}`);
const commandIn = (deed: string): string => deed.split(' ')[2] ?? '';
const deviceIn = (deed: string): string => deed.split(' ')[1] ?? '';

/** Commands that are on the sheet, also by the id under which they were asked first. */
function onTheSheet({ server, desks }: Evidence): ReadonlySet<string> {
  const sheet = new Set(server.sheet.map(({ commandId }) => commandId));
  for (const { items } of desks)
    for (const { commandId, input } of items)
      if (sheet.has(commandId) && typeof input['supersedes'] === 'string') sheet.add(input['supersedes']);
  return sheet;
}

const noNumberTwice: Check = (evidence, wrong) => {
  const { shown, server, restoredAt } = evidence;
  const holders = new Map<string, string>();
  for (const { clinicDay, token, id } of server.visits) {
    const label = `${clinicDay} ${token}`;
    if (holders.has(label)) wrong(`the number ${label} stands on two visits`);
    holders.set(label, id);
  }
  const told = new Map<string, string>();
  const asked = onTheSheet(evidence);
  for (const { label, clinicDay, visitId, operation, commandId } of shown) {
    if (!isIssue(operation) || !label || !visitId) continue;
    // A restored server does not know which numbers it gave until the desks have told it: what it gave again is asked.
    if (restoredAt !== null && asked.has(commandId)) continue;
    const other = told.get(`${clinicDay} ${label}`);
    if (other && other !== visitId) wrong(`the number ${label} was given to two patients`);
    told.set(`${clinicDay} ${label}`, visitId);
  }
};

const isIssue = (operation: string) => operation === 'visits.issue' || operation === 'visits.issueOffline';

const theFirstLabelStands: Check = (evidence, wrong) => {
  const { shown, server } = evidence;
  const visits = new Map(server.visits.map((visit) => [visit.id, visit]));
  const onSheet = onTheSheet(evidence);
  for (const { label, visitId, operation, commandId } of shown) {
    if (!isIssue(operation) || !visitId || onSheet.has(commandId)) continue;
    const now = visits.get(visitId)?.token;
    if (now !== undefined && now !== label) wrong(`token ${label} was printed, and the visit is now called ${now}`);
  }
};

const peopleAreToldOfWhatTheyAsked: Check = ({ shown }, wrong) => {
  for (const { operation, desk, asked, visitId } of shown)
    if (asked !== null && asked !== visitId) wrong(`${operation} of ${asked} at ${desk} was answered with ${visitId}`);
};

const nothingShownIsLost: Check = (evidence, wrong) => {
  const { shown, server, desks, restoredAt } = evidence;
  const onSheet = onTheSheet(evidence);
  const visits = new Set(server.visits.map(({ id }) => id));
  const patients = new Set(server.patients);
  const numbers = new Map(server.numbers.map(({ number, patientId }) => [number, patientId]));
  const done = new Map(Map.groupBy(server.history, ({ commandId }) => commandIn(commandId)));
  const items = new Map(desks.flatMap(({ items }) => items.map((item) => [item.commandId, item] as const)));
  for (const one of shown) {
    const { operation, commandId, label, patientId, visitId, desk } = one;
    if (onSheet.has(commandId)) continue;
    // Nothing but its own answer keeps what a desk cannot do alone: after a restore it is gone with the server's memory.
    if (restoredAt !== null && one.at <= restoredAt && operation === 'visits.undo') continue;
    const where = `${operation} at ${desk} (${label ?? visitId ?? patientId})`;
    if (operation === 'patients.register') {
      if (!patients.has(patientId ?? '')) wrong(`${where} was shown as done and is lost`);
      else if (one.alone && numbers.get(label ?? '') !== patientId) wrong(`${where}: the number on paper finds nobody`);
    } else if (isIssue(operation)) {
      if (!visits.has(visitId ?? '')) wrong(`${where} was shown as done and is lost`);
    } else if (!done.has(commandId)) {
      const item = items.get(commandId);
      wrong(`${where} was shown as done and is lost (${item ? `its item is ${item.state}` : 'no item of it is left'})`);
    } else if (one.call && !done.get(commandId)?.some((entry) => entry.visitId === visitId && entry.command === 'call'))
      wrong(`${where} was shown as called, and somebody else was`);
  }
};

const nothingIsDoubled: Check = ({ server, desks }, wrong) => {
  for (const deed of twice(deedsOf(server))) wrong(`the command ${deed} was done twice`);
  const moves = server.history.map(({ commandId, stepId, command }) => `${commandId} ${stepId} ${command}`);
  for (const move of twice(moves)) wrong(`the move ${move} was made twice`);
  const calls = server.history.filter(({ command }) => command === 'call').map(({ commandId }) => commandId);
  for (const deed of twice(calls)) wrong(`the command ${deed} called two patients`);
  const asked = new Set(desks.flatMap((desk) => [...desk.asked]));
  for (const { command, commandId } of server.history)
    if (command === 'issue' && !asked.has(commandIn(commandId))) wrong(`nobody asked for the visit of ${commandId}`);
};

/** Each move of a step begins where the one before it ended: nothing was written over something it had not seen. */
const historyIsUnbroken: Check = ({ server }, wrong) => {
  // As they were done: an attempt that was refused has an entry of the same name.
  const order = new Map(deedsOf(server).map((deed, at) => [deed, at]));
  const ends = new Map(server.steps.map(({ id, state }) => [id, state]));
  const byStep = Map.groupBy(
    server.history.filter(({ command }) => command !== 'correct-patient'),
    ({ stepId }) => stepId,
  );
  for (const [stepId, entries] of byStep) {
    const sorted = entries.toSorted((a, b) => (order.get(a.commandId) ?? 0) - (order.get(b.commandId) ?? 0));
    // The day's close and what reopens it share one command: only their ends are in order.
    if (twice(sorted.map(({ commandId }) => commandId)).length > 0) continue;
    for (const [index, { from, command }] of sorted.entries())
      if (index > 0 && from !== sorted[index - 1]?.to)
        wrong(`step ${stepId}: ${command} began from ${from}, and it was ${sorted[index - 1]?.to}`);
    if (sorted.at(-1)?.to !== ends.get(stepId))
      wrong(`step ${stepId} is ${ends.get(stepId)}, and its history ends as ${sorted.at(-1)?.to}`);
  }
};

const auditIsComplete: Check = ({ server }, wrong) => {
  if (server.auditProblem) wrong(`the audit does not verify: ${server.auditProblem}`);
  const deeds = new Set(deedsOf(server));
  const told = new Set(server.feed.map(({ commandId }) => commandId));
  for (const deed of new Set(server.history.map(({ commandId }) => commandId))) {
    if (!deeds.has(deed)) wrong(`the audit says nothing of ${deed}`);
    if (!told.has(commandIn(deed))) wrong(`the feed says nothing of ${deed}`);
  }
};

const desksAgree: Check = ({ server, desks }, wrong) => {
  const truth = new Map(server.fill.map((row) => [`${row.table} ${row.id}`, row.row]));
  for (const { code, rows, screen } of desks) {
    const held = new Map(rows.map((row) => [`${row.table} ${row.id}`, row.row]));
    for (const [key, row] of truth) {
      if (key.startsWith('boardView ')) continue;
      const difference = differs(row, held.get(key));
      if (difference) wrong(`desk ${code} has another ${key}: ${difference}`);
    }
    for (const key of held.keys())
      if (key.startsWith('visit ') && !server.visits.some(({ id }) => key === `visit ${id}`))
        wrong(`desk ${code} keeps a ${key} that there is not`);
    const steps = new Map(server.steps.map((step) => [step.id, step]));
    const visits = new Map(server.visits.map((visit) => [visit.id, visit]));
    for (const { id, token, version, state } of screen) {
      const visit = visits.get(id);
      const step = steps.get(visit?.currentStepId ?? '');
      const is = [visit?.token, step?.version, step?.state].join(' ');
      if (is !== [token, version, state].join(' '))
        wrong(`desk ${code} shows ${token} ${version} ${state}, and it is ${is}`);
    }
  }
};

/** The first difference of two values, in words. */
function differs(a: unknown, b: unknown): string | null {
  if (isDeepStrictEqual(a, b)) return null;
  if (!isObject(a) || !isObject(b)) return `${JSON.stringify(b) ?? 'nothing'} instead of ${JSON.stringify(a)}`;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const inside = differs(a[key], b[key]);
    if (inside) return `${key}: ${inside}`;
  }
  return null;
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const outboxesAreSettled: Check = ({ server, desks }, wrong) => {
  const onSheet = new Set(server.sheet.map(({ commandId }) => commandId));
  for (const { code, items } of desks)
    for (const { n, operation, state, commandId, refusal } of items) {
      if (state === 'waiting') wrong(`desk ${code} still owes item ${n} (${operation})`);
      if (state === 'refused' && operation === 'sheet.report')
        wrong(`desk ${code}: its report was refused (${refusal?.code})`);
      else if (state === 'refused' && !onSheet.has(commandId))
        wrong(`desk ${code}: item ${n} (${operation}) was refused (${refusal?.code}) and is not on the sheet`);
    }
};

/** A question is put to people only where somebody else had acted, or something was done that nobody was told of. */
const noNeedlessQuestions: Check = ({ server, shown, desks, restoredAt, clockWrong }, wrong) => {
  if (restoredAt !== null || clockWrong) return;
  // What a desk cannot do alone is not laid over what it sees: until it has read on, it is as if somebody else had done it.
  const told = new Set(shown.filter(({ operation }) => operation !== 'visits.undo').map(({ commandId }) => commandId));
  for (const { deviceId, visitId, patientId, commandId, operation, refusal, kind } of server.sheet) {
    if (kind === 'second_token' || kind === 'registered_twice') continue;
    const items = desks.find((desk) => desk.deviceId === deviceId)?.items ?? [];
    const itemOf = (id: string) => items.find((item) => item.commandId === id);
    const roomOf = (id: string) => itemOf(id)?.input['roomId'];
    const roomId = roomOf(commandId);
    const touches = itemOf(commandId)?.touches ?? [];
    const elsewhere = (entry: Row<'visitHistory'>) =>
      deviceIn(entry.commandId) !== deviceId || !told.has(commandIn(entry.commandId));
    // Somebody else moved them, or whoever may have been in the room to which they were called.
    const served = server.rooms.find(({ id }) => id === roomId)?.queueIds ?? [];
    const others = server.history.some(
      (entry) =>
        elsewhere(entry) &&
        (entry.visitId === visitId || touches.includes(entry.visitId) || served.includes(entry.queueId)),
    );
    // It follows on something of this desk that did not fit either.
    const followed = server.sheet.some(
      (other) =>
        other.commandId !== commandId &&
        other.deviceId === deviceId &&
        ((visitId !== null && other.visitId === visitId) ||
          (patientId !== null && other.patientId === patientId) ||
          touches.some((id) => itemOf(other.commandId)?.touches.includes(id)) ||
          (roomId !== undefined && roomOf(other.commandId) === roomId)),
    );
    if (!followed && !others)
      wrong(`${operation} of ${visitId ?? patientId} is on the sheet (${refusal}) although nobody else had acted`);
  }
};

const boardsAreTrue: Check = ({ server, boards }, wrong) => {
  type View = Extract<SyncRow, { table: 'boardView' }>['row'];
  const seen = (view: View) => ({
    calls: view?.calls.map(({ token, room, state, callSeq }) => `${callSeq} ${token} ${room} ${state}`),
    // Who is next may change by the hour alone; who waits does not.
    queues: view?.queues.map(({ code, waiting, next, state }) => [
      code,
      waiting,
      state,
      waiting <= 6 ? next.toSorted() : [],
    ]),
  });
  for (const { code, rows } of boards)
    for (const truth of server.fill) {
      if (truth.table !== 'boardView') continue;
      const mine = rows.find(({ table, id }) => table === 'boardView' && id === truth.id) as { row: View } | undefined;
      const difference = differs(seen(truth.row), seen(mine?.row ?? null));
      if (difference) wrong(`board ${code} shows something else: ${difference}`);
    }
};

const nobodyIsCalledTwice: Check = ({ server, shown }, wrong) => {
  const onSheet = new Set(server.sheet.flatMap(({ commandId, visitId }) => [commandId, visitId]));
  const steps = new Map(server.steps.map((step) => [step.id, step]));
  const current = server.visits.map((visit) => ({ visit, step: steps.get(visit.currentStepId) }));
  for (const visit of server.visits) {
    const inRooms = server.steps.filter(
      (step) => step.visitId === visit.id && ['called', 'in_room'].includes(step.state),
    );
    if (inRooms.length > 1) wrong(`${visit.token} is called to two rooms`);
  }
  // Two tokens of one patient in one queue are on the sheet, unless somebody brought one back that had ended.
  const ended = new Set(
    server.history
      .filter(({ to }) => !['waiting', 'called', 'in_room', 'parked'].includes(to))
      .map((one) => one.visitId),
  );
  const open = current.filter(({ step }) => step && ['waiting', 'called', 'in_room', 'parked'].includes(step.state));
  for (const [key, same] of Map.groupBy(
    open,
    ({ visit, step }) => `${visit.patientId} ${step?.queueId} ${visit.clinicDay}`,
  )) {
    const begunThere = same.filter(({ visit, step }) => step?.sequence === 1 && !ended.has(visit.id));
    if (begunThere.length > 1 && !begunThere.some(({ visit }) => onSheet.has(visit.id)))
      wrong(`the patient of ${key} waits there twice, and nobody was told`);
  }
  for (const { roomId, count } of crowds(server)) {
    const capacity = server.rooms.find(({ id }) => id === roomId)?.capacity ?? 1;
    if (count > capacity) wrong(`${count} are in the room ${roomId}, which holds ${capacity}`);
  }
  // Alone a desk calls only whom nobody else can call.
  for (const { alone, call, desk, label } of shown) {
    if (!alone || !call || call.bound) continue;
    const serving = server.rooms.filter(({ queueIds }) => queueIds.includes(call.queueId));
    if (serving.length !== 1 || serving[0]?.id !== call.roomId)
      wrong(`desk ${desk} called ${label} by itself, although others call from that queue`);
  }
};

const crowds = ({ steps }: Answered) =>
  [
    ...Map.groupBy(
      steps.filter(({ state, roomId }) => roomId && ['called', 'in_room'].includes(state)),
      ({ roomId, clinicDay }) => `${roomId} ${clinicDay}`,
    ),
  ].map(([key, inside]) => ({ roomId: key.split(' ')[0], count: inside.length }));

/** Times are the server's, or a desk's corrected by what it knows of the server's: never a desk's own wrong clock. */
const timesAreTrue: Check = ({ server, shown, clockWrong }, wrong) => {
  if (clockWrong) return;
  const visits = new Map(server.visits.map((visit) => [visit.id, visit]));
  for (const { operation, visitId, at, label, clockSure, clinicDay } of shown) {
    const visit = visits.get(visitId ?? '');
    if (!isIssue(operation) || !visit || !clockSure) continue;
    // It is told a little after it was done.
    if (visit.arrivedAt > at + TOLERANCE || visit.arrivedAt < at - 20_000 - TOLERANCE)
      wrong(`${label} arrived at ${new Date(visit.arrivedAt).toISOString()}, and it was ${new Date(at).toISOString()}`);
    if (visit.clinicDay !== clinicDay) wrong(`${label} was of ${clinicDay} and is of ${visit.clinicDay}`);
  }
};

const CHECKS: readonly Check[] = [
  noNumberTwice,
  theFirstLabelStands,
  peopleAreToldOfWhatTheyAsked,
  nothingShownIsLost,
  nothingIsDoubled,
  historyIsUnbroken,
  auditIsComplete,
  desksAgree,
  outboxesAreSettled,
  noNeedlessQuestions,
  boardsAreTrue,
  nobodyIsCalledTwice,
  timesAreTrue,
];

function twice<T>(values: readonly T[]): T[] {
  const seen = new Set<T>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
