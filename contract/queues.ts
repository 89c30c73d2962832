import * as z from 'zod';
import { CALLERS, STAFF } from '../domain/people.ts';
import { command, integer, page, query } from './kit.ts';
import { id, name, orderPolicy, queue, room, visit } from './shapes.ts';

/** What becomes of whoever is in a full room when the next one is called. */
export const current = z.enum(['finish', 'return', 'no-show']).optional();

const queueWritable = {
  name: name(60),
  policy: orderPolicy,
  returnTo: z.enum(['place', 'end']),
  rejoinAfter: integer(0, 20),
};

export const queues = {
  list: query({
    route: 'GET /queues',
    summary: 'The queues of this branch, with how many wait and for how long.',
    who: STAFF,
    input: z.object({}),
    output: page(queue),
    errors: [],
    perMinute: 6000,
  }),
  create: command({
    route: 'POST /queues',
    summary: 'Makes a queue.',
    who: ['admin'],
    input: z.object({
      code: z
        .string()
        .trim()
        .toUpperCase()
        .regex(/^[A-Z]{1,3}$/, 'One to three letters A–Z'),
      name: queueWritable.name,
      policy: queueWritable.policy.optional(),
      returnTo: queueWritable.returnTo.default('place'),
      rejoinAfter: queueWritable.rejoinAfter.default(2),
    }),
    output: queue,
    errors: ['name_taken'],
    status: 201,
  }),
  update: command({
    route: 'PATCH /queues/{id}',
    summary: 'Changes a queue’s name or rules.',
    who: ['admin'],
    input: z.object({
      id,
      name: queueWritable.name.optional(),
      policy: queueWritable.policy.optional(),
      returnTo: queueWritable.returnTo.optional(),
      rejoinAfter: queueWritable.rejoinAfter.optional(),
      expectedVersion: z.int().optional(),
    }),
    output: queue,
    errors: ['not_found', 'name_taken', 'stale'],
  }),
  setState: command({
    route: 'POST /queues/{id}/state',
    summary: 'Opens, pauses (tokens, but no calls) or closes (no new tokens) a queue.',
    who: ['admin', 'receptionist', ...CALLERS],
    input: z.object({ id, state: z.enum(['open', 'paused', 'closed']) }),
    output: queue,
    errors: ['not_found'],
  }),
  callNext: command({
    route: 'POST /queues/{id}/call-next',
    summary: 'Calls the person whose turn it is. Says first what becomes of the one in a full room.',
    who: CALLERS,
    input: z.object({ id, roomId: id, current }),
    output: visit,
    errors: ['not_found', 'queue_empty', 'queue_paused', 'room_busy', 'room_not_serving', 'invalid_transition'],
    offline: 'decideCallNext',
  }),
};

export const rooms = {
  list: query({
    route: 'GET /rooms',
    summary: 'The rooms, what they serve and who works there.',
    who: STAFF,
    input: z.object({}),
    output: page(room),
    errors: [],
    perMinute: 6000,
  }),
  create: command({
    route: 'POST /rooms',
    summary: 'Makes a room.',
    who: ['admin'],
    input: z.object({ name: name(40), capacity: integer(1, 50).default(1), queueIds: z.array(id).max(50) }),
    output: room,
    errors: ['name_taken', 'not_found'],
    status: 201,
  }),
  update: command({
    route: 'PATCH /rooms/{id}',
    summary: 'Changes a room, or the queues it serves, in order.',
    who: ['admin'],
    input: z.object({
      id,
      name: name(40).optional(),
      capacity: integer(1, 50).optional(),
      queueIds: z.array(id).max(50).optional(),
      expectedVersion: z.int().optional(),
    }),
    output: room,
    errors: ['not_found', 'name_taken', 'stale'],
  }),
  work: command({
    route: 'POST /rooms/{id}/work',
    summary: 'I work in this room from now on (and in no other).',
    who: CALLERS,
    input: z.object({ id }),
    output: room,
    errors: ['not_found'],
  }),
  leave: command({
    route: 'POST /rooms/{id}/leave',
    summary: 'I no longer work in this room.',
    who: CALLERS,
    input: z.object({ id }),
    output: room,
    errors: ['not_found'],
  }),
};
