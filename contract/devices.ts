import * as z from 'zod';
import { STATION_PLACES } from '../domain/station.ts';
import { signedIn } from './auth.ts';
import { command, query, session } from './kit.ts';
import { id, instant, name, ok } from './shapes.ts';

const place = z.enum(STATION_PLACES);
const version = z.string().max(40);
/** Six digits, as a person types them. */
const code = z
  .string()
  .transform((typed) => typed.replace(/\D/g, ''))
  .pipe(z.string().length(6, 'Six digits.'))
  .meta({ override: { type: 'string' } });
const hex32 = z.string().regex(/^[0-9a-f]{64}$/, '32 bytes in hex');
const publicKey = z.string().startsWith('-----BEGIN PUBLIC KEY-----').max(2000);

export const device = z
  .object({
    id,
    kind: z.enum(['desktop', 'browser', 'program']),
    name: z.string(),
    lastSeenAt: instant,
    revokedAt: instant.nullable(),
    people: z.array(z.string()).meta({ description: 'Who is signed in there, by name.' }),
    station: z
      .object({
        code: z
          .string()
          .meta({ description: 'Stands on what this desk prints without the server. Never given twice.' }),
        place,
        appVersion: version,
        unsent: z.int().meta({ description: 'What it has done without the server and not handed over yet.' }),
        certificateUntil: instant,
      })
      .nullable()
      .meta({ description: 'Of a paired desk.' }),
  })
  .meta({ id: 'Device' });

export const devices = {
  list: query({
    route: 'GET /devices',
    summary: 'The paired desks of this branch, and the browsers and programs of the last 90 days; the latest first.',
    who: ['admin'],
    input: z.object({}),
    output: z.object({ devices: z.array(device) }),
    errors: [],
  }),
  rename: command({
    route: 'PATCH /devices/{id}',
    summary: 'Gives a device another name, and a desk another use.',
    who: ['admin'],
    input: z.object({ id, name: name(60), place: place.optional() }),
    output: ok,
    errors: ['not_found'],
  }),
  revoke: command({
    route: 'POST /devices/{id}/revoke',
    summary:
      'Ends whatever a device does here, at once. A desk must be paired again; elsewhere a person signs in again.',
    who: ['admin'],
    input: z.object({ id }),
    output: ok,
    errors: ['not_found'],
  }),
  me: query({
    route: 'GET /desk',
    summary: 'This desk as the clinic knows it.',
    who: 'station',
    input: z.object({}),
    output: z.object({
      deviceId: id,
      name: z.string(),
      place,
      code: z.string(),
      clinic: z.string(),
      clinicId: id,
      epoch: id.meta({ description: 'Grows with every restore: a smaller one is an older copy of this clinic.' }),
      time: instant,
    }),
    errors: [],
  }),
  renew: command({
    route: 'POST /desk/certificate',
    summary: 'A new certificate for the same key. Also with one that ran out less than 90 days ago.',
    who: 'station',
    input: z.object({ publicKey }),
    output: z.object({ certificate: z.string(), until: instant }),
    errors: ['not_this_clinic'],
  }),
};

const pending = z.object({
  until: instant.nullable().meta({ description: 'Until when a desk may be added; null when none may.' }),
  addresses: z.array(z.string()).meta({ description: 'Where a new desk finds this server, for typing.' }),
  triesLeft: z.int(),
  strangers: z.int().meta({ description: 'Others that tried to be added at the same time.' }),
  desk: z
    .object({
      pairingId: id,
      appVersion: version,
      address: z.string(),
      ready: z.boolean().meta({ description: 'It shows its code.' }),
      paired: z.boolean(),
    })
    .nullable(),
});

