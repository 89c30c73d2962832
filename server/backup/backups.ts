import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { desc, eq } from 'drizzle-orm';
import { systemActor } from '../actor.ts';
import { firstBranch } from '../clinic.ts';
import type { Committer } from '../db/commit.ts';
import type { Reader } from '../db/connection.ts';
import { keyset, pageOf } from '../db/paging.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { type JobResult, type Jobs, Stopped } from '../jobs/jobs.ts';
import type { Workers } from '../jobs/workers.ts';
import { recoveryKit } from '../keys.ts';
import { iso, type Ports } from '../ports.ts';

/** How often a backup is made by itself, and from when on its absence is a warning; in ms. */
export const BACKUP_EVERY = 6 * 3_600_000;
export const BACKUP_LATE = 24 * 3_600_000;
/** How many backups stay in each place. */
const KEPT = 30;

type Services = Readonly<{
  committer: Committer;
  reader: Reader;
  ports: Ports;
  jobs: Jobs;
  workers: Workers;
  master: Buffer;
  folder: string;
}>;

export type Backups = Readonly<{
  handlers: GroupHandlers<'backups'>;
  /** Makes a backup in the data folder and in the second place; answers what was made. */
  make: (folder?: string) => Promise<JobResult>;
  lastGood: (reader: Reader) => Promise<number | null>;
}>;

export function createBackups(services: Services): Backups {
  const { committer, reader, ports, jobs, workers, master, folder } = services;

  async function places(): Promise<string[]> {
    const { t, db } = reader;
    const others = await db.select({ folder: t.branches.backupFolder }).from(t.branches);
    return [...new Set([folder, ...others.flatMap((other) => other.folder ?? [])])];
  }

  async function makeIn(place: string): Promise<{ path: string; bytes: number; problem: string | null }> {
    const target = path.join(place, `medlane-${iso(ports.now()).replace(/[:.]/g, '')}.backup`);
    try {
      const { bytes } = await workers.run({ kind: 'backup', target });
      prune(place);
      return { path: target, bytes: Number(bytes), problem: null };
    } catch (error) {
      return { path: target, bytes: 0, problem: (error as Error).message };
    }
  }

  async function make(asked?: string): Promise<JobResult> {
    const made: Awaited<ReturnType<typeof makeIn>>[] = [];
    for (const place of asked ? [asked] : await places()) made.push(await makeIn(place));
    const branchId = (await firstBranch(reader))?.id ?? null;
    await committer.submit({
      actor: systemActor(branchId),
      requestId: ports.id(),
      operation: 'backups.made',
      commandId: ports.id(),
      bodyHash: null,
      confidential: false,
      async run(tx, voice) {
        for (const { path: where, bytes, problem } of made) {
          await tx.db
            .insert(tx.t.backups)
            .values({ id: ports.id(), at: ports.now(), path: where, bytes, verified: problem === null, problem });
        }
        voice.record({
          resource: 'backup',
          after: { made: made.length, failed: made.filter(({ problem }) => problem).length },
        });
      },
    });
    const failed = made.find(({ problem }) => problem !== null);
    if (failed) throw new Stopped(`${failed.path}: ${failed.problem}`);
    return { path: made.map((one) => one.path).join(', '), bytes: made[0]?.bytes ?? 0, verified: true };
  }

  return {
    make,
    async lastGood({ t, db }) {
      return (
        (
          await db
            .select({ at: t.backups.at })
            .from(t.backups)
            .where(eq(t.backups.verified, true))
            .orderBy(desc(t.backups.at))
            .limit(1)
        )[0]?.at ?? null
      );
    },
    handlers: {
      async list(ctx, input) {
        const { t, db } = ctx.db;
        const { where } = keyset([t.backups.at, t.backups.id], input.cursor, 'desc');
        const rows = await db
          .select()
          .from(t.backups)
          .where(where)
          .orderBy(desc(t.backups.at), desc(t.backups.id))
          .limit(input.limit + 1);
        const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.at, row.id]);
        return { items: items.map((row) => ({ ...row, at: iso(row.at) })), nextCursor };
      },
      start: (ctx, { folder: asked }) => jobs.begin(ctx, 'backup', () => make(asked)),
      async recoveryKit(ctx) {
        if (ctx.actor.origin !== 'local') ctx.fail('only_here');
        ctx.record({ resource: 'recovery-kit' });
        return { recoveryKit: recoveryKit(master) };
      },
    },
  };
}

function prune(folder: string): void {
  if (!existsSync(folder)) return;
  const old = readdirSync(folder)
    .filter((name) => /^medlane-.*\.backup$/.test(name))
    .sort()
    .slice(0, -KEPT);
  for (const name of old) rmSync(path.join(folder, name), { force: true });
}
