import * as z from 'zod';
import { PAPER_LANGUAGES, SLIP_FORMATS } from '../domain/paper.ts';
import { documentKind } from './identity.ts';
import { command, flag, integer, query } from './kit.ts';
import { day, id, instant, name, role, text } from './shapes.ts';

const account = z.object({ username: z.string(), password: z.string(), roles: z.array(role) });

export const system = {
  health: query({
    route: 'GET /health',
    summary: 'Whether the server can serve. 503 when its database cannot be used.',
    who: 'public',
    input: z.object({}),
    output: z.object({
      status: z.literal('ok'),
      service: z.literal('medlane'),
      version: z.string(),
      database: z.enum(['sqlite', 'postgres']),
      time: instant,
      setUp: z.boolean(),
      uptimeSeconds: z.int(),
    }),
    errors: [],
    perMinute: 600,
  }),
  now: query({
    route: 'GET /now',
    summary: 'The clinic at this moment, for its administrator.',
    who: ['admin'],
    input: z.object({}),
    output: z.object({
      clinicDay: day,
      waiting: z.int(),
      inRooms: z.int(),
      seenToday: z.int(),
      noShowsToday: z.int(),
      issuedToday: z.int(),
      longestWaitSince: instant.nullable(),
      connectedScreens: z.int(),
      lastBackupAt: instant.nullable(),
      backupWarning: z.string().nullable(),
      keyWarning: z.string().nullable(),
      hours: z
        .array(z.object({ hour: z.int(), issued: z.int(), usual: z.int().nullable() }))
        .meta({ description: 'Tokens by the hour of the clinic’s clock, from the first busy hour to the last.' }),
      usual: z
        .object({ days: z.int(), sameWeekday: z.boolean(), issuedByNow: z.int() })
        .nullable()
        .meta({ description: 'Medians of earlier days by this time; null while there are fewer than three.' }),
      accuracy: z
        .object({ day, promised: z.int(), kept: z.int(), pinball: z.number(), pinballOfMean: z.number() })
        .nullable(),
      days: z.array(z.object({ day, closedAt: instant, noShows: z.int(), cancelled: z.int() })),
    }),
    errors: [],
  }),
  connections: query({
    route: 'GET /connections',
    summary: 'The screens that listen to this server now: desks, boards, browsers.',
    who: ['admin'],
    input: z.object({}),
    output: z.object({
      connections: z.array(
        z.object({
          name: z.string().meta({ description: 'Whose account is signed in there.' }),
          place: z.string().meta({ description: 'What the desk calls itself; its address when it does not say.' }),
          here: z.boolean().meta({ description: 'On the server’s own computer.' }),
          since: instant,
        }),
      ),
    }),
    errors: [],
  }),
};

export const setup = {
  state: query({
    route: 'GET /setup',
    summary: 'Whether this server hosts a clinic yet.',
    who: 'public',
    input: z.object({}),
    output: z.object({
      setUp: z.boolean(),
      demo: z.boolean(),
      clinic: z.string().nullable(),
      here: z.boolean(),
      defaultTimeZone: z.string(),
      mail: z.boolean().meta({ description: 'Whether a forgotten password can be asked for by mail.' }),
      askAt: z
        .array(z.object({ id, name: z.string() }))
        .meta({ description: 'The branches where whoever works there may ask for an account.' }),
      /** The demonstration's accounts, to choose from when signing in; null in a real clinic. */
      accounts: z.array(account).nullable(),
    }),
    errors: [],
  }),
  host: command({
    route: 'POST /setup/host',
    summary:
      'Makes this server the clinic’s: its name, its time zone, its first administrator. Only from the server’s own computer.',
    who: 'public',
    input: z.object({
      clinic: name(120),
      timeZone: z.string().min(1).max(60),
      administrator: z.object({ name: name(120), username: name(60), password: z.string().min(1).max(128) }),
    }),
    output: z.object({
      recoveryKit: z.string().meta({ description: 'The clinic’s master key as text, shown once: print it.' }),
    }),
    errors: ['already_set_up', 'only_here', 'weak_password'],
    status: 201,
  }),
  demo: command({
    route: 'POST /setup/demo',
    summary: 'Makes this server a demonstration clinic with generated patients. Only from the server’s own computer.',
    who: 'public',
    input: z.object({}),
    output: z.object({ accounts: z.array(account) }),
    errors: ['already_set_up', 'only_here'],
    status: 201,
  }),
};

