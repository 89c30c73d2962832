import { asc, gt, max } from 'drizzle-orm';
import { FEED_CHANNEL, type FeedEntry } from '../db/commit.ts';
import { listenPostgres, type Store } from '../db/open.ts';

/**
 * On PostgreSQL other processes commit, too: each reads the feed onward whenever any of them did. The answer ends it; on SQLite
 * there is nobody else to hear.
 */
export async function hearOthers(
  store: Store,
  announce: (entries: readonly FeedEntry[]) => void,
  onBug: (error: unknown) => void,
): Promise<() => Promise<void>> {
  if (store.location.dialect !== 'postgres') return async () => {};
  const { t, db } = store.reader;
  let last = (await db.select({ seq: max(t.feed.seq) }).from(t.feed))[0]?.seq ?? 0;
  let reading: Promise<void> = Promise.resolve();
  const readOn = async () => {
    const entries = await db.select().from(t.feed).where(gt(t.feed.seq, last)).orderBy(asc(t.feed.seq));
    last = entries.at(-1)?.seq ?? last;
    if (entries.length > 0) announce(entries);
  };
  return listenPostgres(store.location.url, FEED_CHANNEL, () => {
    reading = reading.then(readOn).catch(onBug);
  });
}
