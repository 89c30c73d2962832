import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { GivenRow, SyncTable } from '../../contract/sync.ts';
import { isOpen, OPEN_STATES } from '../../domain/visit.ts';
import type { Station } from '../actor.ts';
import { viewBoard } from '../board/board.ts';
import { branchOf, todayOf } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';
import { notesOfPatients } from '../notes/notes.ts';
import { recordsOf } from '../patients/records.ts';
import type { Waits } from '../visits/waits.ts';

/** Whose rows: the desk's branch, by the desk's use. A desk never learns what its use does not need. */
export type Scope = Readonly<{ reader: Reader; waits: Waits; branchId: string; place: Station['place']; now: number }>;

/** What each kind of desk may keep. A board keeps its boards alone. */
const KEPT: Record<Station['place'], readonly SyncTable[]> = {
  board: ['clinic', 'boardView'],
  kiosk: ['clinic', 'queue'],
  reception: ['clinic', 'queue', 'room', 'board', 'boardView', 'person', 'visit', 'patient'],
  doctor: ['clinic', 'queue', 'room', 'board', 'boardView', 'person', 'visit', 'patient', 'notes'],
  pharmacy: ['clinic', 'queue', 'room', 'board', 'boardView', 'person', 'visit', 'patient', 'notes'],
  office: ['clinic', 'queue', 'room', 'board', 'boardView', 'person', 'visit', 'patient'],
};
export const keeps = ({ place }: Pick<Scope, 'place'>, table: SyncTable): boolean => KEPT[place].includes(table);

/** The most notes of one patient that a desk keeps: the newest. */
const MOST_NOTES = 50;
/** The most patients a desk keeps: those of today, then those whose records were touched last. */
export const MOST_PATIENTS = 20_000;

export async function furnitureRows(scope: Scope): Promise<GivenRow[]> {
  const { reader, branchId } = scope;
  const { t, db } = reader;
  const [queues, rooms, boards] = await Promise.all([
    db.select({ id: t.queues.id }).from(t.queues).where(eq(t.queues.branchId, branchId)),
    db.select({ id: t.rooms.id }).from(t.rooms).where(eq(t.rooms.branchId, branchId)),
    db.select({ id: t.boards.id }).from(t.boards).where(eq(t.boards.branchId, branchId)),
  ]);
  const people = await db.select({ id: t.users.id }).from(t.users).where(eq(t.users.branchId, branchId));
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
  return [
    ...(await rowsOf(scope, 'clinic', [branchId])),
    ...(await rowsOf(scope, 'queue', ids(queues))),
    ...(await rowsOf(scope, 'room', ids(rooms))),
    ...(await rowsOf(scope, 'board', ids(boards))),
    ...(await rowsOf(scope, 'boardView', ids(boards))),
    ...(await rowsOf(scope, 'person', ids(people))),
  ];
}

/** These rows as they are now; null for one that is gone, or no longer this desk's to keep. */
export async function rowsOf(scope: Scope, table: SyncTable, ids: readonly string[]): Promise<GivenRow[]> {
  if (ids.length === 0 || !keeps(scope, table)) return [];
  const found = await FIND[table](scope, [...ids]);
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? ({ table, id, row: null } as GivenRow));
}

type Find = (scope: Scope, ids: string[]) => Promise<GivenRow[]>;

