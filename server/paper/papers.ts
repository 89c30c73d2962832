import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { copySeries, type PaperLanguage } from '../../domain/paper.ts';
import type { Setting } from '../../paper/paper.ts';
import { nextNumber, todayOf } from '../clinic.ts';
import { statement } from '../db/connection.ts';
import type { CommandContext, FileAnswer, GroupHandlers, QueryContext } from '../dispatch.ts';
import { patientOf } from '../patients/rows.ts';
import type { VisitQueries } from '../visits/queries.ts';
import { visitOf } from '../visits/rows.ts';
import { reportFacts } from './day-facts.ts';
import type { Printer } from './printer.ts';
import { type Clinic, cardFacts, clinicOf, slipFacts, summaryFacts } from './visit-facts.ts';

const findCounter = statement(({ db, t, p }) =>
  db
    .select({ value: t.counters.value })
    .from(t.counters)
    .where(eq(t.counters.series, p('series'))),
);

/** Papers on demand. Each one leaves an audit entry: what, for whom, which copy. */
export function createPaperHandlers({ rowOf }: VisitQueries, printer: Printer): GroupHandlers<'paper'> {
  return {
    async countSlip(ctx, { id }) {
      const found = (await visitOf(ctx.tx, { id, branchId: ctx.branchId })) ?? ctx.fail('not_found');
      return count(ctx, 'slip', 'visit', id, found.visit.patientId);
    },

    async countCard(ctx, { id }) {
      if (!(await patientOf(ctx.tx, { id, branchId: ctx.branchId }))) ctx.fail('not_found');
      return count(ctx, 'card', 'patient', id, id);
    },

    async slip(ctx, { id, format, language, copy = null }) {
      const clinic = await clinicOf(ctx);
      const { facts, patientId } = await slipFacts(ctx, clinic, rowOf, { id, copy });
      await checkCopy(ctx, 'slip', id, copy);
      const paper = format ?? clinic.row.slipFormat;
      ctx.record({ resource: 'visit', resourceId: id, patientId, after: { copy, format: paper } });
      const { slip } = await printer();
      return pdf(`slip-${facts.token}`, await slip(facts, paper, settingOf(ctx, clinic, language)));
    },

    async card(ctx, { id, format, language, copy = null }) {
      const clinic = await clinicOf(ctx);
      const facts = await cardFacts(ctx, clinic, { id, copy });
      await checkCopy(ctx, 'card', id, copy);
      ctx.record({ resource: 'patient', resourceId: id, patientId: id, after: { copy, format } });
      const { card } = await printer();
      return pdf(`card-${facts.number}`, await card(facts, format, settingOf(ctx, clinic, language)));
    },

    async summary(ctx, { id, language }) {
      const clinic = await clinicOf(ctx);
      const { facts, patientId } = await summaryFacts(ctx, clinic, id);
      ctx.record({ resource: 'visit', resourceId: id, patientId });
      const { summary } = await printer();
      return pdf(`visit-${facts.day}-${facts.token}`, await summary(facts, settingOf(ctx, clinic, language)));
    },

    async dayReport(ctx, { day, language }) {
      const clinic = await clinicOf(ctx);
      const which = day ?? todayOf(clinic.branch, ctx.now);
      const facts = await reportFacts(ctx, clinic, which);
      ctx.record({ resource: 'day', after: { day: which } });
      const { dayReport } = await printer();
      return pdf(`day-${which}`, await dayReport(facts, settingOf(ctx, clinic, language)));
    },
  };
}

async function count(
  ctx: CommandContext,
  paper: 'slip' | 'card',
  resource: 'visit' | 'patient',
  id: string,
  patientId: string,
): Promise<{ copy: number }> {
  const copy = await nextNumber(ctx.tx, ctx.branchId, copySeries(paper, id));
  ctx.record({ resource, resourceId: id, patientId, after: { copy } });
  return { copy };
}

/** Nothing is marked as an original, or as a later copy, that was not counted as one. */
async function checkCopy(
  ctx: QueryContext<'copy_not_counted'>,
  paper: 'slip' | 'card',
  id: string,
  copy: number | null,
): Promise<void> {
  if (copy === null) return;
  const counted = (await ctx.db.row(findCounter, { series: copySeries(paper, id) }))?.value ?? 0;
  if (copy > counted) ctx.fail('copy_not_counted', { copy });
}

const settingOf = ({ now }: QueryContext, { branch, row }: Clinic, language: PaperLanguage | undefined): Setting => ({
  language: language ?? row.paperLanguage,
  timeZone: branch.timeZone,
  printedAt: now,
});

/** A name of letters and digits only, whatever the clinic's numbers look like. */
const pdf = (name: string, bytes: Uint8Array): FileAnswer => ({
  filename: `${name.replace(/[^\w-]+/g, '-')}.pdf`,
  media: 'application/pdf',
  body: Readable.from([Buffer.from(bytes)]),
});
