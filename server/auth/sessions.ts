import { and, desc, eq, gt, isNull, lte, ne, or } from 'drizzle-orm';
import type { Role } from '../../domain/people.ts';
import { rightsAt } from '../../domain/rights.ts';
import type { Actor } from '../actor.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { iso } from '../ports.ts';
import { mayComeFrom } from './coming-from.ts';
import { forgetPerson } from './device-people.ts';
import { isAskedOf } from './second-factor.ts';
import type { Tokens } from './tokens.ts';

const findSession = statement(({ db, t, p }) =>
  db
    .select({
      userId: t.users.id,
      name: t.users.username,
      roles: t.users.roles,
      branchId: t.sessions.branchId,
      boardId: t.users.boardId,
      grants: t.users.grants,
      platforms: t.users.platforms,
      ranges: t.users.ranges,
      deviceId: t.sessions.deviceId,
      totpSince: t.users.totpSince,
      keySince: t.users.keySince,
      mailCodes: t.users.mailCodes,
      secondFactorFor: t.branches.secondFactorFor,
      provedAt: t.sessions.provedAt,
      kind: t.devices.kind,
    })
    .from(t.sessions)
    .innerJoin(t.users, eq(t.users.id, t.sessions.userId))
    .innerJoin(t.branches, eq(t.branches.id, t.users.branchId))
    .innerJoin(t.devices, eq(t.devices.id, t.sessions.deviceId))
    .where(
      and(
        eq(t.sessions.id, p('sessionId')),
        isNull(t.sessions.endedAt),
        gt(t.sessions.expiresAt, p('now')),
        eq(t.users.active, true),
        or(isNull(t.users.suspendedAt), lte(t.users.suspendedUntil, p('now'))),
        isNull(t.devices.revokedAt),
      ),
    ),
);

/**
 * Who stands behind an access token now: rights are read from the database, never from the token. Null: sign in again.
 * A token of a paired desk is good for nothing without that desk's certificate, and with it no other token is: `from` says
 * who came, when nobody had signed in.
 */
export async function actorOf(
  reader: Reader,
  tokens: Tokens,
  token: string,
  from: Actor,
  now: number,
): Promise<Actor | null> {
  const access = await tokens.read(token);
  if (!access) return null;
  const found = await reader.row(findSession, { sessionId: access.sessionId, now });
  if (!found || found.userId !== access.userId) return null;
  const { userId: id, name, branchId, boardId, deviceId, provedAt } = found;
  if (from.station ? deviceId !== from.deviceId : found.kind === 'desktop') return null;
  if (!mayComeFrom(found, found.kind, from.origin)) return null;
  return {
    ...from,
    id,
    name,
    roles: found.roles as Role[],
    rights: rightsAt(found.grants, now),
    branchId,
    boardId,
    deviceId,
    sessionId: access.sessionId,
    askedFactor: isAskedOf({ ...found, roles: found.roles as Role[] }, found.secondFactorFor),
    provedAt,
  };
}

/** Ends the sign-ins of a person, but the one that is to be kept. How many there were. */
export async function endSessions(ctx: CommandContext, userId: string, endReason: string, keep = ''): Promise<number> {
  const { t, db } = ctx.tx;
  const ended = await db
    .update(t.sessions)
    .set({ endedAt: ctx.now, endReason, updatedAt: ctx.now })
    .where(and(eq(t.sessions.userId, userId), ne(t.sessions.id, keep), isNull(t.sessions.endedAt)))
    .returning({ id: t.sessions.id });
  // Whoever has typed the password, and not yet the code, begins again.
  await db.delete(t.tickets).where(eq(t.tickets.userId, userId));
  // Whoever listens on them is asked again who they are, and cut.
  ctx.emit('user.changed', { userId });
  return ended.length;
}

/** Where somebody is signed in, as they see and end it themselves. */
export const sessionHandlers: GroupHandlers<'sessions'> = {
  async list({ db: { t, db }, actor, now }) {
    const rows = await db
      .select({ session: t.sessions, device: t.devices.name, kind: t.devices.kind })
      .from(t.sessions)
      .innerJoin(t.devices, eq(t.devices.id, t.sessions.deviceId))
      .where(and(eq(t.sessions.userId, actor.id), isNull(t.sessions.endedAt), gt(t.sessions.expiresAt, now)))
      .orderBy(desc(t.sessions.rotatedAt), desc(t.sessions.id));
    return {
      items: rows.map(({ session: { id, origin, createdAt, rotatedAt }, device, kind }) => ({
        ...{ id, device, kind, origin },
        since: iso(createdAt),
        lastUsedAt: iso(rotatedAt),
        own: id === actor.sessionId,
      })),
      nextCursor: null,
    };
  },

  async end(ctx, { id }) {
    const { t, db } = ctx.tx;
    const ended = await db
      .update(t.sessions)
      .set({ endedAt: ctx.now, endReason: 'ended by its owner', updatedAt: ctx.now })
      .where(and(eq(t.sessions.id, id), eq(t.sessions.userId, ctx.actor.id), isNull(t.sessions.endedAt)))
      .returning({ deviceId: t.sessions.deviceId });
    const [session] = ended;
    // A PIN there would begin the next one.
    await forgetPerson(ctx, ctx.actor.id, session ? session.deviceId : ctx.fail('not_found'));
    ctx.emit('user.changed', { userId: ctx.actor.id });
    ctx.record({ resource: 'user', resourceId: ctx.actor.id });
    return { ok: true };
  },

  async endOthers(ctx) {
    ctx.record({ resource: 'user', resourceId: ctx.actor.id });
    const { t, db } = ctx.tx;
    const elsewhere = and(eq(t.devicePeople.userId, ctx.actor.id), ne(t.devicePeople.deviceId, ctx.actor.deviceId));
    await db.delete(t.devicePeople).where(elsewhere);
    return { ended: await endSessions(ctx, ctx.actor.id, 'ended by its owner', ctx.actor.sessionId ?? '') };
  },
};
