import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { and, eq, like, or } from 'drizzle-orm';
import type * as z from 'zod';
import type { user as userShape } from '../../contract/shapes.ts';
import type { users as contract } from '../../contract/users.ts';
import { CALLERS, keyOfName, type Role } from '../../domain/people.ts';
import type { Reader } from '../db/connection.ts';
import { columnOf, directionOf, keyset, pageOf } from '../db/paging.ts';
import type { Tx } from '../db/scope.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { iso, isoOrNull } from '../ports.ts';
import { forgetPerson } from './device-people.ts';
import { uncount } from './lockout.ts';
import { freshCode, takenName, writeNames } from './names.ts';
import type { PasswordReset } from './password-reset.ts';
import { weakness } from './password-strength.ts';
import type { Passwords } from './passwords.ts';
import type { SecondFactor } from './second-factor.ts';
import { endSessions } from './sessions.ts';

type Contract = typeof contract;
type UserRow = Reader['t']['users']['$inferSelect'];

export const userView = (row: UserRow): z.input<typeof userShape> => ({
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
  secondFactor: row.totpSince !== null,
  lockedUntil: isoOrNull(row.lockedUntil),
  lastSignInAt: isoOrNull(row.lastSignInAt),
  version: row.version,
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
  now: number;
}>;

export async function insertUser(tx: Tx, user: NewUser): Promise<UserRow> {
  const { now, ...given } = user;
  const fresh = {
    active: true,
    failures: 0,
    stage: 0,
    lockedUntil: null,
    lastSignInAt: null,
    totpKey: null,
    totpPending: null,
    totpSince: null,
    totpStep: 0,
    resetHash: null,
    resetUntil: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  const code = await freshCode(tx, user.id);
  const absent = { boardId: null, email: null, phone: null };
  const row = { ...absent, ...given, code, usernameKey: keyOfName(user.username), ...fresh };
  await tx.db.insert(tx.t.users).values(row);
  await writeNames(tx, row);
  return row;
}

/** What of an account the audit log tells when it changes. */
const shown = ({ name, email, phone, roles, boardId, active, lockedUntil }: UserRow) => ({
  ...{ name, email, phone, roles, boardId, active, lockedUntil },
});

type Filters = Readonly<{ role?: Role | undefined; active?: boolean | undefined; q?: string | undefined }>;

const fitting = ({ t }: Reader, branchId: string, { active, q }: Filters) => {
  const typed = q ? `%${q.toLowerCase()}%` : undefined;
  return and(
    eq(t.users.branchId, branchId),
    active === undefined ? undefined : eq(t.users.active, active),
    typed ? or(like(t.users.usernameKey, typed), like(t.users.name, `%${q}%`)) : undefined,
  );
};
const holding =
  (role: Role | undefined) =>
  ({ roles }: UserRow): boolean =>
    !role || roles.includes(role);

const CSV = {
  header: true,
  columns: ['name', 'username', 'code', 'email', 'phone', 'roles', 'active', 'secondFactor', 'lastSignInAt'],
  escape_formulas: true,
  record_delimiter: 'windows' as const,
};

type Services = Readonly<{ passwords: Passwords; factor: SecondFactor; reset: PasswordReset }>;

export function createUserHandlers({ passwords, factor, reset }: Services): GroupHandlers<'users'> {
  const find = async (ctx: CommandContext<'not_found'>, id: string): Promise<UserRow> => {
    const { t, db } = ctx.tx;
    return (
      (
        await db
          .select()
          .from(t.users)
          .where(and(eq(t.users.id, id), eq(t.users.branchId, ctx.branchId)))
      )[0] ?? ctx.fail('not_found')
    );
  };

  const isLastAdministrator = async (ctx: CommandContext, user: UserRow) => {
    const { t, db } = ctx.tx;
    const active = await db
      .select()
      .from(t.users)
      .where(and(eq(t.users.branchId, ctx.branchId), eq(t.users.active, true)));
    return active.filter(({ roles }) => roles.includes('admin')).every(({ id }) => id === user.id);
  };

  const checkNames = async (ctx: CommandContext<'name_taken'>, user: Parameters<typeof takenName>[1]) => {
    const name = await takenName(ctx.tx, user);
    if (name !== null) ctx.fail('name_taken', { name });
  };

  const checkBoard = async (ctx: CommandContext<'not_found'>, boardId: string | null | undefined) => {
    const { t, db } = ctx.tx;
    const mine = and(eq(t.boards.id, boardId ?? ''), eq(t.boards.branchId, ctx.branchId));
    if (boardId && (await db.select({ id: t.boards.id }).from(t.boards).where(mine)).length === 0)
      ctx.fail('not_found');
  };

  return {
    async list(ctx, input) {
      const { t, db } = ctx.db;
      const by = { username: t.users.usernameKey, name: t.users.name };
      const sort = (columnOf(input.sort) ?? 'username') as keyof typeof by;
      const { where, orderBy } = keyset([by[sort], t.users.id], input.cursor, directionOf(input.sort));
      const rows = await db
        .select()
        .from(t.users)
        .where(and(fitting(ctx.db, ctx.branchId, input), where))
        .orderBy(...orderBy);
      const { items, nextCursor } = pageOf(rows.filter(holding(input.role)), input.limit, (row) => [
        sort === 'name' ? row.name : row.usernameKey,
        row.id,
      ]);
      return { items: items.map(userView), nextCursor };
    },

    async export(ctx, input) {
      const { t, db } = ctx.db;
      ctx.record({ resource: 'user', after: { ...input } });
      const rows = await db
        .select()
        .from(t.users)
        .where(fitting(ctx.db, ctx.branchId, input))
        .orderBy(t.users.name, t.users.id);
      const lines = rows.filter(holding(input.role)).map((row) => ({
        ...userView(row),
        roles: row.roles.join(' '),
        active: row.active ? 'yes' : 'no',
        secondFactor: row.totpSince === null ? 'no' : 'yes',
      }));
      return {
        filename: `medlane-users-${iso(ctx.now).slice(0, 10)}.csv`,
        media: 'text/csv; charset=utf-8',
        body: Readable.from(lines).pipe(stringify(CSV)),
      };
    },

    async staff(ctx) {
      const { t, db } = ctx.db;
      const rows = await db
        .select({ id: t.users.id, name: t.users.name, roles: t.users.roles })
        .from(t.users)
        .where(and(eq(t.users.branchId, ctx.branchId), eq(t.users.active, true)))
        .orderBy(t.users.name, t.users.id);
      return { items: rows.filter(({ roles }) => CALLERS.some((role) => roles.includes(role))), nextCursor: null };
    },

    create: prepared<Contract['create'], { passwordHash: string }>({
      async prepare(ctx, input) {
        const weak = await weakness(input.password, [input.username, input.name]);
        if (weak) ctx.fail('weak_password', weak);
        return { passwordHash: await passwords.hash(input.password) };
      },
      async handle(ctx, input, { passwordHash }) {
        const { password: _password, ...given } = input;
        const who = { id: ctx.id(), branchId: ctx.branchId, ...given };
        await checkNames(ctx, { ...who, code: '' });
        await checkBoard(ctx, given.boardId);
        const row = await insertUser(ctx.tx, { ...who, passwordHash, now: ctx.now });
        ctx.emit('user.changed', { userId: row.id });
        ctx.record({ resource: 'user', resourceId: row.id, after: { username: row.username, ...shown(row) } });
        return userView(row);
      },
    }),

    async update(ctx, { id, expectedVersion, unlock, ...change }) {
      const before = await find(ctx, id);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
      await checkBoard(ctx, change.boardId);
      await checkNames(ctx, { ...before, ...change });
      const losesAdmin = change.active === false || (change.roles && !change.roles.includes('admin'));
      if (before.roles.includes('admin') && losesAdmin && (await isLastAdministrator(ctx, before)))
        ctx.fail('last_administrator');
      const unlocked = unlock ? { failures: 0, stage: 0, lockedUntil: null } : {};
      if (unlock) await uncount(ctx.tx, id);
      const after = { ...before, ...change, ...unlocked, version: before.version + 1, updatedAt: ctx.now };
      const { t, db } = ctx.tx;
      await db
        .update(t.users)
        .set({ ...change, ...unlocked, version: after.version, updatedAt: ctx.now })
        .where(eq(t.users.id, id));
      await writeNames(ctx.tx, after);
      if (change.active === false) await endSessions(ctx, id, 'account deactivated');
      ctx.emit('user.changed', { userId: id });
      ctx.record({ resource: 'user', resourceId: id, before: shown(before), after: shown(after) });
      return userView(after);
    },

    setPassword: prepared<Contract['setPassword'], { passwordHash: string }>({
      async prepare(ctx, { id, password }) {
        const { t, db } = ctx.db;
        const user =
          (
            await db
              .select()
              .from(t.users)
              .where(and(eq(t.users.id, id), eq(t.users.branchId, ctx.actor.branchId ?? '')))
          )[0] ?? ctx.fail('not_found');
        const weak = await weakness(password, [user.username, user.name]);
        if (weak) ctx.fail('weak_password', weak);
        return { passwordHash: await passwords.hash(password) };
      },
      async handle(ctx, { id }, { passwordHash }) {
        const user = await find(ctx, id);
        const { t, db } = ctx.tx;
        await uncount(ctx.tx, user.id);
        await db.update(t.users).set({ passwordHash, updatedAt: ctx.now }).where(eq(t.users.id, user.id));
        await endSessions(ctx, id, 'password reset');
        await forgetPerson(ctx, id);
        ctx.emit('user.changed', { userId: id });
        ctx.record({ resource: 'user', resourceId: id });
        return { ok: true };
      },
    }),

    async resetCode(ctx, { id }) {
      const user = await find(ctx, id);
      ctx.record({ resource: 'user', resourceId: id });
      return reset.give(ctx, user);
    },

    async signOut(ctx, { id }) {
      const user = await find(ctx, id);
      ctx.record({ resource: 'user', resourceId: user.id });
      await forgetPerson(ctx, user.id);
      return { ended: await endSessions(ctx, user.id, 'ended by an administrator') };
    },

    async resetSecondFactor(ctx, { id }) {
      // One's own is replaced under one's own account, where a code proves that one has it.
      const user = id === ctx.actor.id ? ctx.fail('not_found') : await find(ctx, id);
      if (user.totpSince === null) ctx.fail('no_factor');
      await factor.remove(ctx, user);
      await endSessions(ctx, id, 'second factor reset');
      await forgetPerson(ctx, id);
      ctx.record({ resource: 'user', resourceId: id });
      return { ok: true };
    },
  };
}
