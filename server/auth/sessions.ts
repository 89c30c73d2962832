import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Role } from '../../domain/people.ts';
import type { Actor } from '../actor.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { Tokens } from './tokens.ts';

const findSession = statement(({ db, t, p }) =>
  db
    .select({
      userId: t.users.id,
      name: t.users.username,
      roles: t.users.roles,
      branchId: t.users.branchId,
      boardId: t.users.boardId,
      deviceId: t.sessions.deviceId,
      kind: t.devices.kind,
    })
    .from(t.sessions)
    .innerJoin(t.users, eq(t.users.id, t.sessions.userId))
    .innerJoin(t.devices, eq(t.devices.id, t.sessions.deviceId))
    .where(
      and(
        eq(t.sessions.id, p('sessionId')),
        isNull(t.sessions.endedAt),
        gt(t.sessions.expiresAt, p('now')),
        eq(t.users.active, true),
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
  const { userId: id, name, branchId, boardId, deviceId } = found;
  if (from.station ? deviceId !== from.deviceId : found.kind === 'desktop') return null;
  return {
    ...from,
    id,
    name,
    roles: found.roles as Role[],
    branchId,
    boardId,
    deviceId,
    sessionId: access.sessionId,
  };
}
