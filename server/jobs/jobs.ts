import { and, desc, eq } from 'drizzle-orm';
import type * as z from 'zod';
import { ApiError } from '../../contract/kit.ts';
import type { job as jobShape } from '../../contract/shapes.ts';
import { type Actor, systemActor } from '../actor.ts';
import type { Committer } from '../db/commit.ts';
import type { Reader } from '../db/connection.ts';
import { keyset, pageOf } from '../db/paging.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { iso, isoOrNull, type Ports } from '../ports.ts';

export type JobView = z.input<typeof jobShape>;
type JobRow = Reader['t']['jobs']['$inferSelect'];
export type JobResult = Record<string, string | number | boolean | null>;

/** What a piece of long work gets: it reports how far it is, and stops when asked. */
export type JobRun = (
  work: Readonly<{ actor: Actor; signal: AbortSignal; progress: (done: number, total: number | null) => void }>,
) => Promise<JobResult>;

/** Why long work stopped, in words for whoever began it. What other errors say may quote a query and what was in it. */
export class Stopped extends Error {}

const BROKE =
  'Something went wrong on the server. What was done until then stays; try again, and tell an administrator if it happens twice.';
const problemOf = (error: unknown): string =>
  error instanceof ApiError || error instanceof Stopped ? error.message : BROKE;

export type Jobs = Readonly<{
  /** Begins long work when this command has committed, and answers with the job. */
  begin: (ctx: CommandContext, kind: JobRow['kind'], run: JobRun) => Promise<JobView>;
  handlers: GroupHandlers<'jobs'>;
  /** Marks what a crash left running. */
  sweep: () => Promise<void>;
  close: () => Promise<void>;
}>;

type Running = { row: JobRow; abort: AbortController; ended: Promise<void> };

export function createJobs(
  committer: Committer,
  reader: Reader,
  ports: Ports,
  announce: (branchId: string, job: JobView) => void,
  onBug: (error: unknown) => void,
): Jobs {
  const running = new Map<string, Running>();

  const asSystem = (branchId: string, operation: string, run: Parameters<Committer['submit']>[0]['run']) =>
    committer.submit({
      actor: systemActor(branchId),
      requestId: ports.id(),
      operation,
      commandId: ports.id(),
      bodyHash: null,
      confidential: false,
      run,
    });

  const isStored = async (id: string) => {
    const { t, db } = reader;
    return (await db.select({ id: t.jobs.id }).from(t.jobs).where(eq(t.jobs.id, id))).length > 0;
  };

  async function carryOut(job: Running, actor: Actor, run: JobRun): Promise<void> {
    const { row, abort } = job;
    // The command that began this is in the group before this one: its row is there, or it was rolled back.
    await asSystem(row.branchId, 'jobs.started', async (_tx, voice) =>
      voice.record({ resource: 'job', resourceId: row.id }),
    );
    if (!(await isStored(row.id))) return;
    try {
      row.result = await run({
        actor,
        signal: abort.signal,
        progress: (done, total) => {
          Object.assign(row, { done, total });
          announce(row.branchId, viewJob(row));
        },
      });
      row.state = abort.signal.aborted ? 'cancelled' : 'done';
    } catch (error) {
      row.state = abort.signal.aborted ? 'cancelled' : 'failed';
      const refused = error instanceof ApiError;
      row.result = refused ? { refusal: error.code } : null;
      row.problem = abort.signal.aborted ? null : problemOf(error);
      if (!abort.signal.aborted && !refused) onBug(error);
    }
    row.endedAt = ports.now();
    const { state, done, total, result, problem, endedAt } = row;
    await asSystem(row.branchId, 'jobs.ended', async (tx, voice) => {
      await tx.db
        .update(tx.t.jobs)
        .set({ state, done, total, result, problem, endedAt })
        .where(eq(tx.t.jobs.id, row.id));
      voice.record({ resource: 'job', resourceId: row.id, after: { kind: row.kind, state, ...result } });
    });
    announce(row.branchId, viewJob(row));
  }

  const stored = async (db: Reader['db'], t: Reader['t'], id: string, branchId: string) =>
    (
      await db
        .select()
        .from(t.jobs)
        .where(and(eq(t.jobs.id, id), eq(t.jobs.branchId, branchId)))
    )[0];

  return {
    async begin(ctx, kind, run) {
      const row: JobRow = {
        id: ctx.id(),
        branchId: ctx.branchId,
        kind,
        state: 'running',
        done: 0,
        total: null,
        result: null,
        problem: null,
        startedBy: ctx.actor.id,
        startedAt: ctx.now,
        endedAt: null,
      };
      await ctx.tx.db.insert(ctx.tx.t.jobs).values(row);
      ctx.record({ resource: 'job', resourceId: row.id, after: { kind } });
      const job: Running = { row, abort: new AbortController(), ended: Promise.resolve() };
      running.set(row.id, job);
      job.ended = carryOut(job, ctx.actor, run)
        .catch(onBug)
        .finally(() => running.delete(row.id));
      return viewJob(row);
    },

    handlers: {
      async list(ctx, input) {
        const { t, db } = ctx.db;
        const { where } = keyset([t.jobs.startedAt, t.jobs.id], input.cursor, 'desc');
        const rows = await db
          .select()
          .from(t.jobs)
          .where(and(eq(t.jobs.branchId, ctx.branchId), where))
          .orderBy(desc(t.jobs.startedAt), desc(t.jobs.id))
          .limit(input.limit + 1);
        const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.startedAt, row.id]);
        return { items: items.map((row) => viewJob(running.get(row.id)?.row ?? row)), nextCursor };
      },

      async get(ctx, { id }) {
        const live = running.get(id)?.row;
        if (live?.branchId === ctx.branchId) return viewJob(live);
        return viewJob((await stored(ctx.db.db as Reader['db'], ctx.db.t, id, ctx.branchId)) ?? ctx.fail('not_found'));
      },

      async cancel(ctx, { id }) {
        const row = (await stored(ctx.tx.db, ctx.tx.t, id, ctx.branchId)) ?? ctx.fail('not_found');
        const job = running.get(id);
        if (!job) return ctx.fail('job_ended');
        job.abort.abort();
        ctx.record({ resource: 'job', resourceId: id });
        return viewJob({ ...row, ...job.row });
      },
    },

    async sweep() {
      const { t, db } = reader;
      const left = await db.select().from(t.jobs).where(eq(t.jobs.state, 'running'));
      for (const { id, branchId } of left) {
        await asSystem(branchId, 'jobs.ended', async (tx, voice) => {
          await tx.db.update(tx.t.jobs).set({ state: 'interrupted', endedAt: ports.now() }).where(eq(tx.t.jobs.id, id));
          voice.record({ resource: 'job', resourceId: id, after: { state: 'interrupted' } });
        });
      }
    },

    async close() {
      for (const { abort } of running.values()) abort.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

const viewJob = ({ id, kind, state, done, total, result, problem, startedAt, endedAt }: JobRow): JobView => ({
  id,
  kind,
  state,
  done,
  total,
  result,
  problem,
  startedAt: iso(startedAt),
  endedAt: isoOrNull(endedAt),
});
