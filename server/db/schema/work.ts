import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';

/** Long work, and the backups. */
export function workTables(k: Columns, { branchId }: Ground) {
  const jobs = k.table(
    'jobs',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      kind: k.text<'import' | 'verify' | 'backup'>('kind').notNull(),
      state: k.text<'running' | 'done' | 'failed' | 'cancelled' | 'interrupted'>('state').notNull(),
      done: k.int('done').notNull(),
      total: k.int('total'),
      result: k.json<Record<string, string | number | boolean | null>>('result'),
      problem: k.text('problem'),
      startedBy: k.text('started_by').notNull(),
      startedAt: k.int('started_at').notNull(),
      endedAt: k.int('ended_at'),
    },
    (t) => [k.index('jobs_started').on(t.startedAt)],
  );

  const backups = k.table('backups', {
    id: k.text('id').primaryKey(),
    at: k.int('at').notNull(),
    path: k.text('path').notNull(),
    bytes: k.int('bytes').notNull(),
    verified: k.bool('verified').notNull(),
    problem: k.text('problem'),
  });

  return { jobs, backups };
}
