import * as z from 'zod';
import { CATEGORIES, SEXES } from '../domain/patient.ts';
import { PLATFORMS, ROLES } from '../domain/people.ts';
import { LEVELS } from '../domain/rights.ts';
import { VERIFICATION_STATUSES } from '../domain/verification.ts';
import { PRIORITIES, STEP_STATES } from '../domain/visit.ts';

/** Shapes that several operations share. Instants are ISO 8601 in UTC, clinic days `YYYY-MM-DD`, durations milliseconds. */
export const id = z.string().min(1).max(64);
export const instant = z.iso.datetime();
export const day = z.iso.date();
export const text = (max: number) => z.string().trim().max(max);
export const name = (max = 100) => z.string().trim().min(1).max(max);
export const role = z.enum(ROLES);
export const priority = z.enum(PRIORITIES);
export const stepState = z.enum(STEP_STATES);

export const ok = z.object({ ok: z.literal(true) });

export const waitRange = z
  .object({ low: z.int(), high: z.int() })
  .meta({ id: 'WaitRange', description: 'P50 and P90 of the wait, in ms.' });

const visitFields = {
  id,
  token: z.string(),
  state: stepState,
  queueId: id,
  patientId: id,
  clinicDay: day,
  stepId: id,
  version: z.int(),
  place: z.int().nullable().meta({ description: '1 is next; null when not waiting.' }),
  priority,
  reason: z.string().nullable(),
  arrivedAt: instant,
  waitingSince: instant,
  roomId: id.nullable(),
  staffId: id.nullable(),
  forRoomId: id.nullable(),
  forStaffId: id.nullable(),
  callCount: z.int(),
  calledAt: instant.nullable(),
  enteredAt: instant.nullable(),
  endedAt: instant.nullable(),
  endReason: z.string().nullable(),
  estimate: waitRange.nullable(),
};
export const visit = z.object(visitFields).meta({ id: 'Visit' });

export const patientSummary = z
  .object({
    id,
    registrationNumber: z.string(),
    name: z.string(),
    birthDate: day.nullable(),
    birthDateEstimated: z.boolean(),
    sex: z.enum(SEXES),
    phone: z.string().nullable(),
    identified: z.boolean(),
    archivedAt: instant.nullable(),
  })
  .meta({ id: 'PatientSummary' });

/** A visit as a screen lists it: with whose it is, and how it came to stand there. */
export const visitRow = visit
  .extend({
    patient: patientSummary,
    placeReason: z.string().nullable(),
    expected: waitRange
      .nullable()
      .meta({ description: 'The wait from now on, by the place of now; null when it cannot be told.' }),
  })
  .meta({ id: 'VisitRow' });

export const allergy = z
  .object({ substance: name(200), reaction: text(200).nullable().default(null) })
  .meta({ id: 'Allergy' });
/** What of a patient may be written. Without defaults: a change that does not name a field leaves it alone. */
export const patientFields = z.object({
  name: name(200),
  birthDate: day.nullable(),
  birthDateEstimated: z.boolean(),
  sex: z.enum(SEXES),
  phone: text(40).nullable(),
  address: text(400).nullable(),
  category: z.enum(CATEGORIES),
  nextOfKinName: text(200).nullable(),
  nextOfKinPhone: text(40).nullable(),
  notes: text(4000).nullable(),
  allergies: z.array(allergy).max(100),
});
const f = patientFields.shape;
export const patientInput = z.object({
  name: f.name,
  birthDate: f.birthDate.default(null),
  birthDateEstimated: f.birthDateEstimated.default(false),
  sex: f.sex.default('unknown'),
  phone: f.phone.default(null),
  address: f.address.default(null),
  category: f.category.default('01'),
  nextOfKinName: f.nextOfKinName.default(null),
  nextOfKinPhone: f.nextOfKinPhone.default(null),
  notes: f.notes.default(null),
  allergies: f.allergies.default([]),
});

