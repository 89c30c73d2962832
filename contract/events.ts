import * as z from 'zod';
import { event, type Payload } from './kit.ts';
import { boardView, id, job, stepState } from './shapes.ts';

/**
 * What the server announces. These are kept in the change feed, in the order of their commits; a socket only says that
 * they are there. Payloads hold ids.
 */
export const events = {
  'visit.changed': event(
    'A visit began or moved on.',
    z.object({ visitId: id, patientId: id, queueId: id, state: stepState }),
  ),
  'call.announced': event(
    'Someone is called to a room.',
    z.object({ callSeq: z.int(), visitId: id, roomId: id, queueId: id }),
  ),
  'call.acknowledged': event(
    'A board showed or spoke a call.',
    z.object({ callSeq: z.int(), shown: z.boolean(), spoken: z.boolean() }),
  ),
  'patient.changed': event('A patient’s record changed.', z.object({ patientId: id })),
  'note.changed': event('Somebody wrote about a visit.', z.object({ visitId: id, patientId: id })),
  'queue.changed': event('A queue was opened, paused, closed or changed.', z.object({ queueId: id })),
  'room.changed': event('A room changed, or who works there.', z.object({ roomId: id })),
  'board.changed': event('What a board is to show changed.', z.object({ boardId: id })),
  'user.changed': event('An account changed.', z.object({ userId: id })),
  'device.changed': event('A device was added, renamed or revoked.', z.object({ deviceId: id })),
  'settings.changed': event('The clinic’s settings changed.', z.object({ version: z.int() })),
  'pharmacy.changed': event('A pharmacy was added, or changed.', z.object({ pharmacyId: id })),
  'verification.changed': event(
    'Somebody’s identity documents changed, or were decided about.',
    z.object({ subjectId: id }),
  ),
  'sheet.changed': event('Something came to the sheet, or was settled.', z.object({ sheetId: id })),
  'day.closed': event('A clinic day was closed.', z.object({ day: z.string() })),
};
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = Payload<(typeof events)[N]>;

/** What goes over a socket, from the server only. Clients send nothing: commands go by HTTP. */
export const socketMessages = {
  changed: z.object({
    epoch: z.string(),
    seq: z.int(),
    entries: z.array(
      z.object({
        seq: z.int(),
        event: z.string(),
        payload: z.record(z.string(), z.unknown()),
        commandId: id.nullable(),
      }),
    ),
  }),
  board: boardView,
  job,
};
export type SocketMessages = {
  [M in keyof typeof socketMessages]: (message: z.output<(typeof socketMessages)[M]>) => void;
};
