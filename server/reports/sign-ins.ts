import { and, desc, eq, gte, lt, type SQL } from 'drizzle-orm';
import { SUSPICIOUS } from '../../domain/sign-in-risk.ts';
import type { QueryContext } from '../dispatch.ts';
import { code, moment, number, type Report, type Table, text } from './report.ts';

const MONTH = 30 * 86_400_000;

/** A time that was asked for, or the last thirty days. */
export const timeOf = ({ now }: Pick<QueryContext, 'now'>, from: string | undefined, to: string | undefined) => ({
  from: from === undefined ? now - MONTH : Date.parse(from),
  to: to === undefined ? now : Date.parse(to),
});

/** Sign-ins as rows, the latest first, and those of them that failed or were unusual. */
export async function signInsOf({ db: { t, db }, branchId }: QueryContext, from: number, to: number, also?: SQL) {
  const rows = await db
    .select({ signIn: t.signIns, name: t.users.name })
    .from(t.signIns)
    .leftJoin(t.users, eq(t.users.id, t.signIns.userId))
    .where(and(eq(t.signIns.branchId, branchId), gte(t.signIns.at, from), lt(t.signIns.at, to), also))
    .orderBy(desc(t.signIns.at), desc(t.signIns.id));
  const of = (which: (row: (typeof rows)[number]) => boolean) => rows.filter(which).length;
  const table: Table = {
    heading: 'sign_ins',
    columns: [
      { name: 'at', share: 2.6 },
      { name: 'who', share: 2.6, typed: true },
      { name: 'outcome', share: 2 },
      { name: 'device', share: 2.4, typed: true },
      { name: 'origin', share: 2, typed: true },
      { name: 'risk', share: 1, end: true },
      { name: 'signs', share: 3 },
    ],
    rows: rows.map(({ signIn: { at, outcome, device, origin, risk, signs }, name }) => [
      ...[moment(at), text(name), code('outcome', outcome), text(device), text(origin), number(risk)],
      code('sign', ...signs),
    ]),
  };
  const counts = {
    succeeded: of(({ signIn }) => signIn.outcome === 'ok'),
    failed: of(({ signIn }) => signIn.outcome !== 'ok'),
    suspicious: of(({ signIn }) => signIn.risk >= SUSPICIOUS),
  };
  return { table, counts };
}

export async function signInReport(ctx: QueryContext, given?: string, until?: string): Promise<Report> {
  const { from, to } = timeOf(ctx, given, until);
  const { table, counts } = await signInsOf(ctx, from, to);
  return {
    name: 'sign_ins',
    about: (words) => words.t('reports.period', { from: words.moment(from), to: words.moment(to) }),
    figures: Object.entries(counts).map(([name, n]) => [name, number(n)]),
    tables: [table],
  };
}