export const patient = patientSummary
  .extend({
    address: z.string().nullable(),
    category: z.enum(CATEGORIES),
    nextOfKinName: z.string().nullable(),
    nextOfKinPhone: z.string().nullable(),
    notes: z.string().nullable(),
    allergies: z.array(allergy),
    mergedIntoId: id.nullable(),
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Patient' });

/** A patient's record as somebody opens it: with the last five visits, and the numbers of records merged into it. */
export const patientRecord = patient.extend({
  lastVisits: z.array(
    z.object({ id, day, token: z.string(), queueId: id, state: stepState, reason: z.string().nullable() }),
  ),
  otherNumbers: z.array(z.string()),
});

export const orderPolicy = z
  .object({
    kind: z.enum(['absolute', 'ratio']),
    ratio: z.int().min(1).max(20),
    maxWaitMinutes: z.object({
      emergency: z.int().min(1).max(1440),
      priority: z.int().min(1).max(1440),
      appointment: z.int().min(1).max(1440),
      normal: z.int().min(1).max(1440),
    }),
  })
  .meta({ id: 'OrderPolicy' });

export const queue = z
  .object({
    id,
    code: z.string(),
    name: z.string(),
    state: z.enum(['open', 'paused', 'closed']),
    policy: orderPolicy,
    returnTo: z.enum(['place', 'end']),
    rejoinAfter: z.int(),
    waiting: z.int(),
    /** The wait of someone who comes now; null is "cannot tell yet". */
    newcomerWait: waitRange.nullable(),
    longestWaitSince: instant.nullable(),
    rooms: z.array(id),
    version: z.int(),
  })
  .meta({ id: 'Queue' });

export const room = z
  .object({
    id,
    name: z.string(),
    capacity: z.int(),
    queueIds: z.array(id),
    workers: z.array(z.object({ id, name: z.string() })),
    version: z.int(),
  })
  .meta({ id: 'Room' });

export const board = z
  .object({
    id,
    name: z.string(),
    names: z.enum(['none', 'first', 'full']),
    queueIds: z.array(id),
    notice: z.string().nullable(),
    version: z.int(),
  })
  .meta({ id: 'Board' });

/** What hangs on the wall. */
export const boardView = z
  .object({
    id,
    name: z.string(),
    clinic: z.string(),
    /** Change number of what is shown: a newer one replaces an older one. */
    seq: z.int(),
    at: instant,
    notice: z.string().nullable(),
    calls: z.array(
      z.object({
        callSeq: z.int(),
        visitId: id,
        token: z.string(),
        room: z.string(),
        state: z.enum(['called', 'in_room']),
        calledAt: instant,
        name: z.string().nullable(),
      }),
    ),
    recent: z.array(z.object({ token: z.string(), room: z.string() })).meta({
      description: 'Called a while ago and no longer in a room, the latest first: for whoever was out of hearing.',
    }),
    queues: z.array(
      z.object({
        id,
        code: z.string(),
        name: z.string(),
        state: z.enum(['open', 'paused', 'closed']),
        waiting: z.int(),
        next: z.array(z.string()),
        range: waitRange.nullable(),
      }),
    ),
  })
  .meta({ id: 'BoardView' });

/** A right of one account: a group of operations, and how much of it. */
export const grant = z
  .object({
    feature: z.string(),
    level: z.enum(LEVELS),
    from: instant,
    until: instant.nullable().meta({ description: 'Null is for good.' }),
  })
  .meta({ id: 'Grant' });

export const user = z
  .object({
    id,
    username: z.string(),
    name: z.string(),
    code: z.string().meta({ description: 'Six letters and digits: a short name to sign in with.' }),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    roles: z.array(role),
    branchId: id,
    boardId: id.nullable(),
    active: z.boolean(),
    grants: z.array(grant).meta({ description: 'What they may do beyond their roles, or not at all.' }),
    platforms: z.array(z.enum(PLATFORMS)).meta({ description: 'By what they may sign in; none said is all.' }),
    ranges: z.array(z.string()).meta({ description: 'From which networks (CIDR); none said is all.' }),
    suspended: z
      .object({ reason: z.string(), since: instant, until: instant.nullable() })
      .nullable()
      .meta({ description: 'Kept out by an administrator; `until` null is for good.' }),
    secondFactor: z.boolean().meta({ description: 'Signs in with a second factor.' }),
    verification: z.enum(VERIFICATION_STATUSES).meta({ description: 'How their identity documents stand.' }),
    lockedUntil: instant.nullable(),
    lastSignInAt: instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'User' });

export const job = z
  .object({
    id,
    kind: z.enum(['import', 'verify', 'backup']),
    state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
    done: z.int(),
    total: z.int().nullable(),
    result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
    problem: z.string().nullable().meta({ description: 'What stopped it. A refusal’s code is `result.refusal`.' }),
    startedAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Job' });
