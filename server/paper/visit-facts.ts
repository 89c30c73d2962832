import { eq, inArray } from 'drizzle-orm';
import { CALLERS } from '../../domain/people.ts';
import type { CardFacts, Letterhead, SlipFacts, SummaryFacts } from '../../paper/paper.ts';
import { type Branch, branchOf } from '../clinic.ts';
import type { QueryContext } from '../dispatch.ts';
import { notesOfVisit } from '../notes/notes.ts';
import { patientOf } from '../patients/rows.ts';
import type { VisitQueries } from '../visits/queries.ts';
import { visitOf } from '../visits/rows.ts';
import { type LetterheadRow, letterheadOf } from './letterhead.ts';

type Ctx = Pick<QueryContext<'not_found'>, 'db' | 'branchId' | 'now' | 'fail' | 'actor'>;

export type Clinic = Readonly<{ branch: Branch; row: LetterheadRow; letterhead: Letterhead }>;

export async function clinicOf({ db, branchId }: Pick<Ctx, 'db' | 'branchId'>): Promise<Clinic> {
  const branch = await branchOf(db, branchId);
  const row = await letterheadOf(db, branchId);
  return { branch, row, letterhead: { clinic: branch.name, ...row } };
}

/** A slip promises what was promised when the token was given; a copy tells how it is now. */
export async function slipFacts(
  ctx: Ctx,
  { branch }: Clinic,
  rowOf: VisitQueries['rowOf'],
  { id, copy }: Readonly<{ id: string; copy: number | null }>,
): Promise<{ facts: SlipFacts; patientId: string }> {
  const visit = (await rowOf(ctx, id)) ?? ctx.fail('not_found');
  const names = await namesOf(ctx);
  const facts = {
    clinic: branch.name,
    token: visit.token,
    queue: names.queues.get(visit.queueId) ?? '',
    room: (visit.forRoomId && names.rooms.get(visit.forRoomId)) || null,
    ahead: visit.place === null ? null : visit.place - 1,
    wait: copy === 1 ? visit.estimate : visit.expected,
    arrivedAt: Date.parse(visit.arrivedAt),
    copy,
  };
  return { facts, patientId: visit.patientId };
}

export async function cardFacts(
  ctx: Ctx,
  { branch, row }: Clinic,
  { id, copy }: Readonly<{ id: string; copy: number | null }>,
): Promise<CardFacts> {
  const patient = (await patientOf(ctx.db, { id, branchId: ctx.branchId })) ?? ctx.fail('not_found');
  const { name, identified, registrationNumber: number, birthDate, birthDateEstimated } = patient;
  return { clinic: branch.name, phone: row.phone, name, identified, number, birthDate, birthDateEstimated, copy };
}

export async function summaryFacts(
  ctx: Ctx,
  { letterhead }: Clinic,
  id: string,
): Promise<{ facts: SummaryFacts; patientId: string }> {
  const { db, branchId } = ctx;
  const { visit, steps } = (await visitOf(db, { id, branchId })) ?? ctx.fail('not_found');
  const patient = (await patientOf(db, { id: visit.patientId, branchId })) ?? ctx.fail('not_found');
  const names = await namesOf(ctx);
  const staffNames = await staffOf(
    ctx,
    steps.flatMap(({ staffId }) => staffId ?? []),
  );
  const facts: SummaryFacts = {
    letterhead,
    by: ctx.actor.name,
    token: visit.token,
    day: visit.clinicDay,
    arrivedAt: visit.arrivedAt,
    reason: visit.reason,
    patient: { ...patient, number: patient.registrationNumber },
    steps: steps.map((step) => ({
      queue: names.queues.get(step.queueId) ?? '',
      room: (step.roomId && names.rooms.get(step.roomId)) || null,
      staff: (step.staffId && staffNames.get(step.staffId)) || null,
      waitingSince: step.waitingSince,
      calledAt: step.calledAt,
      endedAt: step.endedAt,
      state: step.state,
    })),
    notes: mayReadNotes(ctx) ? await notesOf(ctx, id) : null,
  };
  return { facts, patientId: visit.patientId };
}

/** Notes are the clinicians' own: a summary that the front desk prints has none. */
const mayReadNotes = ({ actor }: Ctx): boolean => CALLERS.some((role) => actor.roles.includes(role));

async function notesOf({ db }: Ctx, visitId: string): Promise<NonNullable<SummaryFacts['notes']>> {
  const notes = await notesOfVisit(db, visitId);
  return notes
    .filter(({ text }) => text !== '')
    .map(({ text, author, createdAt }) => ({ text, author, at: createdAt }));
}

async function namesOf({ db: { t, db }, branchId }: Ctx) {
  const queues = await db
    .select({ id: t.queues.id, name: t.queues.name })
    .from(t.queues)
    .where(eq(t.queues.branchId, branchId));
  const rooms = await db
    .select({ id: t.rooms.id, name: t.rooms.name })
    .from(t.rooms)
    .where(eq(t.rooms.branchId, branchId));
  const byId = (rows: readonly { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]));
  return { queues: byId(queues), rooms: byId(rooms) };
}

async function staffOf({ db: { t, db } }: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: t.users.id, name: t.users.name })
    .from(t.users)
    .where(inArray(t.users.id, [...new Set(ids)]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
