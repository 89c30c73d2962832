import { and, desc, eq, gte, lt } from 'drizzle-orm';
import { userIn } from '../auth/user-rows.ts';
import type { QueryContext } from '../dispatch.ts';
import { moment, number, type Report, text } from './report.ts';
import { timeOf } from './sign-ins.ts';

/** What one person did, by the audit log of this branch. */
export async function personReport(
  ctx: QueryContext<'not_found'>,
  id: string,
  given?: string,
  until?: string,
): Promise<Report> {
  const user = (await userIn(ctx.db, ctx.branchId, id)) ?? ctx.fail('not_found');
  ctx.record({ resourceId: id });
  const { from, to } = timeOf(ctx, given, until);
  const { t, db } = ctx.db;
  const mine = and(eq(t.audit.branchId, ctx.branchId), eq(t.audit.actorId, id));
  const rows = await db
    .select({ at: t.audit.at, action: t.audit.action, outcome: t.audit.outcome, record: t.audit.record })
    .from(t.audit)
    .where(and(mine, gte(t.audit.at, from), lt(t.audit.at, to)))
    .orderBy(desc(t.audit.seq));
  return {
    name: 'person',
    about: (words) =>
      `${user.name} (${user.username}) · ${words.t('reports.period', { from: words.moment(from), to: words.moment(to) })}`,
    figures: [
      ['entries', number(rows.length)],
      ['refused', number(rows.filter(({ outcome }) => outcome !== 'ok').length)],
    ],
    tables: [
      {
        heading: 'trail',
        columns: [
          { name: 'at', share: 2.6 },
          { name: 'action', share: 2.6, typed: true },
          { name: 'outcome', share: 1.6, typed: true },
          { name: 'resource', share: 1.8, typed: true },
          { name: 'record', share: 3.4, typed: true },
          { name: 'origin', share: 1.8, typed: true },
        ],
        rows: rows.map(({ at, action, outcome, record }) => {
          const told = JSON.parse(record) as Partial<Record<'resource' | 'resourceId' | 'origin', string | null>>;
          const of = [told.resource, told.resourceId, told.origin].map((value) => text(value ?? null));
          return [moment(at), text(action), text(outcome), ...of];
        }),
      },
    ],
  };
}
