import type * as z from 'zod';
import type { Client } from '../../contract/client.ts';
import type { MedlaneApi, MedlaneOperation } from '../../contract/index.ts';
import type { CommandContext, GroupHandlers, Handler, Handlers, QueryContext } from '../../server/dispatch.ts';
import type { Raw } from './calls.ts';
import { EXAMPLES } from './examples.ts';
import type { Scenario, Scenarios } from './scenes.ts';

/**
 * What must not compile. Checked by `tsc -p tests`: each line after `@ts-expect-error` is an error, and it is an error
 * when it is none. Nothing here runs.
 */
declare const issueContext: CommandContext<MedlaneApi['visits']['issue']['errors'][number]>;
declare const readContext: QueryContext<MedlaneApi['visits']['get']['errors'][number]>;
declare const visit: z.input<MedlaneApi['visits']['issue']['output']>;
declare const handlers: Handlers;
declare const rooms: GroupHandlers<'rooms'>;
declare const clinic: Client<MedlaneApi>;
declare const scenarios: Scenarios;
declare const scenario: Scenario;

// --- a missing handler, example or scenario --------------------------------------------------------------------------

const { work: _work, ...withoutWork } = rooms;
export const whole: GroupHandlers<'rooms'> = rooms;
// @ts-expect-error rooms.work has no handler
export const missing: GroupHandlers<'rooms'> = withoutWork;
const { rooms: _rooms, ...withoutRooms } = handlers;
// @ts-expect-error no operation of rooms has a handler
export const missingGroup: Handlers = withoutRooms;

const { 'visits.issue': _issue, ...withoutIssue } = EXAMPLES;
// @ts-expect-error the matrix does not try visits.issue
export const examples: Record<MedlaneOperation, Raw> = withoutIssue;
const { 'visits.issue': _scenario, ...withoutScenario } = scenarios;
// @ts-expect-error no answer of visits.issue is checked
export const missingScenarios: Scenarios = withoutScenario;
export const rejected: Scenarios['imports.rejected'] = { ok: scenario, file_gone: scenario };
// @ts-expect-error the answer file_gone is not checked
export const missingAnswer: Scenarios['imports.rejected'] = { ok: scenario };
// @ts-expect-error rooms.leave does not declare name_taken
export const unknownAnswer: Scenarios['rooms.leave'] = { ok: scenario, not_found: scenario, name_taken: scenario };

// --- refusals that an operation does not declare ---------------------------------------------------------------------

export function refusals(): void {
  issueContext.fail('queue_closed', { queue: 'A' });
  // @ts-expect-error visits.issue does not declare room_busy
  issueContext.fail('room_busy');
  // @ts-expect-error there is no such refusal
  issueContext.fail('too_late');
  readContext.fail('not_found');
  // @ts-expect-error visits.get does not declare stale
  readContext.fail('stale');
}

// --- events ----------------------------------------------------------------------------------------------------------

export function announcements(): void {
  issueContext.emit('visit.changed', { visitId: 'v', patientId: 'p', queueId: 'q', state: 'waiting' });
  // @ts-expect-error the state is missing
  issueContext.emit('visit.changed', { visitId: 'v', patientId: 'p', queueId: 'q' });
  // @ts-expect-error there is no such state
  issueContext.emit('visit.changed', { visitId: 'v', patientId: 'p', queueId: 'q', state: 'asleep' });
  // @ts-expect-error that is the payload of another event
  issueContext.emit('room.changed', { visitId: 'v' });
  // @ts-expect-error there is no such event
  issueContext.emit('visit.finished', { visitId: 'v' });
  // @ts-expect-error a query announces nothing
  readContext.emit('room.changed', { roomId: 'r' });
}

// --- what a handler takes and gives ----------------------------------------------------------------------------------

export const issues: Handler<MedlaneApi['visits']['issue']> = async () => visit;
// @ts-expect-error the answer lacks most of a visit
export const gives: Handler<MedlaneApi['visits']['issue']> = async () => ({ id: 'v', token: 'A-001' });
// @ts-expect-error visits.issue takes no token
export const takes: Handler<MedlaneApi['visits']['issue']> = async (_ctx, input) => ({ ...visit, token: input.token });
// @ts-expect-error a query has no transaction
export const reads: Handler<MedlaneApi['rooms']['list']> = async (ctx) => ctx.tx;

// --- what a caller gives and gets ------------------------------------------------------------------------------------

export async function calls(): Promise<void> {
  const made = await clinic.visits.issue({ patientId: 'p', queueId: 'q' });
  made.token satisfies string;
  // @ts-expect-error the queue is missing
  await clinic.visits.issue({ patientId: 'p' });
  // @ts-expect-error the server gives the token
  await clinic.visits.issue({ patientId: 'p', queueId: 'q', token: 'A-001' });
  // @ts-expect-error there is no such operation
  await clinic.visits.forget({ id: 'v' });
  // @ts-expect-error a visit has no doctor's name
  made.doctor;
}
