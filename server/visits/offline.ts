import { and, eq, sql } from 'drizzle-orm';
import type { visits as contract } from '../../contract/visits.ts';
import { type Changes, decideIssueOffline } from '../../domain/decide.ts';
import { numberedFrom } from '../../domain/numbered.ts';
import { tokenLabel, tokenSeries } from '../../domain/token.ts';
import type { Visit } from '../../domain/visit.ts';
import { FENCED } from '../db/commit.ts';
import type { CommandContext, Handler } from '../dispatch.ts';
import { putOnSheet } from '../sheet/sheet.ts';
import { openDay } from './day.ts';
import { dayOfFact, factsOf, timeOfFact } from './facts.ts';
import { openVisitIn, queueOf, visitOf, writeChanges } from './rows.ts';
import { told } from './told.ts';

type Issue = Handler<(typeof contract)['issueOffline']>;
type Ctx = CommandContext<'not_found' | 'only_station' | 'label_taken'>;

/**
 * A token that a desk printed without an answer. The slip is in somebody's hand: its label is made true. The command that
 * the desk had sent first is fenced; if it was done after all, its visit takes the printed label and the other is void.
 */
export const issueOffline: Issue = async (ctx, input) => {
  const station = ctx.actor.station ?? ctx.fail('only_station');
  const { tx, branchId } = ctx;
  const { branch, day: today } = await openDay(ctx);
  const day = dayOfFact(ctx, branch, today);
  const queue = (await queueOf(tx, { id: input.queueId, branchId })) ?? ctx.fail('not_found');
  const stationCode = input.series === 'station' ? station.code : null;
  const label = tokenLabel(queue.code, input.number, stationCode);
  const visitId = numberedFrom(input.supersedes ?? ctx.commandId)();

  const done = await visitOf(tx, { id: visitId, branchId });
  if (done) return relabelled(ctx, done.visit, { label, number: input.number, stationCode });
  if (await holderOf(ctx, day, label)) ctx.fail('label_taken', { token: label });
  if (input.supersedes) await fence(ctx, input.supersedes);

  const { t, db } = tx;
  const [patient] = await db
    .select({ id: t.patients.id })
    .from(t.patients)
    .where(and(eq(t.patients.id, input.patientId), eq(t.patients.branchId, branchId)));
  if (!patient) ctx.fail('not_found');
  const existing = await openVisitIn(tx, input.patientId, queue.id, day);
  const facts = { ...factsOf(ctx, day), id: numberedFrom(input.supersedes ?? ctx.commandId) };
  const changes = decideIssueOffline({ queue, number: input.number, stationCode }, input, facts);
  await writeChanges(ctx, changes);
  if (input.series === 'clinic') await keepSeries(ctx, tokenSeries(queue.id, day), input.number);
  if (existing)
    await putOnSheet(ctx, {
      kind: 'second_token',
      refusal: 'token_exists',
      facts: { token: label, other: existing.token },
      visitId,
      patientId: input.patientId,
      madeAt: timeOfFact(ctx),
    });
  return told(ctx, changes, visitId);
};

type Label = Readonly<{ label: string; number: number; stationCode: string | null }>;

/** The first command had been done: its visit is the one on the slip, by the slip's label. */
async function relabelled(ctx: Ctx, before: Visit, { label, number, stationCode }: Label) {
  const visit: Visit = { ...before, token: label, tokenNumber: number, stationCode };
  if (before.token !== label) {
    const holder = await holderOf(ctx, before.clinicDay, label);
    if (holder && holder !== before.id) ctx.fail('label_taken', { token: label });
    const { t, db } = ctx.tx;
    await db
      .update(t.visits)
      .set({ token: label, tokenNumber: number, stationCode, updatedAt: ctx.now })
      .where(eq(t.visits.id, before.id));
  }
  const now = await visitOf(ctx.tx, { id: before.id, branchId: ctx.branchId });
  const steps = now?.steps ?? [];
  const changes: Changes = {
    ...{ visits: [visit], steps: steps.filter(({ id }) => id === visit.currentStepId) },
    before: { visits: [before], steps: [], runs: {} },
    ...{ runs: {}, announcements: [], history: [] },
  };
  const answer = await told(ctx, changes, before.id);
  // The number that nobody was told is explained where numbers are looked for.
  if (before.token !== label)
    ctx.record({ before: { token: before.token }, after: { token: label, void: before.token } });
  return answer;
}

async function holderOf(ctx: Ctx, day: string, label: string): Promise<string | null> {
  const { t, db } = ctx.tx;
  const rows = await db
    .select({ id: t.visits.id })
    .from(t.visits)
    .where(and(eq(t.visits.branchId, ctx.branchId), eq(t.visits.clinicDay, day), eq(t.visits.token, label)));
  return rows[0]?.id ?? null;
}

/** Whenever the first command arrives from now on, this is its answer. */
async function fence(ctx: Ctx, commandId: string): Promise<void> {
  const { t, db } = ctx.tx;
  const answer = Buffer.from(JSON.stringify({ ok: false, code: 'superseded', facts: {}, fields: [] }));
  await db
    .insert(t.commands)
    .values({
      ...{ actorId: ctx.actor.id, deviceId: ctx.actor.deviceId, commandId },
      ...{ operation: 'visits.issue', bodyHash: FENCED, answer, sealedFor: null, at: ctx.now },
    })
    .onConflictDoNothing();
}

/** A number that was given before a restore is not given again. */
async function keepSeries(ctx: Ctx, series: string, number: number): Promise<void> {
  const { t, db } = ctx.tx;
  await db
    .insert(t.counters)
    .values({ series, branchId: ctx.branchId, value: number })
    .onConflictDoUpdate({
      target: t.counters.series,
      set: { value: sql`case when ${t.counters.value} < ${number} then ${number} else ${t.counters.value} end` },
    });
}
