import { and, desc, eq, min, type SQL, sql } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { BACKUP_LATE, type Backups } from '../backup/backups.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { QueryContext } from '../dispatch.ts';
import type { MasterKey } from '../keys.ts';
import { iso, isoOrNull } from '../ports.ts';
import { arrivalsOf } from './arrivals.ts';

type Services = Readonly<{ backups: Backups; master: MasterKey; connected: (branchId: string) => number }>;

/** The clinic at this moment: how many are where, whether that is usual, and what needs somebody. */
export async function clinicNow(ctx: QueryContext, { backups, master, connected }: Services) {
  const { t, db } = ctx.db;
  const branch = await branchOf(ctx.db, ctx.branchId);
  const clinicDay = todayOf(branch, ctx.now);
  const today = and(eq(t.steps.branchId, ctx.branchId), eq(t.steps.clinicDay, clinicDay)) as SQL;
  const states = await db
    .select({ state: t.steps.state, n: sql<number>`count(*)`.mapWith(Number) })
    .from(t.steps)
    .where(today)
    .groupBy(t.steps.state);
  const count = (...of: string[]) =>
    states.filter(({ state }) => of.includes(state)).reduce((sum, { n }) => sum + n, 0);
  const longest = await db
    .select({ since: min(t.steps.waitingSince) })
    .from(t.steps)
    .where(and(today, eq(t.steps.state, 'waiting')));
  const days = await db
    .select()
    .from(t.closedDays)
    .where(eq(t.closedDays.branchId, ctx.branchId))
    .orderBy(desc(t.closedDays.day))
    .limit(14);
  const judged = days.find(({ accuracy }) => accuracy !== null);
  const lastBackup = await backups.lastGood(ctx.db);
  const clock = Temporal.Instant.fromEpochMilliseconds(ctx.now).toZonedDateTimeISO(branch.timeZone);
  return {
    clinicDay,
    waiting: count('waiting'),
    inRooms: count('called', 'in_room'),
    seenToday: count('done'),
    noShowsToday: count('no_show'),
    ...(await arrivalsOf(ctx.db, branch, clinicDay, clock)),
    longestWaitSince: isoOrNull(longest[0]?.since ?? null),
    connectedScreens: connected(ctx.branchId),
    lastBackupAt: isoOrNull(lastBackup),
    backupWarning:
      lastBackup !== null && ctx.now - lastBackup <= BACKUP_LATE ? null : lastBackup === null ? 'never' : 'late',
    keyWarning: master.from === 'file' ? 'file' : null,
    accuracy: judged?.accuracy ? { day: judged.day, ...judged.accuracy } : null,
    days: days.map(({ day, closedAt, noShows, cancelled }) => ({ day, closedAt: iso(closedAt), noShows, cancelled })),
  };
}
