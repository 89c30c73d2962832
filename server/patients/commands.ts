import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import type { RegisterCommand } from '../../domain/register.ts';
import { decideRegister } from '../../domain/register.ts';
import { registrationNumber, registrationSeries } from '../../domain/registration-number.ts';
import { branchOf, nextNumber, todayOf } from '../clinic.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { given } from '../given.ts';
import { iso } from '../ports.ts';
import type { PatientKeys } from '../vault.ts';
import { idsOf } from '../visits/facts.ts';
import { settleArrival } from './arrival.ts';
import {
  auditOf,
  index,
  insertPatient,
  openVisitOf,
  otherNumbers,
  type PatientRow,
  patientOf,
  viewPatient,
} from './rows.ts';

type Commands = Pick<
  GroupHandlers<'patients'>,
  'register' | 'opened' | 'update' | 'archive' | 'restore' | 'merge' | 'unmerge'
>;

/** Registers a patient in the running command: number, key, row and index. An import does it by the same function. */
export async function registerPatient(
  ctx: CommandContext<'numbers_exhausted'>,
  keys: PatientKeys,
  command: RegisterCommand,
  imported: Readonly<{ externalId: string; archivedAt: number | null }> | null = null,
): Promise<PatientRow> {
  const { tx, branchId, now } = ctx;
  const branch = await branchOf(tx, branchId);
  const day = todayOf(branch, now);
  const pattern = branch.registrationPattern;
  const serial = await nextNumber(
    tx,
    branchId,
    `${branchId}:${registrationSeries(pattern, { date: day, category: command.category })}`,
  );
  const number = registrationNumber(pattern, serial, { date: day, category: command.category });
  const decided = decideRegister({ number }, command, { day, id: idsOf(ctx)() });
  if ('refused' in decided) {
    if (decided.refused === 'numbers_exhausted') return ctx.fail('numbers_exhausted');
    throw new ApiError('validation_failed', {
      fields: [{ field: 'name', code: 'required', message: 'Give a name, or say that the person is unidentified.' }],
    });
  }
  await keys.create(tx, decided.id, branchId);
  const row = await insertPatient(
    tx,
    { ...decided, branchId, externalId: imported?.externalId ?? null, archivedAt: imported?.archivedAt ?? null },
    now,
  );
  ctx.emit('patient.changed', { patientId: row.id });
  ctx.record({ resource: 'patient', resourceId: row.id, patientId: row.id, after: auditOf(row) });
  return row;
}

