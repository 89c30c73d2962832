import * as z from 'zod';
import { event, type Payload } from './kit.ts';

/**
 * What the desktop's own process and its pages say to one another, beside the clinic's operations: what belongs to this
 * computer and not to the clinic. A browser has none of it.
 */
const call = <I extends z.ZodType>(summary: string, input: I) => ({ summary, input });

/** What a page calls one of its calls by, to hear of it and to stop it. */
export const callId = z.string().regex(/^[\x21-\x7e]{1,64}$/);

/** What a page may ask of the desktop. Whoever sits there may: nothing here reads or changes a record. */
export const desktopCalls = {
  'desktop.language': call(
    'The language chosen on this desk, for the menus and questions that are not in the page.',
    z.strictObject({ language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/) }),
  ),
  'desktop.idle': call(
    'After how many minutes without anybody at this computer the pages hide themselves; 0 is never.',
    z.strictObject({ minutes: z.int().min(0).max(240) }),
  ),
  'desktop.stop': call(
    'Stops a download that was asked for under this name; nothing of it is kept.',
    z.strictObject({ callId }),
  ),
};
export type DesktopCall = keyof typeof desktopCalls;
export type DesktopHandlers = {
  readonly [N in DesktopCall]: (input: z.output<(typeof desktopCalls)[N]['input']>) => void;
};

/** What the desktop tells its pages, beside what the server announces. */
export const desktopEvents = {
  link: event(
    'How it stands with the server. While it is offline, `restarting` says that this computer starts its own again.',
    z.discriminatedUnion('state', [
      z.object({ state: z.literal('connecting') }),
      z.object({ state: z.literal('online') }),
      z.object({ state: z.literal('offline'), since: z.int(), restarting: z.boolean() }),
    ]),
  ),
  download: event('How many entries of a download have arrived.', z.object({ callId, done: z.int(), total: z.int() })),
  lock: event(
    'Nobody is at this computer any more: its screen was locked, it goes to sleep, or nobody touched it for a while.',
    z.object({ reason: z.enum(['screen', 'sleep', 'idle']) }),
  ),
};
export type DesktopEvent = keyof typeof desktopEvents;
export type DesktopPayload<N extends DesktopEvent> = Payload<(typeof desktopEvents)[N]>;
