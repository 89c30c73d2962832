import { and, desc, eq, inArray } from 'drizzle-orm';
import type { queues as queueContract } from '../../contract/queues.ts';
import type { VisitView } from '../../contract/views.ts';
import type { visits as contract } from '../../contract/visits.ts';
import {
  type Changes,
  currentStep,
  type Decision,
  decideCall,
  decideCallNext,
  decideCorrectPatient,
  decideIssue,
  decideReasonedStep,
  decideStep,
  decideTransfer,
  decideUndo,
  isRefusal,
  type QueueRules,
  type RefusalCode,
  type VisitWithSteps,
} from '../../domain/decide.ts';
import { placeOfNewcomer, queueOrder } from '../../domain/queue-order.ts';
import { tokenSeries } from '../../domain/token.ts';
import type { Step } from '../../domain/visit.ts';
import { nextNumber } from '../clinic.ts';
import { statement } from '../db/connection.ts';
import type { CommandContext, Handler } from '../dispatch.ts';
import { openDay, openDayOf } from './day.ts';
import { dayOfFact, factsOf, reopenedFor } from './facts.ts';
import { issueOffline } from './offline.ts';
import { workIn } from './rooms.ts';
import { keepForUndo, occupantsOf, openVisitIn, queueOf, roomOf, visitOf, waitingIn, writeChanges } from './rows.ts';
import { told } from './told.ts';
import { tallyOf, type Waits } from './waits.ts';

type Contract = typeof contract;

/** Any operation that may answer `not_found` and what else its decision may come to. */
type Ctx<C extends RefusalCode> = CommandContext<C | 'not_found'>;

const findPatient = statement(({ db, t, p }) =>
  db
    .select({ id: t.patients.id, archivedAt: t.patients.archivedAt })
    .from(t.patients)
    .where(and(eq(t.patients.id, p('id')), eq(t.patients.branchId, p('branchId')))),
);

const findStaff = statement(({ db, t, p }) =>
  db
    .select({ id: t.users.id })
    .from(t.users)
    .where(and(eq(t.users.id, p('id')), eq(t.users.branchId, p('branchId')), eq(t.users.active, true))),
);

/** All that a new token refers to, in one statement: on PostgreSQL each costs more than what it reads. */
const findForIssue = statement(({ db, t, p }) =>
  db
    .select({
      branch: t.branches,
      queue: t.queues,
      patient: { id: t.patients.id, archivedAt: t.patients.archivedAt },
    })
    .from(t.branches)
    .leftJoin(t.queues, and(eq(t.queues.id, p('queueId')), eq(t.queues.branchId, t.branches.id)))
    .leftJoin(t.patients, and(eq(t.patients.id, p('patientId')), eq(t.patients.branchId, t.branches.id)))
    .where(eq(t.branches.id, p('branchId'))),
);

