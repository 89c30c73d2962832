import { Readable } from 'node:stream';
import type { PaperLanguage } from '../../domain/paper.ts';
import type { FileAnswer, GroupHandlers, QueryContext } from '../dispatch.ts';
import type { Printer } from '../paper/printer.ts';
import { clinicOf } from '../paper/visit-facts.ts';
import { personReport } from './person.ts';
import { csvOf, factsOf, type Report } from './report.ts';
import { securityReport } from './security.ts';
import { signInReport } from './sign-ins.ts';
import { verificationReport } from './verification.ts';

type Wanted = Readonly<{ format: 'csv' | 'pdf'; language?: PaperLanguage | undefined }>;

/** Reports about people and access: the same rows as CSV and on paper. */
export function createReportHandlers(printer: Printer): GroupHandlers<'reports'> {
  async function answer(ctx: QueryContext, report: Report, { format, language }: Wanted): Promise<FileAnswer> {
    ctx.record({ resource: 'report', after: { report: report.name, format } });
    const clinic = await clinicOf(ctx);
    const filename = `medlane-${report.name.replaceAll('_', '-')}-${new Date(ctx.now).toISOString().slice(0, 10)}.${format}`;
    if (format === 'csv') return { filename, media: 'text/csv; charset=utf-8', body: csvOf(report) };
    const { letterhead, branch, row } = clinic;
    const { tables } = await printer();
    const setting = { language: language ?? row.paperLanguage, timeZone: branch.timeZone, printedAt: ctx.now };
    const bytes = await tables(
      (words) => ({ letterhead, by: ctx.actor.name, ...factsOf(report, words) }),
      branch.name,
      setting,
    );
    return { filename, media: 'application/pdf', body: Readable.from([Buffer.from(bytes)]) };
  }

  return {
    verification: async (ctx, wanted) => answer(ctx, await verificationReport(ctx), wanted),
    signIns: async (ctx, { from, to, ...wanted }) => answer(ctx, await signInReport(ctx, from, to), wanted),
    person: async (ctx, { id, from, to, ...wanted }) => answer(ctx, await personReport(ctx, id, from, to), wanted),
    security: async (ctx, { day, ...wanted }) => answer(ctx, await securityReport(ctx, day), wanted),
  };
}
