import { and, eq } from 'drizzle-orm';
import type * as z from 'zod';
import type { user as userShape } from '../../contract/shapes.ts';
import { keyOfName, manages, type Role, withImplied } from '../../domain/people.ts';
import type { VerificationStatus } from '../../domain/verification.ts';
import type { Reader } from '../db/connection.ts';
import type { Tx } from '../db/scope.ts';
import type { CommandContext } from '../dispatch.ts';
import { iso, isoOrNull } from '../ports.ts';
import { freshCode, writeNames } from './names.ts';
import { hasFactor } from './second-factor.ts';

export type UserRow = Reader['t']['users']['$inferSelect'];

export const grantsOf = ({ grants }: UserRow) =>
  grants.map((grant) => ({ ...grant, from: iso(grant.from), until: isoOrNull(grant.until) }));

export const userView = (row: UserRow, verification: VerificationStatus): z.input<typeof userShape> => ({
  id: row.id,
  username: row.username,
  name: row.name,
  code: row.code,
  email: row.email,
  phone: row.phone,
  roles: row.roles,
  branchId: row.branchId,
  boardId: row.boardId,
  active: row.active,
  grants: grantsOf(row),
  platforms: row.platforms,
  ranges: row.ranges,
  suspended: row.suspendedAt === null ? null : suspensionOf(row, row.suspendedAt),
  secondFactor: hasFactor(row),
  verification,
  lockedUntil: isoOrNull(row.lockedUntil),
  lastSignInAt: isoOrNull(row.lastSignInAt),
  version: row.version,
});

const suspensionOf = ({ suspendedFor, suspendedUntil }: UserRow, since: number) => ({
  reason: suspendedFor ?? '',
  since: iso(since),
  until: isoOrNull(suspendedUntil),
});

type NewUser = Readonly<{
  id: string;
  branchId: string;
  username: string;
  name: string;
  roles: Role[];
  passwordHash: string;
  email?: string | null;
  phone?: string | null;
  boardId?: string | null;
  /** Somebody else chose the password. */
  passwordGiven?: boolean;
  now: number;
}>;

export async function insertUser(tx: Tx, user: NewUser): Promise<UserRow> {
  const { now, ...given } = user;
  const fresh = {
    active: true,
    grants: [],
    platforms: [],
    ranges: [],
    suspendedAt: null,
    suspendedUntil: null,
    suspendedFor: null,
    failures: 0,
    stage: 0,
    lockedUntil: null,
    lastSignInAt: null,
    emailVerifiedAt: null,
    mailCodes: false,
    totpKey: null,
    totpPending: null,
    totpSince: null,
    totpStep: 0,
    keySince: null,
    resetHash: null,
    resetUntil: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  const code = await freshCode(tx, user.id);
  const absent = { boardId: null, email: null, phone: null, passwordGiven: false };
  const roles = withImplied(user.roles);
  const row = { ...absent, ...given, roles, code, usernameKey: keyOfName(user.username), ...fresh };
  await tx.db.insert(tx.t.users).values(row);
  await writeNames(tx, row);
  return row;
}

/** What of an account the audit log tells when it changes. */
export const shown = (row: UserRow) => ({
  ...{ name: row.name, email: row.email, phone: row.phone, roles: row.roles, boardId: row.boardId },
  ...{ branchId: row.branchId, active: row.active, lockedUntil: row.lockedUntil, grants: row.grants },
  ...{ platforms: row.platforms, ranges: row.ranges },
  ...{ suspendedUntil: row.suspendedUntil, suspendedFor: row.suspendedFor },
});

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };

/** An account of a branch; undefined when there is no such one there. */
export async function userIn({ t, db }: Rows, branchId: string, id: string): Promise<UserRow | undefined> {
  const mine = and(eq(t.users.id, id), eq(t.users.branchId, branchId));
  return (await db.select().from(t.users).where(mine))[0];
}

/** Whether whoever acts is, at this moment and in this transaction, above these roles. */
export async function isAbove(ctx: CommandContext, theirs: readonly Role[]): Promise<boolean> {
  const { t, db } = ctx.tx;
  const [own] = await db.select({ roles: t.users.roles }).from(t.users).where(eq(t.users.id, ctx.actor.id));
  return manages(own?.roles ?? ctx.actor.roles, theirs);
}

/** An account that whoever acts may manage: their own, or one below them. */
export async function manageable(ctx: CommandContext<'not_found' | 'outranked'>, id: string): Promise<UserRow> {
  const user = (await userIn(ctx.tx, ctx.branchId, id)) ?? ctx.fail('not_found');
  if (id !== ctx.actor.id && !(await isAbove(ctx, user.roles))) ctx.fail('outranked');
  return user;
}
