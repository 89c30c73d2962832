import * as z from 'zod';
import { ROLES } from '../domain/people.ts';
import { PRIORITIES, STEP_STATES } from '../domain/visit.ts';
import { integer, query } from './kit.ts';
import { board, boardView, day, id, orderPolicy, patientRecord, room } from './shapes.ts';

/** The desk's language. The server speaks this version and the one before it; whoever speaks another is told what to do. */
export const PROTOCOL = 1;

const ms = z.int();
const visitRow = z.object({
  id,
  branchId: id,
  patientId: id,
  clinicDay: day,
  token: z.string(),
  tokenQueueId: id,
  tokenNumber: z.int(),
  stationCode: z.string().nullable(),
  currentStepId: id,
  reason: z.string().nullable(),
  arrivedAt: ms,
  issuedBy: z.string(),
});
const stepRow = z.object({
  id,
  visitId: id,
  branchId: id,
  queueId: id,
  clinicDay: day,
  sequence: z.int(),
  state: z.enum(STEP_STATES),
  version: z.int(),
  lastCommand: z.string(),
  priority: z.enum(PRIORITIES),
  seniorAt: ms,
  waitingSince: ms,
  behind: z.int(),
  ahead: z.boolean(),
  forRoomId: id.nullable(),
  forStaffId: id.nullable(),
  returnToStepId: id.nullable(),
  roomId: id.nullable(),
  staffId: id.nullable(),
  callCount: z.int(),
  calledAt: ms.nullable(),
  enteredAt: ms.nullable(),
  endedAt: ms.nullable(),
  endReason: z.string().nullable(),
  estimateLow: ms.nullable(),
  estimateHigh: ms.nullable(),
});
const queueRow = z.object({
  id,
  branchId: id,
  code: z.string(),
  name: z.string(),
  state: z.enum(['open', 'paused', 'closed']),
  policy: orderPolicy,
  run: z.object({ emergencies: z.int(), favoured: z.int() }),
  returnTo: z.enum(['place', 'end']),
  rejoinAfter: z.int(),
  version: z.int(),
});
const clinicRow = z.object({
  branchId: id,
  branch: z.string(),
  name: z.string(),
  timeZone: z.string(),
  rollOverHour: z.int(),
  registrationPattern: z.string(),
  openDay: day,
  demo: z.boolean(),
});
const personRow = z.object({ id, name: z.string(), roles: z.array(z.enum(ROLES)), active: z.boolean() });

const rowOf = <const T extends string, R extends z.ZodType>(table: T, row: R) =>
  z.object({ table: z.literal(table), id, row: row.nullable() });

/** One row as a desk keeps it, as it is on the server now; `row: null` says "forget it". */
export const syncRow = z.discriminatedUnion('table', [
  rowOf('clinic', clinicRow),
  rowOf('queue', queueRow),
  rowOf('room', room),
  rowOf('board', board),
  rowOf('boardView', boardView),
  rowOf('person', personRow),
  rowOf('visit', z.object({ visit: visitRow, steps: z.array(stepRow) })),
  rowOf('patient', patientRecord),
]);
export type SyncRow = z.output<typeof syncRow>;
/** A row as the server gives it. */
export type GivenRow = z.input<typeof syncRow>;
export type SyncTable = SyncRow['table'];
export type RowOf<T extends SyncTable> = NonNullable<Extract<SyncRow, { table: T }>['row']>;

export const sync = {
  hello: query({
    route: 'POST /sync/hello',
    summary:
      'A desk says which language it speaks and what it has not sent yet; it is told the server’s time and timeline.',
    who: 'station',
    input: z.object({
      protocol: integer(-1, 1000),
      appVersion: z.string().max(40),
      unsent: integer(0, 1_000_000),
    }),
    output: z.object({
      protocol: z.int(),
      version: z.string(),
      time: ms.meta({ description: 'The server’s clock, ms since 1970.' }),
      epoch: z.string(),
      seq: z.int(),
      station: z.string(),
    }),
    errors: ['protocol_too_old', 'protocol_too_new'],
    perMinute: 600,
  }),
  fill: query({
    route: 'GET /sync/fill',
    summary:
      'Everything that this desk may keep, page by page: give `cursor` back to go on. What changes meanwhile comes by `sync.since` from the first page’s `seq`.',
    who: 'station',
    input: z.object({ cursor: z.string().max(200).optional(), limit: integer(1, 1000).default(500) }),
    output: z.object({
      epoch: z.string(),
      seq: z.int(),
      rows: z.array(syncRow),
      cursor: z.string().nullable(),
      total: z.int().meta({ description: 'Rows in all, about: for a progress bar.' }),
    }),
    errors: [],
    perMinute: 6000,
  }),
  proof: query({
    route: 'GET /sync/proof',
    summary: 'How many visits a clinic day has and a hash over them (`contract/proof.ts`), as of a change number.',
    who: 'station',
    input: z.object({ day }),
    output: z.object({ seq: z.int(), count: z.int(), sha256: z.string() }),
    errors: [],
  }),
  since: query({
    route: 'GET /sync/since',
    summary: 'The rows that changed after a change number, as they are now, and the commands that changed them.',
    who: 'station',
    input: z.object({ since: integer(0, Number.MAX_SAFE_INTEGER), epoch: z.string().max(64) }),
    output: z.object({
      epoch: z.string(),
      seq: z.int(),
      rows: z.array(syncRow),
      commandIds: z.array(id),
      more: z.boolean(),
    }),
    errors: ['feed_gap'],
    perMinute: 6000,
  }),
};
