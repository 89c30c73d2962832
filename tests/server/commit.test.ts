import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/kit.ts';
import { nextNumber } from '../../server/clinic.ts';
import { KeptRefusal } from '../../server/db/commit.ts';
import { change, statement } from '../../server/db/connection.ts';
import type { Tx } from '../../server/db/scope.ts';
import { codeOf, DIALECTS } from '../support/clinic.ts';
import { type Bench, BRANCH, storeBench } from '../support/store.ts';

const putMeta = change(({ db, t, p }) => db.insert(t.meta).values({ key: p('key'), value: p('value') }));
const readMeta = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.meta)
    .where(eq(t.meta.key, p('key'))),
);

describe.each(DIALECTS)('a commit on %s', (dialect) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await storeBench(dialect);
  });
  afterAll(() => bench.close());
  const metaOf = (key: string) => bench.store.reader.row(readMeta, { key });
  const auditCount = async () => (await bench.store.reader.db.select().from(bench.store.reader.t.audit)).length;

  it('leaves the rows, one audit entry, the feed entry and the answer together', async () => {
    const before = await auditCount();
    const work = bench.work(async (tx, voice) => {
      tx.send(putMeta, { key: 'a', value: '1' });
      voice.emit('queue.changed', { queueId: 'q' });
      return { done: true };
    });
    expect(await bench.committer.submit(work)).toEqual({ done: true });
    const { t, db } = bench.store.reader;
    expect(await metaOf('a')).toMatchObject({ value: '1' });
    expect(await auditCount()).toBe(before + 1);
    expect(await db.select().from(t.feed).where(eq(t.feed.commandId, work.commandId))).toMatchObject([
      { event: 'queue.changed', payload: { queueId: 'q' } },
    ]);
    expect(await db.select().from(t.commands).where(eq(t.commands.commandId, work.commandId))).toHaveLength(1);
  });

  it('answers a repeated command with the first answer and does it once', async () => {
    let runs = 0;
    const work = bench.work(async () => {
      runs += 1;
      return { run: runs };
    });
    const answers = await Promise.all([
      bench.committer.submit(work),
      bench.committer.submit(work),
      bench.committer.submit(work),
    ]);
    expect(answers).toEqual([{ run: 1 }, { run: 1 }, { run: 1 }]);
    expect(runs).toBe(1);
    expect(await codeOf(bench.committer.submit({ ...work, bodyHash: 'another' }))).toBe('idempotency_mismatch');
  });

  it('undoes a refused command, remembers its refusal, and audits it', async () => {
    const work = bench.work(async (tx) => {
      tx.send(putMeta, { key: 'refused', value: '1' });
      throw new ApiError('queue_closed', { facts: { queue: 'A' } });
    });
    expect(await codeOf(bench.committer.submit(work))).toBe('queue_closed');
    expect(await metaOf('refused')).toBeUndefined();
    const { t, db } = bench.store.reader;
    const [entry] = await db.select().from(t.audit).where(eq(t.audit.outcome, 'queue_closed'));
    expect(JSON.parse(entry?.record ?? '{}')).toMatchObject({ commandId: work.commandId, action: 'test.work' });
    expect(await codeOf(bench.committer.submit(work))).toBe('queue_closed');
  });

  it('does not remember what was refused for the moment only', async () => {
    let ready = false;
    const work = bench.work(async () => {
      if (!ready) throw new ApiError('unavailable');
      return 'now';
    });
    expect(await codeOf(bench.committer.submit(work))).toBe('unavailable');
    ready = true;
    expect(await bench.committer.submit(work)).toBe('now');
  });

  it('keeps what a counted refusal wrote', async () => {
    const work = bench.work(async (tx) => {
      tx.send(putMeta, { key: 'counted', value: '1' });
      throw new KeptRefusal('bad_credentials');
    });
    expect(await codeOf(bench.committer.submit(work))).toBe('bad_credentials');
    expect(await metaOf('counted')).toMatchObject({ value: '1' });
  });

  it('isolates a bug: its neighbours in the group are committed', async () => {
    const good = (key: string) => bench.work(async (tx) => tx.send(putMeta, { key, value: '1' }));
    const bad = bench.work(async (tx) => {
      tx.send(putMeta, { key: 'bug', value: '1' });
      throw new Error('a bug');
    });
    const settled = await Promise.all([
      codeOf(bench.committer.submit(good('left'))),
      codeOf(bench.committer.submit(bad)),
      codeOf(bench.committer.submit(good('right'))),
    ]);
    expect(settled).toEqual(['ok', 'internal', 'ok']);
    expect([await metaOf('left'), await metaOf('bug'), await metaOf('right')].map((row) => row?.value)).toEqual([
      '1',
      undefined,
      '1',
    ]);
  });

  it('lets no prepared statement survive a rollback', async () => {
    // The statement is prepared inside a command that is rolled back, and used again by the next one.
    const fresh = change(({ db, t, p }) => db.insert(t.meta).values({ key: p('key'), value: 'prepared' }));
    const first = bench.work(async (tx) => {
      tx.send(fresh, { key: 'survivor' });
      throw new ApiError('not_found');
    });
    expect(await codeOf(bench.committer.submit(first))).toBe('not_found');
    expect(await metaOf('survivor')).toBeUndefined();
    await bench.committer.submit(bench.work(async (tx) => tx.send(fresh, { key: 'survivor-2' })));
    expect([await metaOf('survivor'), (await metaOf('survivor-2'))?.value]).toEqual([undefined, 'prepared']);
  });

  it('revokes the handle when the command has settled', async () => {
    let kept: Tx | undefined;
    await bench.committer.submit(
      bench.work(async (tx) => {
        kept = tx;
      }),
    );
    expect(() => kept?.db).toThrow(/settled/);
    await expect(async () => kept?.send(putMeta, { key: 'late', value: '1' })).rejects.toThrow(/settled/);
  });

  it('gives the next number once, also to many at the same instant', async () => {
    const numbers = await Promise.all(
      Array.from({ length: 64 }, () => bench.committer.submit(bench.work((tx) => nextNumber(tx, BRANCH, 'series')))),
    );
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
  });

  it('chains the audit without a gap, and gives feed numbers without a gap', async () => {
    const { t, db } = bench.store.reader;
    const audit = await db.select({ seq: t.audit.seq }).from(t.audit).orderBy(t.audit.seq);
    expect(audit.map(({ seq }) => seq)).toEqual(audit.map((_, index) => index + 1));
    const feed = await db.select({ seq: t.feed.seq }).from(t.feed).orderBy(t.feed.seq);
    expect(feed.map(({ seq }) => seq)).toEqual(feed.map((_, index) => index + 1));
  });
});

describe('a disk that fails', () => {
  it('stops the process when a write was lost, and answers nobody', async () => {
    const bench = await storeBench('sqlite');
    const lost = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    await codeOf(
      bench.committer.submit(
        bench.work(async () => {
          throw lost;
        }),
      ),
    );
    expect(bench.died.join()).toMatch(/lost a write/);
    await bench.store.close();
  });

  it('says “not now” when the disk is full, and goes on when it is not', async () => {
    const bench = await storeBench('sqlite');
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    let isFull = true;
    const work = bench.work(async () => {
      if (isFull) throw full;
      return 'saved';
    });
    expect(await codeOf(bench.committer.submit(work))).toBe('unavailable');
    isFull = false;
    expect(await bench.committer.submit(work)).toBe('saved');
    await bench.close();
  });
});
