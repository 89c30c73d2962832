import type { Role } from '../../../domain/people.ts';
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
      roles: k.json<Role[]>('roles').notNull(),
      boardId: k.text('board_id'),
      passwordHash: k.text('password_hash').notNull(),
      active: k.bool('active').notNull(),
      failures: k.int('failures').notNull(),
      stage: k.int('stage').notNull(),
      lockedUntil: k.int('locked_until'),
      lastSignInAt: k.int('last_sign_in_at'),
      version: k.int('version').notNull(),
      ...times,
    },
    (t) => [k.unique('users_username').on(t.usernameKey), k.index('users_branch').on(t.branchId)],
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

  return { users, sessions, pins, devicePeople };
}
