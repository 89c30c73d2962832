import { sql } from 'drizzle-orm';
import type { Platform, Preferences, RequestState, Role } from '../../../domain/people.ts';
import type { Grant } from '../../../domain/rights.ts';
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

  return { users, signInNames, sessions, profiles, accountRequests };
}