/** The commands on visits: load the slice, decide, write what changes. The deciding is `domain/decide.ts`. */
export function createVisitCommands(waits: Waits) {
  const issue: Handler<Contract['issue']> = async (ctx, input) => {
    const { tx, branchId } = ctx;
    const found = await tx.row(findForIssue, { branchId, queueId: input.queueId, patientId: input.patientId });
    if (!found) throw new Error(`There is no branch ${branchId}.`);
    const { branch } = found;
    const queue: QueueRules = found.queue ?? ctx.fail('not_found');
    const patient = found.patient ?? ctx.fail('not_found');
    if (patient.archivedAt !== null) ctx.fail('archived');
    const day = await openDayOf(ctx, branch);
    // What does not need each other is asked at once: on PostgreSQL each wait is a round trip.
    const [existing, place, number] = await Promise.all([
      openVisitIn(tx, input.patientId, input.queueId, day),
      newcomerPlace(ctx, queue, day, input.priority),
      nextNumber(tx, branchId, tokenSeries(queue.id, day)),
    ]);
    const estimate = await waits.range(queue, place - 1, branch.timeZone);
    const changes = decided(ctx, decideIssue({ queue, existing, number }, { ...input, estimate }, factsOf(ctx, day)));
    await writeChanges(ctx, changes);
    return told(ctx, changes, changes.visits[0]?.id ?? '', place);
  };

  const call: Handler<Contract['call']> = async (ctx, input) => {
    const { slice: target, day, seen } = await stepSlice(ctx, input.id);
    const slice = await callSlice(ctx, target.queue, input.roomId, day);
    const changes = decided(ctx, decideCall({ ...slice, target }, seen(input), factsOf(ctx, day, currentStep(target))));
    return calling(ctx, changes, input.roomId, target.visit.id);
  };

  const callNext: Handler<(typeof queueContract)['callNext']> = async (ctx, input) => {
    const { day } = await openDay(ctx);
    const queue = (await queueOf(ctx.tx, { id: input.id, branchId: ctx.branchId })) ?? ctx.fail('not_found');
    const slice = await callSlice(ctx, queue, input.roomId, day);
    const changes = decided(ctx, decideCallNext(slice, input, factsOf(ctx, day)));
    return calling(ctx, changes, input.roomId, changes.announcements[0]?.visitId ?? '');
  };

  /** Whoever calls into a room works there. */
  async function calling(ctx: CommandContext, changes: Changes, roomId: string, visitId: string): Promise<VisitView> {
    await workIn(ctx, roomId);
    await writeChanges(ctx, changes);
    await keepForUndo(ctx, changes);
    return told(ctx, changes, visitId);
  }

  const plain = <const N extends 'recall' | 'enter' | 'finish' | 'return' | 'no-show' | 'rejoin' | 'resume'>(
    command: N,
  ) =>
    (async (ctx: Ctx<'stale' | 'invalid_transition'>, input: StepInput) => {
      const { slice, day, seen } = await stepSlice(ctx, input.id);
      const facts = factsOf(ctx, day, currentStep(slice));
      return move(ctx, decideStep(slice, { ...seen(input), command }, facts), input.id);
    }) satisfies Handler<Contract['recall']>;

  const reasoned = <const N extends 'park' | 'cancel'>(command: N) =>
    (async (ctx: Ctx<'stale' | 'invalid_transition' | 'reason_required'>, input: StepInput) => {
      const { slice, day, seen } = await stepSlice(ctx, input.id);
      const facts = factsOf(ctx, day, currentStep(slice));
      return move(ctx, decideReasonedStep(slice, { ...seen(input), command }, facts), input.id);
    }) satisfies Handler<Contract['park']>;

  const transfer: Handler<Contract['transfer']> = async (ctx, input) => {
    const { slice, day, seen } = await stepSlice(ctx, input.id);
    const room = input.roomId
      ? ((await roomOf(ctx.tx, { id: input.roomId, branchId: ctx.branchId })) ?? ctx.fail('not_found'))
      : null;
    if (input.staffId && !(await ctx.tx.row(findStaff, { id: input.staffId, branchId: ctx.branchId })))
      ctx.fail('not_found');
    const queueId = input.queueId ?? room?.queueIds[0] ?? slice.queue.id;
    const target = (await queueOf(ctx.tx, { id: queueId, branchId: ctx.branchId })) ?? ctx.fail('not_found');
    const facts = factsOf(ctx, day, currentStep(slice));
    return move(ctx, decideTransfer({ ...slice, target }, seen(input), facts), input.id);
  };

  const correctPatient: Handler<Contract['correctPatient']> = async (ctx, input) => {
    const { slice } = await stepSlice(ctx, input.id);
    const patient =
      (await ctx.tx.row(findPatient, { id: input.patientId, branchId: ctx.branchId })) ?? ctx.fail('not_found');
    if (patient.archivedAt !== null) ctx.fail('archived');
    return move(ctx, decideCorrectPatient(slice, input), input.id);
  };

  /** Writes a transition, keeps it for undo, and answers with the visit as it is now. */
  async function move<C extends RefusalCode>(ctx: Ctx<C>, decision: Decision<C>, visitId: string): Promise<VisitView> {
    const changes = decided(ctx, decision);
    await writeChanges(ctx, changes);
    await keepForUndo(ctx, changes);
    return told(ctx, changes, visitId);
  }

  const undo: Handler<Contract['undo']> = async (ctx, input) => {
    const { tx, branchId } = ctx;
    const { day } = await openDay(ctx);
    const { t } = tx;
    const last = (
      await tx.db
        .select({ commandId: t.visitHistory.commandId, command: t.visitHistory.command })
        .from(t.visitHistory)
        .where(and(eq(t.visitHistory.visitId, input.id), eq(t.visitHistory.branchId, branchId)))
        .orderBy(desc(t.visitHistory.at), desc(t.visitHistory.id))
        .limit(1)
    )[0];
    if (!last) ctx.fail('not_found');
    const kept = last && (await tx.db.select().from(t.undoable).where(eq(t.undoable.commandId, last.commandId)))[0];
    if (!kept || kept.actorId !== ctx.actor.id) return ctx.fail('nothing_to_undo');
    const before = kept.before as Changes['before'];
    const { visits, capacities } = await undoSlice(ctx, before, Object.keys(kept.versions), day);
    const runs = await runsOf(ctx, Object.keys(before.runs));
    const slice = { visits, before, made: kept.made, versions: kept.versions, doneAt: kept.at, runs, capacities };
    const changes = decided(ctx, decideUndo(slice, factsOf(ctx, day)));
    await writeChanges(ctx, changes);
    await tx.db.delete(t.undoable).where(eq(t.undoable.commandId, kept.commandId));
    return told(ctx, changes, input.id);
  };

  return {
    visits: {
      issue,
      issueOffline,
      call,
      recall: plain('recall'),
      enter: plain('enter'),
      finish: plain('finish'),
      return: plain('return'),
      noShow: plain('no-show'),
      rejoin: plain('rejoin'),
      resume: plain('resume'),
      park: reasoned('park'),
      cancel: reasoned('cancel'),
      transfer,
      correctPatient,
      undo,
    },
    callNext,
  };
}

