import * as z from 'zod';
import { CALLERS, SCREENS, STAFF } from '../domain/people.ts';
import { command, page, query } from './kit.ts';
import { board, boardView, id, name, ok, text } from './shapes.ts';

export const boards = {
  list: query({
    route: 'GET /boards',
    summary: 'The waiting-room boards.',
    who: [...STAFF, ...SCREENS],
    input: z.object({}),
    output: page(board),
    errors: [],
  }),
  get: query({
    route: 'GET /boards/{id}',
    summary: 'What a board shows now. A display may read its own board only.',
    who: [...STAFF, ...SCREENS],
    input: z.object({ id }),
    output: boardView,
    errors: ['not_found'],
    perMinute: 6000,
  }),
  create: command({
    route: 'POST /boards',
    summary: 'Makes a board.',
    who: ['admin'],
    input: z.object({
      name: name(60),
      names: z.enum(['none', 'first', 'full']).default('none'),
      queueIds: z.array(id).max(50),
      notice: text(200).nullable().default(null),
    }),
    output: board,
    errors: ['not_found'],
    status: 201,
  }),
  update: command({
    route: 'PATCH /boards/{id}',
    summary: 'Changes what a board shows.',
    who: ['admin'],
    input: z.object({
      id,
      name: name(60).optional(),
      names: z.enum(['none', 'first', 'full']).optional(),
      queueIds: z.array(id).max(50).optional(),
      notice: text(200).nullable().optional(),
      expectedVersion: z.int().optional(),
    }),
    output: board,
    errors: ['not_found', 'stale'],
  }),
  acknowledge: command({
    route: 'POST /boards/{id}/acknowledge',
    summary: 'A board says that it showed, or spoke, a call.',
    who: [...SCREENS, 'admin', ...CALLERS, 'receptionist'],
    input: z.object({ id, callSeq: z.int(), shown: z.boolean().default(true), spoken: z.boolean().default(false) }),
    output: ok,
    errors: ['not_found'],
  }),
};
