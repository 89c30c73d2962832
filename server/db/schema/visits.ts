import { sql } from 'drizzle-orm';
import type { Priority, StepCommand, StepState } from '../../../domain/visit.ts';
import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';
import type { patientTables } from './patients.ts';
import type { queueTables } from './queues.ts';

/** Each visit, its steps through the queues, and what became of them. */
export function visitTables(
  k: Columns,
  { branchId, times }: Ground,
  { patients, queues }: ReturnType<typeof patientTables> & ReturnType<typeof queueTables>,
) {
  const visits = k.table(
    'visits',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      patientId: k
        .text('patient_id')
        .notNull()
        .references(() => patients.id),
      clinicDay: k.text('clinic_day').notNull(),
      token: k.text('token').notNull(),
      tokenQueueId: k
        .text('token_queue_id')
        .notNull()
        .references(() => queues.id),
      tokenNumber: k.int('token_number').notNull(),
      stationCode: k.text('station_code'),
      currentStepId: k.text('current_step_id').notNull(),
      reason: k.text('reason'),
      arrivedAt: k.int('arrived_at').notNull(),
      issuedBy: k.text('issued_by').notNull(),
      ...times,
    },
    (t) => [
      k.unique('visits_token').on(t.branchId, t.clinicDay, t.token),
      k.index('visits_patient').on(t.patientId, t.clinicDay),
    ],
  );

  const steps = k.table(
    'steps',
    {
      id: k.text('id').primaryKey(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      branchId: branchId(),
      queueId: k
        .text('queue_id')
        .notNull()
        .references(() => queues.id),
      clinicDay: k.text('clinic_day').notNull(),
      sequence: k.int('sequence').notNull(),
      state: k.text<StepState>('state').notNull(),
      version: k.int('version').notNull(),
      lastCommand: k.text<StepCommand>('last_command').notNull(),
      priority: k.text<Priority>('priority').notNull(),
      seniorAt: k.int('senior_at').notNull(),
      waitingSince: k.int('waiting_since').notNull(),
      behind: k.int('behind').notNull(),
      ahead: k.bool('ahead').notNull(),
      forRoomId: k.text('for_room_id'),
      forStaffId: k.text('for_staff_id'),
      returnToStepId: k.text('return_to_step_id'),
      roomId: k.text('room_id'),
      staffId: k.text('staff_id'),
      callCount: k.int('call_count').notNull(),
      calledAt: k.int('called_at'),
      enteredAt: k.int('entered_at'),
      endedAt: k.int('ended_at'),
      endReason: k.text('end_reason'),
      estimateLow: k.int('estimate_low'),
      estimateHigh: k.int('estimate_high'),
    },
    (t) => [
      k.index('steps_visit').on(t.visitId),
      // Covers the counts by which a newcomer is placed: no row is looked up.
      k.index('steps_line').on(t.queueId, t.clinicDay, t.state, t.priority, t.waitingSince, t.behind, t.ahead),
      // Only rows that have one: a step that begins touches neither.
      k.index('steps_room').on(t.roomId, t.state).where(sql`room_id is not null`),
      k.index('steps_served').on(t.queueId, t.endedAt).where(sql`ended_at is not null`),
    ],
  );

  /** The transitions that the trigger on `steps` lets pass; a test equates it with `domain/visit.ts`. */
  const stepTransitions = k.table(
    'step_transitions',
    { from: k.text('from_state').notNull(), command: k.text('command').notNull(), to: k.text('to_state').notNull() },
    (t) => [k.primaryKey({ columns: [t.from, t.command, t.to] })],
  );

  const visitHistory = k.table(
    'visit_history',
    {
      id: k.text('id').notNull(),
      branchId: branchId(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      stepId: k.text('step_id').notNull(),
      queueId: k.text('queue_id').notNull(),
      commandId: k.text('command_id').notNull(),
      command: k.text('command').notNull(),
      from: k.text<StepState>('from_state'),
      to: k.text<StepState>('to_state').notNull(),
      actorId: k.text('actor_id').notNull(),
      at: k.int('at').notNull(),
      reason: k.text('reason'),
      outOfOrder: k.bool('out_of_order').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.visitId, t.id] })],
  );

  /** What a clinician wrote about a visit; another day begins another note. */
  const visitNotes = k.table(
    'visit_notes',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      authorId: k.text('author_id').notNull(),
      day: k.text('day').notNull(),
      text: k.text('text').notNull(),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('visit_notes_own').on(t.visitId, t.authorId, t.day)],
  );

  /** What a command changed, kept as long as it can be taken back. Ids and states, no text about a patient. */
  const undoable = k.table(
    'undoable',
    {
      commandId: k.text('command_id').primaryKey(),
      branchId: branchId(),
      actorId: k.text('actor_id').notNull(),
      at: k.int('at').notNull(),
      before: k.json<unknown>('before').notNull(),
      made: k.json<string[]>('made').notNull(),
      versions: k.json<Record<string, number>>('versions').notNull(),
    },
    (t) => [k.index('undoable_at').on(t.at)],
  );

  const calls = k.table(
    'calls',
    {
      seq: k.int('seq').primaryKey(),
      branchId: branchId(),
      visitId: k
        .text('visit_id')
        .notNull()
        .references(() => visits.id),
      stepId: k.text('step_id').notNull(),
      queueId: k.text('queue_id').notNull(),
      roomId: k.text('room_id').notNull(),
      at: k.int('at').notNull(),
      shownAt: k.int('shown_at'),
      spokenAt: k.int('spoken_at'),
    },
    (t) => [k.index('calls_step').on(t.stepId, t.seq), k.index('calls_branch').on(t.branchId, t.at)],
  );

  return { visits, steps, stepTransitions, visitHistory, visitNotes, undoable, calls };
}