/** The decision's changes, or its refusal said. */
function decided<C extends RefusalCode>(ctx: Ctx<C>, decision: Decision<C>): Changes {
  return isRefusal(decision) ? ctx.fail(decision.refused, decision.details) : decision;
}

type StepInput = Readonly<{ id: string; reason?: string | undefined; expectedVersion?: number | undefined }>;

async function stepSlice(ctx: Ctx<never>, visitId: string) {
  const { branch, day: today } = await openDay(ctx);
  const found = (await visitOf(ctx.tx, { id: visitId, branchId: ctx.branchId })) ?? ctx.fail('not_found');
  const { visit, added } = await reopenedFor(ctx, found, branch);
  const queue =
    (await queueOf(ctx.tx, { id: currentStep(visit).queueId, branchId: ctx.branchId })) ?? ctx.fail('not_found');
  const slice: VisitWithSteps & { queue: QueueRules } = { ...visit, queue };
  /** What its sender believed, in today's version numbers. */
  const seen = <I extends Pick<StepInput, 'expectedVersion'>>(input: I): I =>
    added > 0 && input.expectedVersion !== undefined
      ? { ...input, expectedVersion: input.expectedVersion + added }
      : input;
  // Nothing was done to a visit before its own day, whatever a clock that went wrong meanwhile says.
  const { clinicDay } = visit.visit;
  const day = dayOfFact(ctx, branch, today);
  return { slice, day: day < clinicDay ? clinicDay : day, seen };
}

async function callSlice(ctx: Ctx<never>, queue: QueueRules, roomId: string, day: string) {
  const { tx, branchId } = ctx;
  const [found, occupants, waiting] = await Promise.all([
    roomOf(tx, { id: roomId, branchId }),
    occupantsOf(tx, roomId, branchId, day),
    waitingIn(tx, queue.id, day),
  ]);
  const room = found ?? ctx.fail('not_found');
  const queues = new Map([[queue.id, queue]]);
  for (const occupant of occupants) {
    const { queueId } = currentStep(occupant);
    const other = queues.has(queueId) ? undefined : await queueOf(tx, { id: queueId, branchId });
    if (other) queues.set(queueId, other);
  }
  return { queue, room, occupants, queues, waiting };
}

async function visitsOfSteps(ctx: CommandContext, stepIds: readonly string[]): Promise<VisitWithSteps[]> {
  const { t, db } = ctx.tx;
  const rows = await db
    .selectDistinct({ id: t.steps.visitId })
    .from(t.steps)
    .where(inArray(t.steps.id, [...stepIds]));
  const visits = await Promise.all(rows.map(({ id }) => visitOf(ctx.tx, { id, branchId: ctx.branchId })));
  return visits.filter((visit) => visit !== undefined);
}

/** The visits that a command touched, and everyone who is now in the rooms that taking it back would fill. */
async function undoSlice(ctx: CommandContext, before: Changes['before'], stepIds: readonly string[], day: string) {
  const { tx, branchId } = ctx;
  const capacities: Record<string, number> = {};
  const visits = await visitsOfSteps(ctx, stepIds);
  const known = new Set(visits.map(({ visit }) => visit.id));
  for (const roomId of new Set(before.steps.map((step) => step.roomId).filter((id) => id !== null))) {
    capacities[roomId] = (await roomOf(tx, { id: roomId, branchId }))?.capacity ?? 1;
    visits.push(...(await occupantsOf(tx, roomId, branchId, day)).filter(({ visit }) => !known.has(visit.id)));
  }
  return { visits, capacities };
}

async function runsOf(ctx: CommandContext, queueIds: readonly string[]): Promise<Changes['runs']> {
  const queues = await Promise.all(queueIds.map((id) => queueOf(ctx.tx, { id, branchId: ctx.branchId })));
  return Object.fromEntries(queues.filter((queue) => queue !== undefined).map((queue) => [queue.id, queue.run]));
}

async function newcomerPlace(
  ctx: CommandContext,
  queue: QueueRules,
  day: string,
  priority: Step['priority'],
): Promise<number> {
  const { now } = ctx;
  const { tally, plain } = await tallyOf(ctx.tx, { queueId: queue.id, day, policy: queue.policy, now });
  if (plain) return placeOfNewcomer(tally, queue.policy, priority, queue.run);
  const newcomer = { id: 'zzz', priority, seniorAt: now, waitingSince: now, behind: 0, ahead: false };
  const line = queueOrder(
    [...(await waitingIn(ctx.tx, queue.id, day)), newcomer as Step],
    queue.policy,
    now,
    queue.run,
  );
  return line.find(({ step }) => step.id === 'zzz')?.place ?? line.length;
}
