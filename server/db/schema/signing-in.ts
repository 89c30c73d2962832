import type { SignInHow, SignInOutcome, SignInSign } from '../../../domain/sign-in-risk.ts';
import type { Columns } from '../columns.ts';
import type { deviceTables } from './devices.ts';
import type { Ground } from './ground.ts';
import type { peopleTables } from './people.ts';

type People = ReturnType<typeof peopleTables>;
type Devices = ReturnType<typeof deviceTables>;

/** How people prove who they are, where they did, and who tried. */
export function signingInTables(k: Columns, { branchId, times }: Ground, { users, devices }: People & Devices) {
  const userId = () =>
    k
      .text('user_id')
      .notNull()
      .references(() => users.id);
  const deviceId = () =>
    k
      .text('device_id')
      .notNull()
      .references(() => devices.id);

  /** A PIN for switching people on a shared desk; never enough on a device where its owner has not signed in lately. */
  const pins = k.table('pins', {
    userId: k
      .text('user_id')
      .primaryKey()
      .references(() => users.id),
    branchId: branchId(),
    hash: k.text('hash').notNull(),
    failures: k.int('failures').notNull(),
    ...times,
  });

  /** Who signed in on which device with their password, and when the last time. */
  const devicePeople = k.table(
    'device_people',
    {
      deviceId: deviceId(),
      userId: userId(),
      branchId: branchId(),
      at: k.int('at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.deviceId, t.userId] })],
  );

  /**
   * Who has signed in at a paired desk, and how often somebody guessed wrong there since: at a desk of one's own only the
   * guesses made at it count, so that nobody locks a doctor out from the waiting room.
   */
  const ownDesks = k.table(
    'own_desks',
    {
      deviceId: deviceId(),
      userId: userId(),
      branchId: branchId(),
      failures: k.int('failures').notNull(),
      stage: k.int('stage').notNull(),
      lockedUntil: k.int('locked_until'),
    },
    (t) => [k.primaryKey({ columns: [t.deviceId, t.userId] })],
  );

  /** For whoever has lost the telephone: each opens once. */
  const recoveryCodes = k.table(
    'recovery_codes',
    {
      hash: k.text('hash').primaryKey(),
      userId: userId(),
      branchId: branchId(),
      usedAt: k.int('used_at'),
      ...times,
    },
    (t) => [k.index('recovery_codes_user').on(t.userId)],
  );

  /** Security keys (WebAuthn Level 2): the public half, and the host on whose pages each answers. */
  const securityKeys = k.table(
    'security_keys',
    {
      id: k.text('id').primaryKey(),
      userId: userId(),
      branchId: branchId(),
      /** What the key calls itself. */
      credential: k.text('credential').notNull(),
      host: k.text('host').notNull(),
      name: k.text('name').notNull(),
      publicKey: k.bytes('public_key').notNull(),
      transports: k.json<string[]>('transports').notNull(),
      /** How often it says that it was used; one that falls behind is a copy. */
      counter: k.int('counter').notNull(),
      lastUsedAt: k.int('last_used_at'),
      ...times,
    },
    (t) => [k.unique('security_keys_credential').on(t.credential), k.index('security_keys_user').on(t.userId)],
  );

  /** Somebody whose password was right, and who has not typed the second factor yet. One for each person: the newest. */
  const tickets = k.table('sign_in_tickets', {
    userId: k
      .text('user_id')
      .primaryKey()
      .references(() => users.id),
    branchId: branchId(),
    hash: k.text('hash').notNull(),
    /** Wrong codes that were typed with it. */
    tries: k.int('tries').notNull(),
    expiresAt: k.int('expires_at').notNull(),
    ...times,
  });

  /** Codes that were sent by mail: of each purpose the newest alone, and how many were sent lately. */
  const mailedCodes = k.table(
    'mailed_codes',
    {
      userId: userId(),
      purpose: k.text<'sign_in' | 'verify_email' | 'reset'>('purpose').notNull(),
      branchId: branchId(),
      /** Null once it was used, or guessed at too often. */
      hash: k.text('hash'),
      tries: k.int('tries').notNull(),
      expiresAt: k.int('expires_at').notNull(),
      /** So many within the quarter of an hour that began then; the last of them at `sentAt`. */
      sends: k.int('sends').notNull(),
      countedFrom: k.int('counted_from').notNull(),
      sentAt: k.int('sent_at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.userId, t.purpose] })],
  );

  /** Who tried to sign in, from where, and how unusual that was. Of a name that nobody has: nothing of what was typed. */
  const signIns = k.table(
    'sign_ins',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      userId: k.text('user_id').references(() => users.id),
      at: k.int('at').notNull(),
      outcome: k.text<SignInOutcome>('outcome').notNull(),
      how: k.text<SignInHow>('how').notNull(),
      deviceId: k.text('device_id'),
      device: k.text('device').notNull(),
      origin: k.text('origin').notNull(),
      /** 0–100, and what it is made of. */
      risk: k.int('risk').notNull(),
      signs: k.json<SignInSign[]>('signs').notNull(),
    },
    (t) => [k.index('sign_ins_branch').on(t.branchId, t.at), k.index('sign_ins_user').on(t.userId, t.at)],
  );

  return { pins, devicePeople, ownDesks, recoveryCodes, securityKeys, tickets, mailedCodes, signIns };
}
