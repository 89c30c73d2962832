import { asc, gte, lt } from 'drizzle-orm';
import { pruneSignIns } from './auth/sign-ins.ts';
import { BACKUP_EVERY, type Backups } from './backup/backups.ts';
import type { Committer } from './db/commit.ts';
import type { Reader } from './db/connection.ts';
import { type Own, ownWork } from './db/own-work.ts';
import type { Tx, Voice } from './db/scope.ts';
import type { Presence } from './devices/presence.ts';
import { FEED_KEPT, metaOf } from './feed/feed.ts';
import type { Ports } from './ports.ts';
import { closeOldDays, hasOldDays } from './visits/day.ts';

type Parts = Readonly<{
  committer: Committer;
  reader: Reader;
  ports: Ports;
  backups: Backups;
  presence: Presence;
  onBug: (error: unknown) => void;
}>;

const MINUTE = 60_000;
/** Stored answers: the promise is 90 days. */
const ANSWERS_KEPT = 90 * 24 * 60 * MINUTE;
/** For how long a step can be taken back. */
const UNDO_KEPT = 10 * MINUTE;

/** What happens by itself: days end, what is too old goes, backups are made. */
export function createHousekeeping({ committer, reader, ports, backups, presence, onBug }: Parts) {
  /** Closes the days that ended while nobody was there. */
  async function closeDays(): Promise<void> {
    for (const { id: branchId } of await reader.db.select({ id: reader.t.branches.id }).from(reader.t.branches)) {
      if (!(await hasOldDays(reader, branchId, ports.now()))) continue;
      const close = (tx: Tx, { emit }: Voice, own: Own) =>
        closeOldDays({ tx, ...own, branchId, now: ports.now(), id: ports.id, emit });
      await committer.submit(ownWork(ports, 'day.open', close, branchId));
    }
  }

  async function dropOld(tx: Tx): Promise<void> {
    const { t, db } = tx;
    // Entries stand in the order of their numbers: the first one young enough is found from the old end.
    const [young] = await db
      .select({ seq: t.feed.seq })
      .from(t.feed)
      .where(gte(t.feed.at, ports.now() - FEED_KEPT))
      .orderBy(asc(t.feed.seq))
      .limit(1);
    if (young) await db.delete(t.feed).where(lt(t.feed.seq, young.seq));
    await db.delete(t.commands).where(lt(t.commands.at, ports.now() - ANSWERS_KEPT));
    await db.delete(t.undoable).where(lt(t.undoable.at, ports.now() - UNDO_KEPT));
    await pruneSignIns(tx, ports.now());
  }

  async function backUpWhenDue(): Promise<void> {
    if ((await metaOf(reader, 'setUp')) === null) return;
    const last = await backups.lastGood(reader);
    if (last === null || ports.now() - last >= BACKUP_EVERY) await backups.make().catch(onBug);
  }

  return {
    closeDays,
    /** Begins; the answer ends it. */
    start(): () => void {
      const timers = [
        every(ports, MINUTE, () => committer.checkpoint()),
        every(ports, MINUTE, () => presence.flush()),
        every(ports, MINUTE, closeDays),
        every(ports, 60 * MINUTE, () => committer.submit(ownWork(ports, 'traces.pruned', dropOld))),
        every(ports, 10 * MINUTE, backUpWhenDue),
      ];
      return () => {
        for (const stop of timers) stop();
      };
    },
  };
}

/** Again and again, so long (ms) after the last time ended, whether it went well or not. */
function every({ after }: Ports, ms: number, run: () => Promise<unknown>): () => void {
  let stop = () => {};
  const again = () => {
    stop = after(
      ms,
      () =>
        void run()
          .catch(() => {})
          .finally(again),
    );
  };
  again();
  return () => stop();
}
