import { and, desc, eq, gte, inArray, lt } from 'drizzle-orm';
import { ENTRIES } from '../../contract/http.ts';
import { hasBranches } from '../clinic.ts';
import { directionOf, keyset, pageOf } from '../db/paging.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { metaOf } from '../feed/feed.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Workers } from '../jobs/workers.ts';
import { iso } from '../ports.ts';
import type { Vault } from '../vault.ts';
import { openDetail } from './chain.ts';
import { rangeOf } from './scan.ts';

type Services = Readonly<{ vault: Vault; jobs: Jobs; workers: Workers }>;

/** An instant, or the beginning of a day in UTC. */
const timeOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

export function createAuditHandlers({ vault, jobs, workers }: Services): GroupHandlers<'audit'> {
  return {
    async list(ctx, input) {
      const { t, db } = ctx.db;
      const { where, orderBy } = keyset([t.audit.seq], input.cursor, input.sort ? directionOf(input.sort) : 'desc');
      const [from, to] = [timeOf(input.from), timeOf(input.to)];
      const rows = await db
        .select()
        .from(t.audit)
        .where(
          and(
            eq(t.audit.branchId, ctx.branchId),
            from === undefined ? undefined : gte(t.audit.at, from),
            to === undefined ? undefined : lt(t.audit.at, to),
            input.actorId ? eq(t.audit.actorId, input.actorId) : undefined,
            input.patientId ? eq(t.audit.patientId, input.patientId) : undefined,
            input.action ? inArray(t.audit.action, input.action) : undefined,
            input.outcome ? eq(t.audit.outcome, input.outcome) : undefined,
            where,
          ),
        )
        .orderBy(...orderBy)
        .limit(input.limit + 1);
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.seq]);
      const entries = items.map(async (row) => {
        const { detailHash: _hash, ...record } = JSON.parse(row.record);
        const key = row.patientId ? await vault.patientKeys.find(ctx.db, row.patientId) : vault.detailKey;
        return { ...record, changes: openDetail(key, row.seq, row.detail)?.changes ?? null, hash: row.hash };
      });
      return { items: await Promise.all(entries), nextCursor };
    },

    async export(ctx, { format, from, to }) {
      // One chain goes through all branches, and proves itself only as a whole.
      if (!ctx.actor.roles.includes('super_admin') && (await hasBranches(ctx.db))) ctx.fail('other_branches');
      const [clinicId, epoch] = [(await metaOf(ctx.db, 'clinicId')) ?? '', (await metaOf(ctx.db, 'epoch')) ?? ''];
      const [start, end] = [timeOf(from), timeOf(to)];
      const order = {
        format,
        clinicId,
        epoch,
        publicKey: vault.auditSigning.publicKey,
        ...(start === undefined ? {} : { from: start }),
        ...(end === undefined ? {} : { to: end }),
      };
      ctx.record({ resource: 'audit', after: { format, from: from ?? null, to: to ?? null } });
      const filename = `medlane-audit-${iso(ctx.now).slice(0, 19).replaceAll(':', '')}.${format}`;
      const media = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8';
      const { after, to: last } = await rangeOf(ctx.db, start, end);
      const headers = { [ENTRIES]: String(last - after) };
      return { filename, media, headers, body: workers.stream({ kind: 'export', order }) };
    },

    async verify(ctx) {
      const clinicId = (await metaOf(ctx.tx, 'clinicId')) ?? '';
      return jobs.begin(ctx, 'verify', ({ signal, progress }) =>
        workers.run({ kind: 'verify', clinicId }, { signal, progress }),
      );
    },

    async checkpoints(ctx, input) {
      const { t, db } = ctx.db;
      const { where } = keyset([t.auditCheckpoints.seq], input.cursor, 'desc');
      const rows = await db
        .select()
        .from(t.auditCheckpoints)
        .where(where)
        .orderBy(desc(t.auditCheckpoints.seq))
        .limit(input.limit + 1);
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row.seq]);
      return {
        items: items.map(({ seq, at, hash, signature }) => ({ seq, at: iso(at), hash, signature })),
        nextCursor,
        publicKey: vault.auditSigning.publicKey,
      };
    },
  };
}
