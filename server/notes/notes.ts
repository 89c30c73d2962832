import { and, desc, eq, inArray } from 'drizzle-orm';
import type * as z from 'zod';
import type { visitNote } from '../../contract/notes.ts';
import type { Reader } from '../db/connection.ts';
import { keyset, pageOf } from '../db/paging.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { patientOf } from '../patients/rows.ts';
import { iso } from '../ports.ts';
import { openDay } from '../visits/day.ts';
import { dayOfFact, idsOf, timeOfFact } from '../visits/facts.ts';
import { visitOf } from '../visits/rows.ts';

type NoteView = z.input<typeof visitNote>;
type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };

/** A note with its visit and its author's name. */
const selectNotes = ({ t, db }: Rows) =>
  db
    .select({
      id: t.visitNotes.id,
      visitId: t.visitNotes.visitId,
      patientId: t.visits.patientId,
      token: t.visits.token,
      clinicDay: t.visits.clinicDay,
      authorId: t.visitNotes.authorId,
      author: t.users.name,
      text: t.visitNotes.text,
      version: t.visitNotes.version,
      createdAt: t.visitNotes.createdAt,
      updatedAt: t.visitNotes.updatedAt,
    })
    .from(t.visitNotes)
    .innerJoin(t.visits, eq(t.visits.id, t.visitNotes.visitId))
    .innerJoin(t.users, eq(t.users.id, t.visitNotes.authorId));
type NoteRow = Awaited<ReturnType<typeof selectNotes>>[number];

const viewOf = (row: NoteRow): NoteView => ({ ...row, createdAt: iso(row.createdAt), updatedAt: iso(row.updatedAt) });

/** What was written about one visit, in the order in which it was begun. */
export const notesOfVisit = (reader: Reader, visitId: string) =>
  selectNotes(reader).where(eq(reader.t.visitNotes.visitId, visitId)).orderBy(reader.t.visitNotes.createdAt);

/** What was written about these patients, the newest first. */
export async function notesOfPatients(reader: Reader, branchId: string, ids: readonly string[]): Promise<NoteView[]> {
  const { t } = reader;
  const rows = await selectNotes(reader)
    .where(and(eq(t.visits.branchId, branchId), inArray(t.visits.patientId, [...ids])))
    .orderBy(desc(t.visitNotes.createdAt), desc(t.visitNotes.id));
  return rows.map(viewOf);
}

export const noteHandlers: GroupHandlers<'notes'> = {
  async list(ctx, { id, cursor, limit }) {
    if (!(await patientOf(ctx.db, { id, branchId: ctx.branchId }))) ctx.fail('not_found');
    const { t } = ctx.db;
    const { where, orderBy } = keyset([t.visitNotes.createdAt, t.visitNotes.id], cursor, 'desc');
    const rows = await selectNotes(ctx.db)
      .where(and(eq(t.visits.patientId, id), where))
      .orderBy(...orderBy)
      .limit(limit + 1);
    ctx.record({ resource: 'patient', resourceId: id, patientId: id });
    const { items, nextCursor } = pageOf(rows, limit, (row) => [row.createdAt, row.id]);
    return { items: items.map(viewOf), nextCursor };
  },

  async save(ctx, { id: visitId, text, expectedVersion }) {
    const { tx, branchId, actor } = ctx;
    const { t, db } = tx;
    const { branch, day: today } = await openDay(ctx);
    const [day, now] = [dayOfFact(ctx, branch, today), timeOfFact(ctx)];
    const { visit } = (await visitOf(tx, { id: visitId, branchId })) ?? ctx.fail('not_found');
    const mine = and(eq(t.visitNotes.visitId, visitId), eq(t.visitNotes.authorId, actor.id), eq(t.visitNotes.day, day));
    const before = (await selectNotes(tx).where(mine).orderBy(desc(t.visitNotes.createdAt)).limit(1))[0];
    if (expectedVersion !== undefined && expectedVersion !== (before?.version ?? 0))
      ctx.fail('stale', { state: 'changed', lastCommand: 'save' });
    if (before) {
      await db
        .update(t.visitNotes)
        .set({ text, version: before.version + 1, updatedAt: now })
        .where(eq(t.visitNotes.id, before.id));
    } else {
      const id = idsOf(ctx)();
      const row = { id, branchId, visitId, authorId: actor.id, day, text, version: 1, createdAt: now, updatedAt: now };
      await db.insert(t.visitNotes).values(row);
    }
    ctx.emit('note.changed', { visitId, patientId: visit.patientId });
    ctx.record({
      resource: 'visit',
      resourceId: visitId,
      patientId: visit.patientId,
      before: { notes: before?.text ?? null },
      after: { notes: text },
    });
    const after = (await selectNotes(tx).where(mine).limit(1))[0] ?? ctx.fail('not_found');
    return viewOf(after);
  },
};
