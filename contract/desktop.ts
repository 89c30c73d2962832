import * as z from 'zod';
import { STATION_PLACES } from '../domain/station.ts';
import { event, type Payload } from './kit.ts';

/**
 * What the desktop's own process and its pages say to one another, beside the clinic's operations: what belongs to this
 * computer and not to the clinic. A browser has none of it.
 */
const call = <I extends z.ZodType, O extends z.ZodType>(summary: string, input: I, output: O) => ({
  summary,
  input,
  output,
});

/** `name:port` or `number:port`, as a person types it; the port of the desks' door when none is said. */
const address = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9.-]{0,252}(:\d{1,5})?$/, 'For example 192.168.1.10 or clinic.local:7444')
  .transform((typed) => (typed.includes(':') ? typed : `${typed}:7444`));

/** Why this desk is not with its server: each is something else for a person to do. */
export const TROUBLES = ['nobody', 'not_ours', 'clock', 'revoked', 'expired', 'older'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** One address that was tried on the way to the server; without one, that way had none to offer. */
const foundStep = z.object({
  step: z.enum(['typed', 'last', 'network', 'known']),
  address: z.string().nullable(),
  outcome: z.enum(['found', ...TROUBLES]),
});
export type FoundStep = Readonly<z.output<typeof foundStep>>;

const deskState = z.object({
  /** What the keychain makes possible; `changed`: it holds another secret than the one this desk was added with. */
  keychain: z.enum(['available', 'locked', 'silent', 'absent', 'changed']),
  joined: z
    .object({ clinic: z.string(), name: z.string(), code: z.string(), place: z.enum(STATION_PLACES) })
    .nullable()
    .meta({ description: 'Of which clinic this computer is a desk.' }),
  trouble: z.enum(TROUBLES).nullable(),
});
export type DeskState = Readonly<z.output<typeof deskState>>;

/** A paired desk's own work: what it has not handed over, how far its first fill is (0–1), how far its clock is ahead (ms). */
const ownWork = { unsent: z.int(), filling: z.number().nullable(), skew: z.int() };

const link = z.discriminatedUnion('state', [
  z.object({ state: z.literal('connecting') }),
  z.object({ state: z.literal('online'), ...ownWork }),
  z.object({ state: z.literal('offline'), since: z.int(), restarting: z.boolean(), alone: z.boolean(), ...ownWork }),
]);

/** What became of something that was done at this desk. */
export const ITEM_STATES = ['waiting', 'confirmed', 'refused', 'aside'] as const;
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const deskItem = z.object({
  n: z.int(),
  operation: z.string(),
  label: z.string().nullable().meta({ description: 'The token or the number that was given.' }),
  by: z.string(),
  madeAt: z.int(),
  state: z.enum(ITEM_STATES),
  attempts: z.int(),
  refusal: z.object({ code: z.string(), facts }).nullable(),
});
export type DeskItem = Readonly<z.output<typeof deskItem>>;
const deskWork = z.object({
  items: z.array(deskItem).meta({ description: 'The latest first.' }),
  visits: z.int(),
  patients: z.int(),
  readAt: z.int().nullable().meta({ description: 'When this desk last read from the server.' }),
  trouble: z.string().nullable(),
  lostAt: z
    .int()
    .nullable()
    .meta({ description: 'When what was not handed over was found damaged, until the server has heard of it.' }),
});
export type DeskWork = Readonly<z.output<typeof deskWork>>;
const counted = z.object({ count: z.int(), sha256: z.string() });
const n = z.strictObject({ n: z.int().min(1) });

/** What a page calls one of its calls by, to hear of it and to stop it. */
export const callId = z.string().regex(/^[\x21-\x7e]{1,64}$/);

/** What a page may ask of the desktop. Whoever sits there may: nothing here reads or changes a record. */
export const desktopCalls = {
  'desktop.language': call(
    'The language chosen on this desk, for the menus and questions that are not in the page.',
    z.strictObject({ language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/) }),
    z.null(),
  ),
  'desktop.link': call('How it stands with the server now.', z.strictObject({}), link),
  'desk.state': call(
    'Whether this computer is a desk of a clinic, and what keeps it from its server.',
    z.strictObject({}),
    deskState,
  ),
  'desk.search': call(
    'The servers that say on the network that they are one, by their addresses.',
    z.strictObject({}),
    z.object({ servers: z.array(z.string()) }),
  ),
  'desk.pair': call(
    'Asks a server to be added as its desk; the code is for the administrator.',
    z.strictObject({ address }),
    z.object({ code: z.string(), until: z.iso.datetime() }),
  ),
  'desk.answer': call(
    'The code that the administrator’s screen shows: then this computer is a desk of that clinic.',
    z.strictObject({ code: z.string().regex(/^[\d -]{1,20}$/) }),
    deskState,
  ),
  'desk.find': call(
    'Looks for this desk’s server, also where somebody says that it is, and tells each step.',
    z.strictObject({ address: address.optional() }),
    z.object({ steps: z.array(foundStep) }),
  ),
  'work.list': call(
    'What was done at this desk, and what it has of the clinic. For whoever is signed in; without names of patients.',
    z.strictObject({}),
    deskWork.nullable(),
  ),
  'work.prove': call(
    'Compares the visits of today that this desk knows with the server’s: by how many, and by a hash over them.',
    z.strictObject({}),
    z.object({ day: z.string(), here: counted, server: counted, same: z.boolean() }),
  ),
  'work.again': call('Sends once more what the server had refused.', n, deskWork.nullable()),
  'work.setAside': call(
    'Somebody has seen to what the server refused: it is kept, and no longer shown as open.',
    n,
    deskWork.nullable(),
  ),
  'work.export': call(
    'Saves what was not handed over as a file, for whoever has to type it elsewhere.',
    z.strictObject({}),
    z.null(),
  ),
  'desktop.idle': call(
    'After how many minutes without anybody at this computer the pages hide themselves; 0 is never.',
    z.strictObject({ minutes: z.int().min(0).max(240) }),
    z.null(),
  ),
  'desktop.stop': call(
    'Stops a download that was asked for under this name; nothing of it is kept.',
    z.strictObject({ callId }),
    z.null(),
  ),
};
export type DesktopCall = keyof typeof desktopCalls;
type Answer<N extends DesktopCall> = z.input<(typeof desktopCalls)[N]['output']>;
export type DesktopHandlers = {
  readonly [N in DesktopCall]: (input: z.output<(typeof desktopCalls)[N]['input']>) => Answer<N> | Promise<Answer<N>>;
};
export type DesktopAnswer<N extends DesktopCall> = Readonly<z.output<(typeof desktopCalls)[N]['output']>>;
export type DesktopInput<N extends DesktopCall> = z.input<(typeof desktopCalls)[N]['input']>;

/** What the desktop tells its pages, beside what the server announces. */
export const desktopEvents = {
  link: event(
    'How it stands with the server. While it is offline, `restarting` says that this computer starts its own again, and `alone` that this desk goes on without it.',
    link,
  ),
  local: event(
    'What this desk knows by itself is another now: whatever is on the screen is asked again.',
    z.object({}),
  ),
  download: event('How many entries of a download have arrived.', z.object({ callId, done: z.int(), total: z.int() })),
  lock: event(
    'Nobody is at this computer any more: its screen was locked, it goes to sleep, or nobody touched it for a while.',
    z.object({ reason: z.enum(['screen', 'sleep', 'idle']) }),
  ),
};
export type DesktopEvent = keyof typeof desktopEvents;
export type DesktopPayload<N extends DesktopEvent> = Payload<(typeof desktopEvents)[N]>;