export const pairing = {
  open: command({
    route: 'POST /pairing',
    summary: 'Lets one new desk be added within five minutes. Opens the desks’ door when it is not open yet.',
    who: ['admin'],
    fresh: true,
    input: z.object({}),
    output: pending,
    errors: ['pairing_limit', 'step_up'],
  }),
  pending: query({
    route: 'GET /pairing',
    summary: 'Whether a desk may be added, and which one asks.',
    who: ['admin'],
    input: z.object({}),
    output: pending,
    errors: [],
  }),
  confirm: command({
    route: 'POST /pairing/{pairingId}/confirm',
    summary: 'Adds the desk that shows this code. The answer holds the code that is to be typed there.',
    who: ['admin'],
    input: z.object({ pairingId: id, code, name: name(60), place }),
    output: z.object({ answer: z.string(), deviceId: id, stationCode: z.string() }),
    errors: ['pairing_closed', 'wrong_code'],
    status: 201,
  }),
  cancel: command({
    route: 'POST /pairing/cancel',
    summary: 'No desk may be added any more.',
    who: ['admin'],
    input: z.object({}),
    output: ok,
    errors: [],
  }),
  begin: session({
    route: 'POST /pairing/begin',
    summary: 'A new desk asks to be added, by the desks’ door: it commits itself to a number and hears the server’s.',
    who: 'public',
    input: z.object({ commitment: hex32, publicKey, appVersion: version }),
    output: z.object({ pairingId: id, clinicId: id, root: z.string(), serverNonce: hex32, until: instant }),
    errors: ['pairing_closed', 'pairing_busy'],
    perMinute: 30,
  }),
  reveal: session({
    route: 'POST /pairing/{pairingId}/reveal',
    summary: 'The desk says its number; from now on both sides know the codes.',
    who: 'public',
    input: z.object({ pairingId: id, deskNonce: hex32 }),
    output: ok,
    errors: ['pairing_closed'],
    perMinute: 30,
  }),
  collect: query({
    route: 'GET /pairing/{pairingId}',
    summary: 'What the desk gets once the administrator has added it; null until then.',
    who: 'public',
    input: z.object({ pairingId: id }),
    output: z.object({
      desk: z
        .object({
          certificate: z.string(),
          deviceId: id,
          stationCode: z.string(),
          name: z.string(),
          place,
          clinic: z.string(),
          epoch: id,
        })
        .nullable(),
    }),
    errors: ['pairing_closed'],
    perMinute: 120,
  }),
};

/** A browser without a keyboard, or with nobody before it: a TV, a tablet on the wall. */
export const screens = {
  show: session({
    route: 'POST /screens',
    summary: 'A browser asks to become a screen of the clinic: it shows the code for ten minutes.',
    who: 'public',
    input: z.object({}),
    output: z.object({
      screenId: id.meta({ description: 'Known to this browser alone.' }),
      code: z.string(),
      until: instant,
    }),
    errors: ['screens_busy'],
    perMinute: 30,
  }),
  add: command({
    route: 'POST /screens/add',
    summary: 'Makes the browser that shows this code a screen, signed in as an account that only displays.',
    who: ['admin'],
    fresh: true,
    input: z.object({ code, userId: id, name: name(60) }),
    output: ok,
    errors: ['wrong_code', 'not_found', 'display_only', 'step_up'],
  }),
  waiting: query({
    route: 'GET /screens/{screenId}',
    summary: 'Whether an administrator has made this browser a screen.',
    who: 'public',
    input: z.object({ screenId: id }),
    output: z.object({ added: z.boolean() }),
    errors: ['pairing_closed'],
    perMinute: 60,
  }),
  enter: session({
    route: 'POST /screens/{screenId}/enter',
    summary: 'Begins the sign-in of a browser that was made a screen. Once.',
    who: 'public',
    input: z.object({ screenId: id }),
    output: signedIn,
    errors: ['pairing_closed'],
    perMinute: 10,
  }),
};

/** What a desk hands in later for whoever did it there, beside what it decides alone (`offline`). */
export const HANDED_IN: readonly string[] = ['visits.issueOffline', 'patients.opened', 'sheet.report'];

/** What somebody may call on the desks' door without a certificate, and on no door of the network else. */
export const STRANGERS: readonly string[] = ['system.health', 'pairing.begin', 'pairing.reveal', 'pairing.collect'];
