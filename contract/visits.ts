import * as z from 'zod';
import { ISSUERS, STAFF } from '../domain/people.ts';
import { USUAL_REASONS } from '../domain/reasons.ts';
import { TRANSITIONS } from '../domain/visit.ts';
import { command, integer, listOf, page, pageInput, query } from './kit.ts';
import { current } from './queues.ts';
import { day, id, instant, name, priority, stepState, text, visit, visitRow } from './shapes.ts';

/** What every transition carries: what its sender believed. A command on a step that moved on is refused as stale. */
const step = { id, stepId: id.optional(), expectedVersion: z.int().optional() };
const reason = text(300)
  .optional()
  .meta({ description: `In words, or a usual one by its code: ${Object.values(USUAL_REASONS).flat().join(', ')}.` });

const transition = <const C extends keyof typeof TRANSITIONS>(name: C, summary: string) =>
  command({
    route: `POST /visits/{id}/${name}`,
    summary,
    who: TRANSITIONS[name].who,
    input: z.object({ ...step, reason }),
    output: visit,
    errors: ['not_found', 'invalid_transition', 'stale'],
    offline: 'decideStep',
  });

const reasonedTransition = <const C extends keyof typeof TRANSITIONS>(name: C, summary: string) =>
  command({
    route: `POST /visits/{id}/${name}`,
    summary,
    who: TRANSITIONS[name].who,
    input: z.object({ ...step, reason }),
    output: visit,
    errors: ['not_found', 'invalid_transition', 'stale', 'reason_required'],
    offline: 'decideStep',
  });

export const visits = {
  issue: command({
    route: 'POST /visits',
    summary: 'Gives a patient a token in a queue: a visit begins.',
    who: ISSUERS,
    input: z.object({
      patientId: id,
      queueId: id,
      priority: priority.default('normal'),
      reason: text(300).nullable().default(null),
      confirmRepeat: z.boolean().default(false),
    }),
    output: visit,
    errors: ['not_found', 'archived', 'queue_closed', 'token_exists', 'superseded'],
    status: 201,
    offline: 'decideIssue',
    perMinute: 60_000,
  }),
  issueOffline: command({
    route: 'POST /visits/offline',
    summary:
      'A token that a paired desk gave without an answer from the server. What was printed stands: neither a closed queue nor another token refuses it. If the superseded command had been done, its visit gets this label; if not, it never will be.',
    who: ISSUERS,
    input: z.object({
      patientId: id,
      queueId: id,
      priority: priority.default('normal'),
      reason: text(300).nullable().default(null),
      number: integer(1, 1_000_000),
      series: z
        .enum(['station', 'clinic'])
        .default('station')
        .meta({ description: '`clinic`: the server had given this number, before it was restored.' }),
      supersedes: id.optional(),
    }),
    output: visit,
    errors: ['not_found', 'only_station', 'label_taken'],
    status: 201,
    perMinute: 6000,
  }),
  list: query({
    route: 'GET /visits',
    summary:
      'Visits by day, queue and state, ordered by day, queue and number. Asked for open states only, everyone is in the first page: nobody who waits is paged away.',
    who: STAFF,
    input: z.object({
      ...pageInput(['arrivedAt']),
      queueId: id.optional(),
      roomId: id.optional(),
      patientId: id.optional(),
      state: listOf(stepState).optional(),
      day: day.optional().meta({ description: 'A clinic day; today when absent, unless a patient is named.' }),
    }),
    output: page(visitRow),
    errors: [],
    perMinute: 6000,
  }),
  get: query({
    route: 'GET /visits/{id}',
    summary: 'One visit.',
    who: STAFF,
    input: z.object({ id }),
    output: visitRow,
    errors: ['not_found'],
    perMinute: 6000,
  }),
  history: query({
    route: 'GET /visits/{id}/history',
    summary: 'Everything that happened in this visit, oldest first.',
    who: STAFF,
    input: z.object({ id }),
    output: z.object({
      entries: z.array(
        z.object({
          command: z.string(),
          from: stepState.nullable(),
          to: stepState,
          at: instant,
          by: z.string(),
          byId: id,
          reason: z.string().nullable(),
          outOfOrder: z.boolean(),
          queueId: id,
        }),
      ),
    }),
    errors: ['not_found'],
  }),
  why: query({
    route: 'GET /visits/{id}/why',
    summary: 'Why this person stands where they stand, in one sentence.',
    who: STAFF,
    input: z.object({ id }),
    output: z.object({
      place: z.int().nullable(),
      reason: z.string(),
      sentence: z.string(),
      ahead: z.int().nullable(),
    }),
    errors: ['not_found'],
  }),
  call: command({
    route: 'POST /visits/{id}/call',
    summary: 'Calls this person to a room. Passing others needs a reason.',
    who: TRANSITIONS.call.who,
    input: z.object({ ...step, roomId: id, current, reason }),
    output: visit,
    errors: [
      'not_found',
      'invalid_transition',
      'stale',
      'reason_required',
      'room_busy',
      'room_not_serving',
      'bound_elsewhere',
      'queue_paused',
    ],
    offline: 'decideCall',
  }),
  recall: transition('recall', 'Calls them again.'),
  enter: transition('enter', 'They came into the room.'),
  finish: transition('finish', 'The step is done. Calls nobody.'),
  return: transition('return', 'Sends them back to wait; the token stays.'),
  noShow: transition('no-show', 'They did not come.'),
  rejoin: transition('rejoin', 'They came after all, and wait again.'),
  park: reasonedTransition('park', 'Sets the step aside, with a reason.'),
  resume: transition('resume', 'Brings a parked step back, ahead of its class.'),
  transfer: command({
    route: 'POST /visits/{id}/transfer',
    summary: 'Ends this step and begins the next in another queue, or for a room or a doctor; seniority is kept.',
    who: TRANSITIONS.transfer.who,
    input: z.object({
      ...step,
      queueId: id.optional(),
      roomId: id.optional(),
      staffId: id.optional(),
      andReturn: z.boolean().default(false),
      reason,
    }),
    output: visit,
    errors: ['not_found', 'invalid_transition', 'stale', 'queue_closed', 'same_queue'],
    offline: 'decideTransfer',
  }),
  cancel: reasonedTransition(
    'cancel',
    'Ends the visit without being seen, with a reason. The number is not used again.',
  ),
  correctPatient: command({
    route: 'POST /visits/{id}/correct-patient',
    summary: 'The token was given to the wrong record: the visit moves to another patient.',
    who: ['receptionist', 'doctor'],
    input: z.object({ ...step, patientId: id, reason: name(300) }),
    output: visit,
    errors: ['not_found', 'stale', 'archived'],
  }),
  undo: command({
    route: 'POST /visits/{id}/undo',
    summary: 'Takes one’s own last command on this visit back: within 60 s, and when nothing happened since.',
    who: [...ISSUERS, 'pharmacist'],
    input: z.object(step),
    output: visit,
    errors: ['not_found', 'stale', 'undo_expired', 'nothing_to_undo', 'room_busy'],
  }),
};
