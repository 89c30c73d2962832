import { and, eq, gte, sql } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { type DayCount, usualOf } from '../../domain/usual.ts';
import type { Branch } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';

/** How far back days are compared with, and the grain in which arrivals are counted (ms): some zones differ by 45 minutes. */
const WEEKS = 8;
const GRAIN = 900_000;
const NO_HOURS = (): number[] => Array.from({ length: 24 }, () => 0);

/** Tokens given today by hour, beside what is usual at this time. `clock` is the clinic's own. */
export async function arrivalsOf(reader: Reader, branch: Branch, today: string, clock: Temporal.ZonedDateTime) {
  const days = await countDays(reader, branch, today, clock);
  const mine = days.find(({ day }) => day === today);
  const usual = usualOf(
    days.filter(({ day }) => day !== today),
    Temporal.PlainDate.from(today).dayOfWeek,
  );
  const byHour = mine?.byHour ?? NO_HOURS();
  const busy = [...byHour.keys()].filter((hour) => (byHour[hour] ?? 0) > 0 || (usual?.byHour[hour] ?? 0) > 0);
  const [first, last] = [busy[0] ?? 0, busy.at(-1) ?? -1];
  return {
    issuedToday: byHour.reduce((sum, n) => sum + n, 0),
    hours: [...byHour.keys()]
      .filter((hour) => hour >= first && hour <= last)
      .map((hour) => ({ hour, issued: byHour[hour] ?? 0, usual: usual ? (usual.byHour[hour] ?? 0) : null })),
    usual: usual && { days: usual.days, sameWeekday: usual.sameWeekday, issuedByNow: usual.byNow },
  };
}

/** Each day's tokens by the hour, and by this time of the day. */
async function countDays({ t, db }: Reader, branch: Branch, today: string, clock: Temporal.ZonedDateTime) {
  const since = Temporal.PlainDate.from(today).subtract({ weeks: WEEKS }).toString();
  // The grain stands in the text, so that both places of this expression are the same one to PostgreSQL.
  const grain = sql<number>`cast(${t.visits.arrivedAt} / 900000 as bigint)`.mapWith(Number);
  const rows = await db
    .select({ day: t.visits.clinicDay, grain, n: sql<number>`count(*)`.mapWith(Number) })
    .from(t.visits)
    .where(and(eq(t.visits.branchId, branch.id), gte(t.visits.clinicDay, since)))
    .groupBy(t.visits.clinicDay, grain);
  const counts = new Map<string, { day: string; weekday: number; byHour: number[]; byNow: number }>();
  for (const row of rows) {
    const known = counts.get(row.day) ?? {
      day: row.day,
      weekday: Temporal.PlainDate.from(row.day).dayOfWeek,
      byHour: NO_HOURS(),
      byNow: 0,
    };
    counts.set(row.day, known);
    const at = Temporal.Instant.fromEpochMilliseconds(row.grain * GRAIN).toZonedDateTimeISO(branch.timeZone);
    known.byHour[at.hour] = (known.byHour[at.hour] ?? 0) + row.n;
    if (Temporal.PlainTime.compare(at.toPlainTime(), clock.toPlainTime()) <= 0) known.byNow += row.n;
  }
  return [...counts.values()] satisfies DayCount[];
}
