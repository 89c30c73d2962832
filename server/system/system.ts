import { and, desc, eq, inArray, min, sql } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import { BACKUP_LATE, type Backups } from '../backup/backups.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { metaOf } from '../feed/feed.ts';
import type { MasterKey } from '../keys.ts';
import { iso, isoOrNull } from '../ports.ts';

type Services = Readonly<{
  backups: Backups;
  master: MasterKey;
  startedAt: number;
  version: string;
  /** Who listens. Named here, since a capability knows nothing of the transport. */
  sockets: Readonly<{
    connected: (branchId: string) => number;
    connections: (branchId: string) => readonly Listener[];
  }>;
}>;
type Listener = Readonly<{ userId: string; desk: string; origin: string; since: number }>;

export function createSystemHandlers({
  backups,
  master,
  startedAt,
  version,
  sockets,
}: Services): GroupHandlers<'system'> {
  return {
    async health(ctx) {
      try {
        const setUp = (await metaOf(ctx.db, 'setUp')) !== null;
        const uptimeSeconds = Math.max(0, Math.floor((ctx.now - startedAt) / 1000));
        return {
          status: 'ok',
          service: 'medlane',
          version,
          database: ctx.db.dialect,
          time: iso(ctx.now),
          setUp,
          uptimeSeconds,
        };
      } catch (cause) {
        throw new ApiError('unavailable', { cause, message: 'The database cannot be used right now.' });
      }
    },

    async now(ctx) {
      const { t, db } = ctx.db;
      const branch = await branchOf(ctx.db, ctx.branchId);
      const clinicDay = todayOf(branch, ctx.now);
      const today = and(eq(t.steps.branchId, ctx.branchId), eq(t.steps.clinicDay, clinicDay));
      const states = await db
        .select({ state: t.steps.state, n: sql<number>`count(*)`.mapWith(Number) })
        .from(t.steps)
        .where(today)
        .groupBy(t.steps.state);
      const count = (...of: string[]) =>
        states.filter(({ state }) => of.includes(state)).reduce((sum, { n }) => sum + n, 0);
      const issued =
        (
          await db
            .select({ n: sql<number>`count(*)`.mapWith(Number) })
            .from(t.visits)
            .where(and(eq(t.visits.branchId, ctx.branchId), eq(t.visits.clinicDay, clinicDay)))
        )[0]?.n ?? 0;
      const longest =
        (
          await db
            .select({ since: min(t.steps.waitingSince) })
            .from(t.steps)
            .where(and(today, eq(t.steps.state, 'waiting')))
        )[0]?.since ?? null;
      const days = await db
        .select()
        .from(t.closedDays)
        .where(eq(t.closedDays.branchId, ctx.branchId))
        .orderBy(desc(t.closedDays.day))
        .limit(14);
      const judged = days.find(({ accuracy }) => accuracy !== null);
      const lastBackup = await backups.lastGood(ctx.db);
      return {
        clinicDay,
        waiting: count('waiting'),
        inRooms: count('called', 'in_room'),
        seenToday: count('done'),
        noShowsToday: count('no_show'),
        issuedToday: issued,
        longestWaitSince: isoOrNull(longest),
        connectedScreens: sockets.connected(ctx.branchId),
        lastBackupAt: isoOrNull(lastBackup),
        backupWarning:
          lastBackup !== null && ctx.now - lastBackup <= BACKUP_LATE ? null : lastBackup === null ? 'never' : 'late',
        keyWarning: master.from === 'file' ? 'file' : null,
        accuracy: judged?.accuracy ? { day: judged.day, ...judged.accuracy } : null,
        days: days.map(({ day, closedAt, noShows, cancelled }) => ({
          day,
          closedAt: iso(closedAt),
          noShows,
          cancelled,
        })),
      };
    },

    async connections(ctx) {
      const { t, db } = ctx.db;
      const listeners = sockets.connections(ctx.branchId);
      const ids = [...new Set(listeners.map(({ userId }) => userId))];
      const users = await db
        .select({ id: t.users.id, name: t.users.name })
        .from(t.users)
        .where(inArray(t.users.id, ids));
      const names = new Map(users.map(({ id, name }) => [id, name]));
      // Two windows of one person at one place are one screen to whoever asks.
      const screens = new Map(listeners.map((one) => [`${one.userId} ${one.origin} ${one.desk}`, one]));
      return {
        connections: [...screens.values()].map(({ userId, desk, origin, since }) => ({
          name: names.get(userId) ?? '',
          place: desk || (origin === 'local' ? '' : origin),
          here: origin === 'local',
          since: iso(since),
        })),
      };
    },
  };
}
