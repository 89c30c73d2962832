import { and, eq, gte, ne, type SQL, sql } from 'drizzle-orm';
import { HIGH, SUSPICIOUS, threatOf } from '../../domain/sign-in-risk.ts';
import type { GroupHandlers, QueryContext } from '../dispatch.ts';
import { type Services, weaknessesOf } from './weaknesses.ts';

const DAY = 86_400_000;

/** How safe the clinic is, for whoever can mend it. */
export function createSecurityHandlers(services: Services): GroupHandlers<'security'> {
  return {
    async now(ctx) {
      return { weak: await weaknessesOf(ctx, services), day: await lastDay(ctx) };
    },
  };
}

/** How often somebody got in during the last 24 hours, and was tried to be. */
async function lastDay({ db: { t, db }, branchId, now }: QueryContext) {
  const of = async (what: SQL | undefined): Promise<number> => {
    const where = and(eq(t.signIns.branchId, branchId), gte(t.signIns.at, now - DAY), what);
    const [row] = await db
      .select({ n: sql<number>`count(*)`.mapWith(Number) })
      .from(t.signIns)
      .where(where);
    return row?.n ?? 0;
  };
  const [succeeded, failed] = [await of(eq(t.signIns.outcome, 'ok')), await of(ne(t.signIns.outcome, 'ok'))];
  const [suspicious, high] = [await of(gte(t.signIns.risk, SUSPICIOUS)), await of(gte(t.signIns.risk, HIGH))];
  return { succeeded, failed, suspicious, high, ...threatOf({ failed, suspicious, high }) };
}
