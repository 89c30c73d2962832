import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { and, eq, like, or } from 'drizzle-orm';
import type { users as contract } from '../../contract/users.ts';
import { CALLERS, type Role, withImplied } from '../../domain/people.ts';
import { NOT_SUBMITTED } from '../../domain/verification.ts';
import type { Reader } from '../db/connection.ts';
import { columnOf, directionOf, keyset, pageOf } from '../db/paging.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { statusesOf, statusOfUser } from '../identity/rows.ts';
import { iso } from '../ports.ts';
import { uncount } from './lockout.ts';
import { takenName, writeNames } from './names.ts';
import type { PasswordReset } from './password-reset.ts';
import { clinicNames, weakness } from './password-strength.ts';
import type { Passwords } from './passwords.ts';
import { hasFactor, type SecondFactor } from './second-factor.ts';
import { endSessions } from './sessions.ts';
import { createUserAccess } from './user-access.ts';
import { insertUser, isAbove, manageable, shown, type UserRow, userView } from './user-rows.ts';

type Contract = typeof contract;

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
  columns: [
    'name',
    'username',
    'code',
    'email',
    'phone',
    'roles',
    'active',
    'secondFactor',
    'verification',
    'lastSignInAt',
  ],
  escape_formulas: true,
  record_delimiter: 'windows' as const,
};

type Given = Partial<Pick<UserRow, 'roles' | 'boardId' | 'active' | 'platforms' | 'ranges'>>;

/** Whether a change touches what nobody decides about themselves; a form sends it back as it was. */
const changesRights = (before: UserRow, { roles, boardId, active, platforms, ranges }: Given): boolean =>
  Object.entries({ roles, boardId, active, platforms, ranges }).some(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[key as keyof Given]),
  );

type Services = Readonly<{
  passwords: Passwords;
  factor: SecondFactor;
  reset: PasswordReset;
  picture: GroupHandlers<'users'>['picture'];
}>;

export function createUserHandlers(services: Services): GroupHandlers<'users'> {
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
    ...createUserAccess(services),
    picture: services.picture,

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
      const statuses = await statusesOf(ctx.db, ctx.branchId, 'staff');
      return { items: items.map((row) => userView(row, statuses.get(row.id) ?? NOT_SUBMITTED)), nextCursor };
    },

    async export(ctx, input) {
      const { t, db } = ctx.db;
      ctx.record({ resource: 'user', after: { ...input } });
      const rows = await db
        .select()
        .from(t.users)
        .where(fitting(ctx.db, ctx.branchId, input))
        .orderBy(t.users.name, t.users.id);
      const statuses = await statusesOf(ctx.db, ctx.branchId, 'staff');
      const lines = rows.filter(holding(input.role)).map((row) => ({
        ...userView(row, statuses.get(row.id) ?? NOT_SUBMITTED),
        roles: row.roles.join(' '),
        active: row.active ? 'yes' : 'no',
        secondFactor: hasFactor(row) ? 'yes' : 'no',
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
        const weak = await weakness(input.password, [input.username, input.name], await clinicNames(ctx.db));
        if (weak) ctx.fail('weak_password', weak);
        return { passwordHash: await services.passwords.hash(input.password) };
      },
      async handle(ctx, input, { passwordHash }) {
        const { password: _password, ...given } = input;
        const who = { id: ctx.id(), branchId: ctx.branchId, ...given };
        if (!(await isAbove(ctx, withImplied(given.roles)))) ctx.fail('outranked');
        await checkNames(ctx, { ...who, code: '' });
        await checkBoard(ctx, given.boardId);
        const row = await insertUser(ctx.tx, { ...who, passwordHash, now: ctx.now });
        ctx.emit('user.changed', { userId: row.id });
        ctx.record({ resource: 'user', resourceId: row.id, after: { username: row.username, ...shown(row) } });
        return userView(row, NOT_SUBMITTED);
      },
    }),

    async update(ctx, { id, expectedVersion, unlock, ...change }) {
      const before = await manageable(ctx, id);
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
      await checkBoard(ctx, change.boardId);
      await checkNames(ctx, { ...before, ...change });
      const roles = change.roles && withImplied(change.roles);
      if (id === ctx.actor.id && changesRights(before, { ...change, ...(roles && { roles }) })) ctx.fail('own_rights');
      if (roles && String(roles) !== String(before.roles) && !(await isAbove(ctx, roles))) ctx.fail('outranked');
      // Another address has not shown yet that what is sent to it arrives.
      const moved = change.email !== undefined && change.email !== before.email ? { emailVerifiedAt: null } : {};
      const unlocked = unlock ? { failures: 0, stage: 0, lockedUntil: null } : {};
      if (unlock) await uncount(ctx.tx, id);
      const given = { ...change, ...(roles && { roles }), ...unlocked };
      const after = { ...before, ...given, version: before.version + 1, updatedAt: ctx.now };
      const { t, db } = ctx.tx;
      await db
        .update(t.users)
        .set({ ...given, ...moved, version: after.version, updatedAt: ctx.now })
        .where(eq(t.users.id, id));
      await writeNames(ctx.tx, after);
      if (change.active === false) await endSessions(ctx, id, 'account deactivated');
      ctx.emit('user.changed', { userId: id });
      ctx.record({ resource: 'user', resourceId: id, before: shown(before), after: shown(after) });
      return userView(after, await statusOfUser(ctx.tx, after));
    },
  };
}