const FIND: Record<SyncTable, Find> = {
  async clinic({ reader, branchId }) {
    const branch = await branchOf(reader, branchId);
    const { name, code, timeZone, rollOverHour, registrationPattern, openDay, demo } = branch;
    const row = { branchId, branch: code, name, timeZone, rollOverHour, registrationPattern, openDay, demo };
    return [{ table: 'clinic', id: branchId, row }];
  },

  async queue({ reader: { t, db }, branchId }, ids) {
    const rows = await db
      .select()
      .from(t.queues)
      .where(and(inArray(t.queues.id, ids), eq(t.queues.branchId, branchId)));
    return rows.map(({ nameKey: _, createdAt: _c, updatedAt: _u, ...row }) => ({ table: 'queue', id: row.id, row }));
  },

  async room({ reader: { t, db }, branchId }, ids) {
    const rows = await db
      .select()
      .from(t.rooms)
      .where(and(inArray(t.rooms.id, ids), eq(t.rooms.branchId, branchId)));
    const workers = await db
      .select({ roomId: t.roomWorkers.roomId, id: t.users.id, name: t.users.name })
      .from(t.roomWorkers)
      .innerJoin(t.users, eq(t.users.id, t.roomWorkers.userId))
      .where(inArray(t.roomWorkers.roomId, ids));
    return rows.map(({ id, name, capacity, queueIds, version }) => {
      const here = workers
        .filter(({ roomId }) => roomId === id)
        .map((worker) => ({ id: worker.id, name: worker.name }));
      return { table: 'room', id, row: { id, name, capacity, queueIds, version, workers: here } };
    });
  },

  async board({ reader: { t, db }, branchId }, ids) {
    const rows = await db
      .select()
      .from(t.boards)
      .where(and(inArray(t.boards.id, ids), eq(t.boards.branchId, branchId)));
    return rows.map(({ id, name, names, queueIds, notice, version }) => ({
      ...{ table: 'board', id },
      row: { id, name, names, queueIds, notice, version },
    }));
  },

  async boardView({ reader, waits, branchId, now }, ids) {
    const views = await Promise.all(ids.map((id) => viewBoard(reader, waits, id, now)));
    return views.flatMap((view) =>
      view?.branchId === branchId ? [{ table: 'boardView' as const, id: view.id, row: view }] : [],
    );
  },

  async person({ reader: { t, db }, branchId }, ids) {
    const rows = await db
      .select({ id: t.users.id, name: t.users.name, roles: t.users.roles, active: t.users.active })
      .from(t.users)
      .where(and(inArray(t.users.id, ids), eq(t.users.branchId, branchId)));
    return rows.map((row) => ({ table: 'person', id: row.id, row }));
  },

  async visit({ reader, branchId, now }, ids) {
    const { t, db } = reader;
    const today = todayOf(await branchOf(reader, branchId), now);
    const visits = await db
      .select()
      .from(t.visits)
      .where(and(inArray(t.visits.id, ids), eq(t.visits.branchId, branchId)));
    const steps = await db.select().from(t.steps).where(inArray(t.steps.visitId, ids)).orderBy(t.steps.sequence);
    const rows = visits.map(({ createdAt: _c, updatedAt: _u, ...visit }) => ({
      ...{ table: 'visit' as const, id: visit.id },
      row: { visit, steps: steps.filter(({ visitId }) => visitId === visit.id) },
    }));
    return rows.filter(({ row: { visit, steps: own } }) => {
      const step = own.find(({ id }) => id === visit.currentStepId);
      return visit.clinicDay >= today || (step !== undefined && isOpen(step.state));
    });
  },

  async notes({ reader, branchId }, ids) {
    const written = Map.groupBy(await notesOfPatients(reader, branchId, ids), ({ patientId }) => patientId);
    return ids.map((id) => ({ table: 'notes', id, row: { items: (written.get(id) ?? []).slice(0, MOST_NOTES) } }));
  },

  async patient({ reader, branchId }, ids) {
    const { t, db } = reader;
    const rows = await db
      .select()
      .from(t.patients)
      .where(and(inArray(t.patients.id, ids), eq(t.patients.branchId, branchId)));
    const records = await recordsOf(
      reader,
      rows.filter(({ archivedAt }) => archivedAt === null),
    );
    return records.map((row) => ({ table: 'patient', id: row.id, row }));
  },
};

/** A page of today's visits, and of older ones that are still open; in the order of their ids. */
export async function visitIds(scope: Scope, after: string, limit: number): Promise<string[]> {
  const { t, db } = scope.reader;
  const today = todayOf(await branchOf(scope.reader, scope.branchId), scope.now);
  const rows = await db
    .select({ id: t.visits.id })
    .from(t.visits)
    .innerJoin(t.steps, eq(t.steps.id, t.visits.currentStepId))
    .where(
      and(
        eq(t.visits.branchId, scope.branchId),
        gt(t.visits.id, after),
        sql`(${eq(t.visits.clinicDay, today)} or ${inArray(t.steps.state, [...OPEN_STATES])})`,
      ),
    )
    .orderBy(t.visits.id)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** The ids of the patients that a desk keeps, from the one touched last. */
export async function patientIds(scope: Scope, offset: number, limit: number): Promise<string[]> {
  const { t, db } = scope.reader;
  const rows = await db
    .select({ id: t.patients.id })
    .from(t.patients)
    .where(and(eq(t.patients.branchId, scope.branchId), sql`${t.patients.archivedAt} is null`))
    .orderBy(desc(t.patients.updatedAt), t.patients.id)
    .limit(Math.max(0, Math.min(limit, MOST_PATIENTS - offset)))
    .offset(offset);
  return rows.map(({ id }) => id);
}
