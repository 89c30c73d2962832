import { type VisitView, viewOf } from '../../contract/views.ts';
import { type Changes, currentStep, type VisitWithSteps } from '../../domain/decide.ts';
import { queueOrder } from '../../domain/queue-order.ts';
import type { Step, Visit } from '../../domain/visit.ts';
import type { CommandContext } from '../dispatch.ts';
import { iso } from '../ports.ts';
import { queueOf, visitOf, waitingIn } from './rows.ts';

/** Tells the feed and the audit what changed, and answers with the visit that was asked about. */
export async function told(ctx: CommandContext, changes: Changes, visitId: string, place?: number): Promise<VisitView> {
  const now = written(changes, visitId) ?? (await readNow(ctx, visitId));
  const step = now.step;
  const touched = new Map<string, Step>();
  for (const changed of changes.steps) touched.set(changed.visitId, changed);
  for (const [id, changed] of touched) {
    const patientId =
      changes.visits.find((visit) => visit.id === id)?.patientId ??
      (id === visitId ? now.visit.patientId : await patientOfVisit(ctx, id));
    ctx.emit('visit.changed', {
      visitId: id,
      patientId,
      queueId: changed.queueId,
      state: id === visitId ? step.state : changed.state,
    });
  }
  const before = changes.before.steps.find(({ visitId: id }) => id === visitId);
  ctx.record({
    resource: 'visit',
    resourceId: visitId,
    patientId: now.visit.patientId,
    before: before ? auditView(before) : {},
    after: {
      ...auditView(step),
      token: now.visit.token,
      patientId: now.visit.patientId,
      ...reasonOf(changes),
      ...doneElsewhere(ctx),
      ...othersOf(changes, visitId),
    },
  });
  return viewOf(now.visit, step, step.state === 'waiting' ? (place ?? (await placeOf(ctx, step))) : null);
}

type Now = Readonly<{ visit: Visit; step: Step }>;

/** The visit as this command has just written it, when it wrote all of it. */
function written(changes: Changes, visitId: string): Now | undefined {
  const visit = changes.visits.find(({ id }) => id === visitId);
  const step = changes.steps.find(({ id }) => id === visit?.currentStepId);
  return visit && step && { visit, step };
}

async function readNow(ctx: CommandContext, visitId: string): Promise<Now> {
  const now = (await visitOf(ctx.tx, { id: visitId, branchId: ctx.branchId })) as VisitWithSteps;
  return { visit: now.visit, step: currentStep(now) };
}

const auditView = ({ state, queueId, roomId, priority, callCount, forRoomId, forStaffId }: Step) => ({
  state,
  queueId,
  roomId,
  priority,
  callCount,
  forRoomId,
  forStaffId,
});

const reasonOf = (changes: Changes) => {
  const said = changes.history.find(({ reason }) => reason);
  return {
    ...(said ? { reason: said.reason } : {}),
    ...(changes.history.some((entry) => entry.outOfOrder) ? { outOfOrder: true } : {}),
  };
};

/** Done at a paired desk: which, and when by its clock; the entry's own time is that of its arrival. */
const doneElsewhere = ({ actor: { station, madeAt } }: CommandContext) =>
  station ? { station: station.code, ...(madeAt === null ? {} : { madeAt: iso(madeAt) }) } : {};

/** What else the command did: the visit that left the room when the next was called. */
const othersOf = (changes: Changes, visitId: string) => {
  const others = changes.history
    .filter((entry) => entry.visitId !== visitId)
    .map((entry) => `${entry.visitId}:${entry.command}`);
  return others.length > 0 ? { others } : {};
};

async function placeOf(ctx: CommandContext, step: Step): Promise<number | null> {
  const queue = await queueOf(ctx.tx, { id: step.queueId, branchId: ctx.branchId });
  if (!queue) return null;
  const line = queueOrder(await waitingIn(ctx.tx, queue.id, step.clinicDay), queue.policy, ctx.now, queue.run);
  return line.find((placed) => placed.step.id === step.id)?.place ?? null;
}

async function patientOfVisit(ctx: CommandContext, visitId: string): Promise<string> {
  return (await visitOf(ctx.tx, { id: visitId, branchId: ctx.branchId }))?.visit.patientId ?? '';
}