/** What stands on the clinic's papers, and how its slips are printed. */
const letterhead = z.object({
  address: text(300).nullable(),
  phone: text(40).nullable(),
  footer: text(200).nullable().meta({ description: 'The last line of every office paper.' }),
  slipFormat: z.enum(SLIP_FORMATS),
  paperLanguage: z.enum(PAPER_LANGUAGES),
  logo: z
    .string()
    .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'Base64')
    .max(120_000)
    .nullable()
    .meta({ description: 'PNG: 8 bits a channel, without interlacing, at most 1200 × 600 pixels.' }),
});

export const settings = {
  get: query({
    route: 'GET /settings',
    summary: 'How this clinic works.',
    who: 'anyone',
    input: z.object({}),
    output: z.object({
      clinic: z.string(),
      timeZone: z.string(),
      rollOverHour: z.int(),
      registrationPattern: z.string(),
      backupFolder: z.string().nullable(),
      idleLockMinutes: z.int(),
      secondFactorFor: z.array(role),
      oneSignIn: z.boolean(),
      signInsKeptDays: z.int(),
      idleSignOutHours: z.int(),
      selfRegistration: z.boolean(),
      staffDocuments: z.array(documentKind),
      patientDocuments: z.array(documentKind),
      pharmacyDocuments: z.array(documentKind),
      demo: z.boolean(),
      version: z.int(),
      ...letterhead.shape,
    }),
    errors: [],
  }),
  update: command({
    route: 'PATCH /settings',
    summary: 'Changes how this clinic works.',
    who: ['admin'],
    input: z.object({
      clinic: name(120).optional(),
      rollOverHour: integer(0, 12).optional(),
      registrationPattern: z.string().max(20).optional(),
      backupFolder: z.string().max(500).nullable().optional(),
      idleLockMinutes: integer(0, 240)
        .optional()
        .meta({ description: 'After so many minutes without a key a staff screen hides itself; 0 is never.' }),
      ...letterhead.partial().shape,
      expectedVersion: z.int().optional(),
    }),
    output: z.object({ version: z.int() }),
    errors: ['stale'],
  }),
  updateAccess: command({
    route: 'PATCH /settings/access',
    summary: 'Changes what this clinic asks of whoever signs in.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      secondFactorFor: z
        .array(role)
        .max(10)
        .optional()
        .meta({ description: 'Who signs in with a second factor: they set one up at their next sign-in.' }),
      oneSignIn: z.boolean().optional().meta({ description: 'Whoever signs in is signed out everywhere else.' }),
      selfRegistration: z.boolean().optional().meta({ description: 'Whoever works here may ask for an account.' }),
      idleSignOutHours: integer(1, 168)
        .optional()
        .meta({ description: 'A sign-in that nobody used for so many hours is over.' }),
      signInsKeptDays: integer(7, 3650)
        .optional()
        .meta({ description: 'For so many days it is kept who signed in, or tried to.' }),
      expectedVersion: z.int().optional(),
    }),
    output: z.object({ version: z.int() }),
    errors: ['stale', 'step_up'],
  }),
  updateDocuments: command({
    route: 'PATCH /settings/documents',
    summary: 'Changes which identity documents are asked for; an empty list asks for none.',
    who: ['admin'],
    fresh: true,
    input: z.object({
      staffDocuments: z.array(documentKind).max(20).optional(),
      patientDocuments: z.array(documentKind).max(20).optional(),
      pharmacyDocuments: z.array(documentKind).max(20).optional(),
      expectedVersion: z.int().optional(),
    }),
    output: z.object({ version: z.int() }),
    errors: ['stale', 'step_up'],
  }),
};

export const changes = {
  since: query({
    route: 'GET /changes',
    summary: 'What changed after a change number: how a client that was away catches up without a gap.',
    who: 'anyone',
    input: z.object({
      since: integer(0, Number.MAX_SAFE_INTEGER),
      epoch: z.string().max(64).optional(),
      limit: integer(1, 1000).default(500),
      rows: flag().default(false).meta({ description: 'Give the rows as they are today, too.' }),
    }),
    output: z.object({
      epoch: z.string(),
      seq: z.int(),
      entries: z.array(
        z.object({
          seq: z.int(),
          event: z.string(),
          payload: z.record(z.string(), z.unknown()),
          commandId: id.nullable(),
          row: z.record(z.string(), z.unknown()).nullable().optional(),
        }),
      ),
      more: z.boolean(),
    }),
    errors: ['feed_gap'],
  }),
};
