import { and, eq, gte, inArray, lt, ne, or, sql } from 'drizzle-orm';
import { clinicDayOn } from '../../domain/clinic-day.ts';
import { HIGH, SUSPICIOUS, threatOf } from '../../domain/sign-in-risk.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { QueryContext } from '../dispatch.ts';
import { code, number, type Report } from './report.ts';
import { signInsOf } from './sign-ins.ts';

/** What changes who may do what. */
const ACCESS = ['users.create', 'users.update', 'users.grant', 'users.revoke', 'users.suspend', 'users.letIn'];

/** One day: how often somebody got in or did not, what was changed about access, and what was unusual. */
export async function securityReport(ctx: QueryContext, given?: string): Promise<Report> {
  const { t, db } = ctx.db;
  const branch = await branchOf(ctx.db, ctx.branchId);
  const day = given ?? todayOf(branch, ctx.now);
  const { start: from, end: to } = clinicDayOn(day, branch);
  const { counts } = await signInsOf(ctx, from, to);
  const unusual = or(ne(t.signIns.outcome, 'ok'), gte(t.signIns.risk, SUSPICIOUS));
  const { table } = await signInsOf(ctx, from, to, unusual);
  const { table: high } = await signInsOf(ctx, from, to, gte(t.signIns.risk, HIGH));
  const during = and(eq(t.audit.branchId, ctx.branchId), gte(t.audit.at, from), lt(t.audit.at, to));
  const countOf = async (what: ReturnType<typeof and>): Promise<number> =>
    (
      await db
        .select({ n: sql<number>`count(*)`.mapWith(Number) })
        .from(t.audit)
        .where(and(during, what))
    )[0]?.n ?? 0;
  const threat = threatOf({ ...counts, high: high.rows.length });
  const figures = [
    ...Object.entries(counts).map(([name, n]) => [name, number(n)] as const),
    ['forbidden', number(await countOf(eq(t.audit.outcome, 'forbidden')))] as const,
    ['access', number(await countOf(and(inArray(t.audit.action, ACCESS), eq(t.audit.outcome, 'ok'))))] as const,
    ['submissions', number(await countOf(eq(t.audit.action, 'identity.submit')))] as const,
    ['threat', code('threat', threat.level)] as const,
  ];
  return {
    name: 'security',
    about: (words) => words.longDay(day),
    figures: [],
    tables: [
      {
        heading: 'figures',
        columns: [
          { name: 'what', share: 4 },
          { name: 'value', share: 1, end: true },
        ],
        rows: figures.map(([name, value]) => [{ raw: name, shown: ({ t: say }) => say(`reports.${name}`) }, value]),
      },
      { ...table, heading: 'unusual' },
    ],
  };
}