export function createPatientCommands(keys: PatientKeys): Commands {
  const find = async (ctx: CommandContext<'not_found'>, id: string): Promise<PatientRow> =>
    (await patientOf(ctx.tx, { id, branchId: ctx.branchId })) ?? ctx.fail('not_found');

  /** Writes a changed record, its index, its traces. */
  async function save(
    ctx: CommandContext,
    before: PatientRow,
    change: Partial<PatientRow>,
    reason?: string,
  ): Promise<PatientRow> {
    const { t, db } = ctx.tx;
    const after = { ...before, ...change, version: before.version + 1, updatedAt: ctx.now };
    await db
      .update(t.patients)
      .set({ ...change, version: after.version, updatedAt: ctx.now })
      .where(eq(t.patients.id, before.id));
    await index(ctx.tx, after);
    ctx.emit('patient.changed', { patientId: before.id });
    ctx.record({
      resource: 'patient',
      resourceId: before.id,
      patientId: before.id,
      before: auditOf(before),
      after: { ...auditOf(after), ...(reason ? { reason } : {}) },
    });
    return after;
  }

  return {
    async register(ctx, { provisionalNumber, ...input }) {
      const row = await registerPatient(ctx, keys, input);
      if (provisionalNumber && ctx.actor.station) await settleArrival(ctx, row, provisionalNumber);
      return viewPatient(row);
    },

    async opened(ctx, { id }) {
      if (!ctx.actor.station) ctx.fail('only_station');
      await find(ctx, id);
      const openedAt = iso(ctx.actor.madeAt ?? ctx.now);
      ctx.record({ resource: 'patient', resourceId: id, patientId: id, after: { openedAt } });
      return { ok: true };
    },

    async update(ctx, { id, expectedVersion, ...change }) {
      const before = await find(ctx, id);
      if (before.archivedAt !== null) ctx.fail('archived');
      if (expectedVersion !== undefined && expectedVersion !== before.version)
        ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
      const identified = before.identified || (change.name !== undefined && change.name !== before.name);
      return viewPatient(await save(ctx, before, { ...given(change), identified }));
    },

    async archive(ctx, { id, reason }) {
      const before = await find(ctx, id);
      if (before.archivedAt !== null) ctx.fail('archived');
      const open = await openVisitOf(ctx.tx, id);
      if (open) ctx.fail('has_open_visit', { token: open.token });
      await save(ctx, before, { archivedAt: ctx.now }, reason);
      return { ok: true };
    },

    async restore(ctx, { id }) {
      const before = await find(ctx, id);
      if (before.mergedIntoId) ctx.fail('already_merged');
      await save(ctx, before, { archivedAt: null });
      return { ok: true };
    },

    async merge(ctx, { id, intoId, reason }) {
      if (id === intoId) ctx.fail('same_record');
      const [from, into] = [await find(ctx, id), await find(ctx, intoId)];
      if (from.mergedIntoId) ctx.fail('already_merged');
      if (into.archivedAt !== null) ctx.fail('archived');
      const { t, db } = ctx.tx;
      const moved = await db
        .update(t.visits)
        .set({ patientId: intoId, updatedAt: ctx.now })
        .where(eq(t.visits.patientId, id))
        .returning({ id: t.visits.id });
      const numbers = [from.registrationNumber, ...(await otherNumbers(ctx.tx, id))];
      for (const number of numbers) {
        await db
          .insert(t.patientNumbers)
          .values({ branchId: ctx.branchId, number, patientId: intoId })
          .onConflictDoUpdate({
            target: [t.patientNumbers.branchId, t.patientNumbers.number],
            set: { patientId: intoId },
          });
      }
      const mergeId = ctx.id();
      const visitIds = moved.map((visit) => visit.id);
      await db
        .insert(t.merges)
        .values({ id: mergeId, branchId: ctx.branchId, patientId: id, intoId, visitIds, numbers, at: ctx.now });
      await save(ctx, into, {});
      await save(ctx, from, { archivedAt: ctx.now, mergedIntoId: intoId }, reason);
      return { mergeId, visitsMoved: visitIds.length };
    },

    async unmerge(ctx, { id }) {
      const from = await find(ctx, id);
      const { t, db } = ctx.tx;
      const merge = (
        await db
          .select()
          .from(t.merges)
          .where(and(eq(t.merges.patientId, id), isNull(t.merges.undoneAt)))
          .orderBy(desc(t.merges.at))
          .limit(1)
      )[0];
      if (!merge || from.mergedIntoId !== merge.intoId) return ctx.fail('merge_gone');
      const into = await find(ctx, merge.intoId);
      // The other record may itself have been merged on since: then its visits are no longer where this merge put them.
      if (into.mergedIntoId) ctx.fail('merge_gone');
      const back =
        merge.visitIds.length === 0
          ? []
          : await db
              .update(t.visits)
              .set({ patientId: id, updatedAt: ctx.now })
              .where(and(inArray(t.visits.id, merge.visitIds), eq(t.visits.patientId, merge.intoId)))
              .returning({ id: t.visits.id });
      await db.update(t.merges).set({ undoneAt: ctx.now }).where(eq(t.merges.id, merge.id));
      // The record's own number leads to it again, and so do those of the records that had been merged into it.
      const mine = (number: string) =>
        and(eq(t.patientNumbers.branchId, ctx.branchId), eq(t.patientNumbers.number, number));
      for (const number of merge.numbers) {
        if (number === from.registrationNumber) await db.delete(t.patientNumbers).where(mine(number));
        else await db.update(t.patientNumbers).set({ patientId: id }).where(mine(number));
      }
      await save(ctx, into, {});
      await save(ctx, from, { archivedAt: null, mergedIntoId: null });
      return { visitsMoved: back.length };
    },
  };
}
