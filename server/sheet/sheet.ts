import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import type { SheetKind } from '../../domain/station.ts';
import { keyset, pageOf } from '../db/paging.ts';
import type { CommandContext, GroupHandlers, QueryContext } from '../dispatch.ts';
import { iso, isoOrNull } from '../ports.ts';

export type ForSheet = Readonly<{
  kind: SheetKind;
  refusal: string | null;
  facts: Readonly<Record<string, string | number | null>>;
  visitId?: string | null;
  patientId?: string | null;
  otherPatientId?: string | null;
  madeAt: number;
  /** The command that did not fit; this one unless said. */
  commandId?: string;
  operation?: string;
}>;

type Writing = Pick<CommandContext, 'tx' | 'actor' | 'branchId' | 'now' | 'id' | 'commandId' | 'emit'>;

/** Keeps something for a person to settle; the same command is put there once. */
export async function putOnSheet(ctx: Writing, item: ForSheet): Promise<string> {
  const { t, db } = ctx.tx;
  const id = ctx.id();
  await db
    .insert(t.sheet)
    .values({
      id,
      branchId: ctx.branchId,
      kind: item.kind,
      deviceId: ctx.actor.deviceId,
      actorId: ctx.actor.id,
      commandId: item.commandId ?? ctx.commandId,
      operation: item.operation ?? 'visits.issueOffline',
      refusal: item.refusal,
      facts: item.facts,
      visitId: item.visitId ?? null,
      patientId: item.patientId ?? null,
      otherPatientId: item.otherPatientId ?? null,
      madeAt: item.madeAt,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    })
    .onConflictDoNothing();
  ctx.emit('sheet.changed', { sheetId: id });
  return id;
}

/** Refusals that say: somebody else had acted on this visit meanwhile. */
const MOVED_ON = new Set(['stale', 'invalid_transition', 'room_busy', 'bound_elsewhere', 'reason_required']);

const kindOf = (refusal: string, ofVisit: boolean): SheetKind => {
  if (refusal === 'work_lost') return 'work_lost';
  return ofVisit && MOVED_ON.has(refusal) ? 'moved_on' : 'not_applied';
};

export const sheetHandlers: GroupHandlers<'sheet'> = {
  async list(ctx, { settled, limit, cursor }) {
    const { t } = ctx.db;
    const columns = [t.sheet.createdAt, t.sheet.id];
    const { where, orderBy } = keyset(columns, cursor, 'desc');
    const wanted =
      settled === 'open' ? isNull(t.sheet.settledAt) : settled === 'settled' ? isNotNull(t.sheet.settledAt) : undefined;
    const rows = await ctx.db.db
      .select()
      .from(t.sheet)
      .where(and(eq(t.sheet.branchId, ctx.branchId), wanted, where))
      .orderBy(...orderBy)
      .limit(limit + 1);
    const { items, nextCursor } = pageOf(rows, limit, (row) => [row.createdAt, row.id]);
    return { items: await Promise.all(items.map((row) => named(ctx, row))), nextCursor };
  },

  async report(ctx, { commandId, operation, refusal, facts, visitId, patientId }) {
    if (!ctx.actor.station) ctx.fail('only_station');
    const madeAt = ctx.actor.madeAt ?? ctx.now;
    const kind = kindOf(refusal, visitId !== null);
    const id = await putOnSheet(ctx, { kind, refusal, facts, visitId, patientId, madeAt, commandId, operation });
    ctx.record({ resource: 'sheet', resourceId: id, after: { operation, refusal, visitId } });
    return { id };
  },

  async settle(ctx, { id, note }) {
    const { t, db } = ctx.tx;
    const mine = and(eq(t.sheet.id, id), eq(t.sheet.branchId, ctx.branchId));
    const [row] = await db.select().from(t.sheet).where(mine);
    if (!row) return ctx.fail('not_found');
    if (row.settledAt !== null) ctx.fail('settled');
    await db.update(t.sheet).set({ settledAt: ctx.now, settledBy: ctx.actor.id, note, updatedAt: ctx.now }).where(mine);
    ctx.emit('sheet.changed', { sheetId: id });
    ctx.record({ resource: 'sheet', resourceId: id, after: { note } });
    return { id };
  },
};

type Row = QueryContext['db']['t']['sheet']['$inferSelect'];

/** With the names that a person reads instead of ids. */
async function named(ctx: QueryContext, row: Row) {
  const { t, db } = ctx.db;
  const nameOfUser = async (id: string | null) =>
    id ? ((await db.select({ name: t.users.name }).from(t.users).where(eq(t.users.id, id)))[0]?.name ?? null) : null;
  const nameOfPatient = async (id: string | null) =>
    id
      ? ((await db.select({ name: t.patients.name }).from(t.patients).where(eq(t.patients.id, id)))[0]?.name ?? null)
      : null;
  const [desk] = await db
    .select({ name: t.devices.name, code: t.stations.code })
    .from(t.devices)
    .leftJoin(t.stations, eq(t.stations.deviceId, t.devices.id))
    .where(eq(t.devices.id, row.deviceId));
  const [visit] = row.visitId
    ? await db.select({ token: t.visits.token }).from(t.visits).where(eq(t.visits.id, row.visitId))
    : [];
  return {
    id: row.id,
    kind: row.kind,
    station: desk?.code ?? '',
    desk: desk?.name ?? '',
    by: (await nameOfUser(row.actorId)) ?? '',
    operation: row.operation,
    refusal: row.refusal,
    facts: row.facts,
    visitId: row.visitId,
    token: visit?.token ?? null,
    patientId: row.patientId,
    patient: await nameOfPatient(row.patientId),
    otherPatientId: row.otherPatientId,
    otherPatient: await nameOfPatient(row.otherPatientId),
    madeAt: iso(row.madeAt),
    arrivedAt: iso(row.createdAt),
    settledAt: isoOrNull(row.settledAt),
    settledBy: await nameOfUser(row.settledBy),
    note: row.note,
  };
}
