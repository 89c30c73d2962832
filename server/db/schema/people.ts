import { sql } from 'drizzle-orm';
import type { Platform, Preferences, RequestState, Role } from '../../../domain/people.ts';
import type { Grant } from '../../../domain/rights.ts';
import type { SignInHow, SignInOutcome, SignInSign } from '../../../domain/sign-in-risk.ts';
import type { Columns } from '../columns.ts';
import type { deviceTables } from './devices.ts';
import type { Ground } from './ground.ts';

/** Who works here, and where they are signed in. */
export function peopleTables(k: Columns, { branchId, times }: Ground, { devices }: ReturnType<typeof deviceTables>) {
  const users = k.table(
    'users',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      username: k.text('username').notNull(),
      usernameKey: k.text('username_key').notNull(),
      name: k.text('name').notNull(),
      /** Six letters and digits, as short as a name to sign in with can be. */
      code: k.text('code').notNull().default(''),
      email: k.text('email'),
      /** When a code that was sent to this address was typed; a new address is not verified yet. */
      emailVerifiedAt: k.int('email_verified_at'),
      /** Codes by mail are this person's second factor, or another one beside the app. */
      mailCodes: k.bool('mail_codes').notNull().default(false),
      /** As it is dialled from anywhere (E.164). */
      phone: k.text('phone'),
      roles: k.json<Role[]>('roles').notNull(),
      boardId: k.text('board_id'),
      passwordHash: k.text('password_hash').notNull(),
      active: k.bool('active').notNull(),
      /** What was granted beyond the roles, or taken away: at most one of each feature. */
      grants: k.json<Grant[]>('grants').notNull().default(sql`'[]'`),
      /** By what they may sign in, and from which networks (CIDR); nothing said is everything. */
      platforms: k.json<Platform[]>('platforms').notNull().default(sql`'[]'`),
      ranges: k.json<string[]>('ranges').notNull().default(sql`'[]'`),
      /** Somebody keeps them out, until a time or for good. */
      suspendedAt: k.int('suspended_at'),
      suspendedUntil: k.int('suspended_until'),
      suspendedFor: k.text('suspended_for'),
      /** The password was made by somebody else: a new one is chosen before anything else. */
      passwordGiven: k.bool('password_given').notNull().default(false),
      failures: k.int('failures').notNull(),
      stage: k.int('stage').notNull(),
      lockedUntil: k.int('locked_until'),
      lastSignInAt: k.int('last_sign_in_at'),
      /** The key of an authenticator app (TOTP, RFC 6238), sealed; a new one is pending until a code of it was typed. */
      totpKey: k.bytes('totp_key'),
      totpPending: k.bytes('totp_pending'),
      totpSince: k.int('totp_since'),
      /** The last 30 seconds whose code was used: none opens anything twice. */
      totpStep: k.int('totp_step').notNull().default(0),
      /** Since when a security key (WebAuthn) counts; the keys are rows of their own. */
      keySince: k.int('key_since'),
      /** A one-time code that an administrator gave, for whoever forgot the password. */
      resetHash: k.text('reset_hash'),
      resetUntil: k.int('reset_until'),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('users_username').on(t.usernameKey), k.index('users_branch').on(t.branchId)],
  );

  /** All that an account is signed in to by: no two people share any of it, whatever kind of name it is. */
  const signInNames = k.table(
    'sign_in_names',
    {
      key: k.text('key').primaryKey(),
      branchId: branchId(),
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
      kind: k.text<'username' | 'code' | 'email' | 'phone'>('kind').notNull(),
    },
    (t) => [k.index('sign_in_names_user').on(t.userId)],
  );

  const sessions = k.table(
    'sessions',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
      deviceId: k
        .text('device_id')
        .notNull()
        .references(() => devices.id),
      /** What this sign-in's refresh tokens are made from, and which of them is the newest. */
      seed: k.text('seed').notNull(),
      generation: k.int('generation').notNull(),
      rotatedAt: k.int('rotated_at').notNull(),
      /** When this person last proved who they are, by more than a PIN; 0 is not yet. */
      provedAt: k.int('proved_at').notNull().default(0),
      /** The network address it began from, or `local`. */
      origin: k.text('origin').notNull().default(''),
      expiresAt: k.int('expires_at').notNull(),
      endedAt: k.int('ended_at'),
      endReason: k.text('end_reason'),
      ...times,
    },
    (t) => [k.index('sessions_user').on(t.userId)],
  );

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
      deviceId: k
        .text('device_id')
        .notNull()
        .references(() => devices.id),
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
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
      deviceId: k
        .text('device_id')
        .notNull()
        .references(() => devices.id),
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
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
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
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
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
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

  /** How a person likes their screens, and what they look like. */
  const profiles = k.table('profiles', {
    userId: k
      .text('user_id')
      .primaryKey()
      .references(() => users.id),
    branchId: branchId(),
    preferences: k.json<Preferences>('preferences').notNull(),
    /** Sealed; a JPEG or a PNG. */
    picture: k.bytes('picture'),
    pictureMedia: k.text('picture_media'),
    ...times,
  });

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
      userId: k
        .text('user_id')
        .notNull()
        .references(() => users.id),
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

  /** Somebody who works here and has no account yet asks for one; an administrator decides. */
  const accountRequests = k.table(
    'account_requests',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      username: k.text('username').notNull(),
      name: k.text('name').notNull(),
      email: k.text('email'),
      phone: k.text('phone'),
      /** What they ask to be; an administrator says what they become. */
      roles: k.json<Role[]>('roles').notNull(),
      note: k.text('note'),
      /** Only while nobody has decided. */
      passwordHash: k.text('password_hash'),
      state: k.text<RequestState>('state').notNull(),
      reason: k.text('reason'),
      decidedBy: k.text('decided_by').references(() => users.id),
      decidedAt: k.int('decided_at'),
      ...times,
    },
    (t) => [k.index('account_requests_branch').on(t.branchId, t.state)],
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

  return {
    users,
    signInNames,
    signIns,
    sessions,
    pins,
    devicePeople,
    ownDesks,
    recoveryCodes,
    securityKeys,
    profiles,
    tickets,
    accountRequests,
    mailedCodes,
  };
}
