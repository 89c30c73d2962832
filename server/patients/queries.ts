import { and, eq, inArray, isNotNull, isNull, max } from 'drizzle-orm';
import { summaryOf } from '../../contract/views.ts';
import { OPEN_STATES } from '../../domain/visit.ts';
import type { Reader } from '../db/connection.ts';
import { columnOf, directionOf, keyset, pageOf } from '../db/paging.ts';
import { searchPatients } from '../db/search.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { candidatesFor, rowsById } from './duplicates.ts';
import { recordsOf } from './records.ts';
import { type PatientRow, patientOf } from './rows.ts';
import type { Searches } from './searches.ts';

type Queries = Pick<GroupHandlers<'patients'>, 'list' | 'get' | 'duplicates'>;

export function createPatientQueries(searches: Searches): Queries {
  return {
    async list(ctx, input) {
      if (input.q !== undefined && input.q.trim() !== '') {
        const ids = await searchPatients(ctx.db, {
          branchId: ctx.branchId,
          q: input.q,
          archived: input.archived,
          limit: input.limit,
        });
        searches.note(ctx.actor, input.q.trim(), ids.length);
        return { items: await listed(ctx.db, await rowsById(ctx.db, ids)), nextCursor: null };
      }
      const { t, db } = ctx.db;
      const by = {
        registrationNumber: t.patients.registrationNumber,
        name: t.patients.name,
        createdAt: t.patients.createdAt,
      };
      const sort = columnOf(input.sort) as keyof typeof by | undefined;
      const columns = [sort ? by[sort] : t.patients.createdAt, t.patients.id];
      const { where, orderBy } = keyset(columns, input.cursor, sort ? directionOf(input.sort) : 'desc');
      const rows = await db
        .select()
        .from(t.patients)
        .where(
          and(
            eq(t.patients.branchId, ctx.branchId),
            input.archived ? isNotNull(t.patients.archivedAt) : isNull(t.patients.archivedAt),
            where,
          ),
        )
        .orderBy(...orderBy)
        .limit(input.limit + 1);
      const { items, nextCursor } = pageOf(rows, input.limit, (row) => [row[sort ?? 'createdAt'], row.id]);
      return { items: await listed(ctx.db, items), nextCursor };
    },

    async get(ctx, { id }) {
      const row = (await patientOf(ctx.db, { id, branchId: ctx.branchId })) ?? ctx.fail('not_found');
      ctx.record({ resource: 'patient', resourceId: id, patientId: id });
      return (await recordsOf(ctx.db, [row]))[0] ?? ctx.fail('not_found');
    },

    duplicates: async (ctx, input) => ({ candidates: await candidatesFor(ctx.db, ctx.branchId, input) }),
  };
}

/** With the day of the last visit and the token of an unfinished one. */
async function listed({ t, db }: Reader, rows: readonly PatientRow[]) {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const last = await db
    .select({ id: t.visits.patientId, day: max(t.visits.clinicDay) })
    .from(t.visits)
    .where(inArray(t.visits.patientId, ids))
    .groupBy(t.visits.patientId);
  const open = await db
    .select({ id: t.visits.patientId, token: t.visits.token })
    .from(t.visits)
    .innerJoin(t.steps, eq(t.steps.id, t.visits.currentStepId))
    .where(and(inArray(t.visits.patientId, ids), inArray(t.steps.state, [...OPEN_STATES])));
  const lastOf = new Map(last.map(({ id, day }) => [id, day]));
  const openOf = new Map(open.map(({ id, token }) => [id, token]));
  return rows.map((row) => ({
    ...summaryOf(row),
    lastVisitDay: lastOf.get(row.id) ?? null,
    openToken: openOf.get(row.id) ?? null,
  }));
}
