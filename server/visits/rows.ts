import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Changes, HistoryEntry, QueueRules, RoomRules, VisitWithSteps } from '../../domain/decide.ts';
import { OPEN_STATES, type Step, type Visit } from '../../domain/visit.ts';
import { nextNumber } from '../clinic.ts';
import { change, type Reader, statement } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';

// --- loading what a decision needs -----------------------------------------------------------------------------------

const findQueue = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.queues)
    .where(and(eq(t.queues.id, p('id')), eq(t.queues.branchId, p('branchId')))),
);
const findRoom = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.rooms)
    .where(and(eq(t.rooms.id, p('id')), eq(t.rooms.branchId, p('branchId')))),
);
const findVisit = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.visits)
    .where(and(eq(t.visits.id, p('id')), eq(t.visits.branchId, p('branchId')))),
);
const findSteps = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.steps)
    .where(eq(t.steps.visitId, p('visitId')))
    .orderBy(asc(t.steps.sequence)),
);
const findWaiting = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.steps)
    .where(and(eq(t.steps.queueId, p('queueId')), eq(t.steps.state, 'waiting'), eq(t.steps.clinicDay, p('day')))),
);
const findOccupants = statement(({ db, t, p }) =>
  db
    .select({ visitId: t.steps.visitId })
    .from(t.steps)
    .where(
      and(
        eq(t.steps.roomId, p('roomId')),
        inArray(t.steps.state, ['called', 'in_room']),
        eq(t.steps.clinicDay, p('day')),
      ),
    )
    .orderBy(asc(t.steps.calledAt)),
);
/**
 * From the patient's few visits to their steps: SQLite joins a cross join in the order written, else it walks the queue.
 * Without a limit: one that is bound makes SQLite plan the query anew at every run.
 */
const findOpenInQueue = statement(({ db, t, p }) =>
  db
    .select({ id: t.visits.id, token: t.visits.token })
    .from(t.visits)
    .crossJoin(t.steps)
    .where(
      and(
        eq(t.visits.patientId, p('patientId')),
        eq(t.visits.clinicDay, p('day')),
        eq(t.steps.visitId, t.visits.id),
        eq(t.steps.queueId, p('queueId')),
        inArray(t.steps.state, [...OPEN_STATES]),
      ),
    ),
);

type Rows = Pick<Reader, 'row' | 'rows'>;
type InBranch = Readonly<{ id: string; branchId: string }>;

export const queueOf = (reader: Rows, at: InBranch): Promise<QueueRules | undefined> => reader.row(findQueue, at);
export const roomOf = (reader: Rows, at: InBranch): Promise<RoomRules | undefined> => reader.row(findRoom, at);
export const waitingIn = (reader: Rows, queueId: string, day: string): Promise<Step[]> =>
  reader.rows(findWaiting, { queueId, day });

export async function visitOf(reader: Rows, at: InBranch): Promise<VisitWithSteps | undefined> {
  const visit = await reader.row(findVisit, at);
  return visit && { visit, steps: await reader.rows(findSteps, { visitId: visit.id }) };
}

export async function occupantsOf(
  reader: Rows,
  roomId: string,
  branchId: string,
  day: string,
): Promise<VisitWithSteps[]> {
  const found = await reader.rows(findOccupants, { roomId, day });
  const visits = await Promise.all(found.map(({ visitId }) => visitOf(reader, { id: visitId, branchId })));
  return visits.filter((visit) => visit !== undefined);
}

/** The patient's unfinished visit in a queue that day, if any. */
export const openVisitIn = async (
  reader: Rows,
  patientId: string,
  queueId: string,
  day: string,
): Promise<Pick<Visit, 'id' | 'token'> | null> =>
  (await reader.row(findOpenInQueue, { patientId, queueId, day })) ?? null;

// --- writing what was decided ----------------------------------------------------------------------------------------

const insertVisit = change(({ db, t, p }) =>
  db.insert(t.visits).values({
    id: p('id'),
    branchId: p('branchId'),
    patientId: p('patientId'),
    clinicDay: p('clinicDay'),
    token: p('token'),
    tokenQueueId: p('tokenQueueId'),
    tokenNumber: p('tokenNumber'),
    stationCode: p('stationCode'),
    currentStepId: p('currentStepId'),
    reason: p('reason'),
    arrivedAt: p('arrivedAt'),
    issuedBy: p('issuedBy'),
    createdAt: p('now'),
    updatedAt: p('now'),
  }),
);

/** Columns of a step that a transition may change; the others are written once. */
const MOVING = [
  'state',
  'version',
  'lastCommand',
  'priority',
  'seniorAt',
  'waitingSince',
  'behind',
  'ahead',
  'forRoomId',
  'forStaffId',
  'roomId',
  'staffId',
  'callCount',
  'calledAt',
  'enteredAt',
  'endedAt',
  'endReason',
] as const satisfies readonly (keyof Step)[];
const FIXED = [
  'id',
  'visitId',
  'branchId',
  'queueId',
  'clinicDay',
  'sequence',
  'returnToStepId',
  'estimateLow',
  'estimateHigh',
] as const satisfies readonly (keyof Step)[];

const insertStep = change(({ db, t, p }) => {
  const values = Object.fromEntries([...FIXED, ...MOVING].map((column) => [column, p(column)]));
  return db.insert(t.steps).values(values as unknown as Step);
});
const updateStep = change(({ db, t, p }) => {
  const values = Object.fromEntries(MOVING.map((column) => [column, p(column)]));
  return db
    .update(t.steps)
    .set(values as unknown as Step)
    .where(eq(t.steps.id, p('id')));
});
const insertHistory = change(({ db, t, p }) =>
  db.insert(t.visitHistory).values({
    id: p('id'),
    branchId: p('branchId'),
    visitId: p('visitId'),
    stepId: p('stepId'),
    queueId: p('queueId'),
    commandId: p('commandId'),
    command: p('command'),
    from: p('from'),
    to: p('to'),
    actorId: p('actorId'),
    at: p('at'),
    reason: p('reason'),
    outOfOrder: p('outOfOrder'),
  }),
);

type Writing = Pick<CommandContext, 'tx' | 'actor' | 'branchId' | 'now' | 'id' | 'commandId' | 'emit'>;

/** A command as its history knows it: the id that its sender gave it, and whose it is; two senders may choose the same. */
export const deedOf = ({ actor, commandId }: Pick<CommandContext, 'actor' | 'commandId'>): string =>
  `${actor.id} ${actor.deviceId} ${commandId}`;

/** Writes a decision's rows, its history, its calls, and what undo needs; tells who it concerns. */
export async function writeChanges(ctx: Writing, changes: Changes): Promise<void> {
  const { tx, now } = ctx;
  const { t } = tx;
  const known = new Set(changes.before.steps.map(({ id }) => id));
  const knownVisits = new Set(changes.before.visits.map(({ id }) => id));
  for (const visit of changes.visits) {
    if (!knownVisits.has(visit.id)) tx.send(insertVisit, { ...visit, now });
    else {
      const { patientId, currentStepId } = visit;
      await tx.db.update(t.visits).set({ patientId, currentStepId, updatedAt: now }).where(eq(t.visits.id, visit.id));
    }
  }
  for (const step of changes.steps) tx.send(known.has(step.id) ? updateStep : insertStep, step);
  for (const [queueId, run] of Object.entries(changes.runs))
    await tx.db.update(t.queues).set({ run }).where(eq(t.queues.id, queueId));
  writeHistory(ctx, changes.history, changes);
  await announceCalls(ctx, changes);
}

function writeHistory(ctx: Writing, history: readonly HistoryEntry[], changes: Changes): void {
  const stepOf = new Map(changes.steps.map((step) => [step.id, step]));
  for (const entry of history) {
    const queueId = stepOf.get(entry.stepId)?.queueId ?? '';
    const { branchId, actor, now: at } = ctx;
    const commandId = deedOf(ctx);
    ctx.tx.send(insertHistory, { ...entry, id: ctx.id(), branchId, queueId, commandId, actorId: actor.id, at });
  }
}

async function announceCalls(ctx: Writing, changes: Changes): Promise<void> {
  const { tx, branchId, now: at } = ctx;
  for (const { visitId, stepId, roomId } of changes.announcements) {
    const queueId = changes.steps.find(({ id }) => id === stepId)?.queueId ?? '';
    const seq = await nextNumber(tx, branchId, 'call');
    await tx.db.insert(tx.t.calls).values({ seq, branchId, visitId, stepId, queueId, roomId, at });
    ctx.emit('call.announced', { callSeq: seq, visitId, roomId, queueId });
  }
}

/** Keeps what a command changed for as long as it may be taken back. */
export async function keepForUndo(ctx: Writing, changes: Changes): Promise<void> {
  const known = new Set(changes.before.steps.map(({ id }) => id));
  await ctx.tx.db.insert(ctx.tx.t.undoable).values({
    commandId: deedOf(ctx),
    branchId: ctx.branchId,
    actorId: ctx.actor.id,
    at: ctx.now,
    before: changes.before,
    made: changes.steps.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    versions: Object.fromEntries(changes.steps.map(({ id, version }) => [id, version])),
  });
}
