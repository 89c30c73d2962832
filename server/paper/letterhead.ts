import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type * as z from 'zod';
import type { settings as contract } from '../../contract/system.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';
import { checkLogo } from './logo.ts';

const findLetterhead = statement(({ db, t, p }) =>
  db
    .select()
    .from(t.letterheads)
    .where(eq(t.letterheads.branchId, p('branchId'))),
);

/** A clinic that has said nothing yet. */
const PLAIN = { address: null, phone: null, footer: null, slipFormat: '80', paperLanguage: 'en', logo: null } as const;

/** What stands on the branch's papers. */
export async function letterheadOf(reader: Pick<Reader, 'row'>, branchId: string) {
  const row = await reader.row(findLetterhead, { branchId });
  const { address, phone, footer, slipFormat, paperLanguage, logo } = row ?? PLAIN;
  return { address, phone, footer, slipFormat, paperLanguage, logo };
}
export type LetterheadRow = Awaited<ReturnType<typeof letterheadOf>>;

export const viewLetterhead = (row: LetterheadRow) => ({ ...row, logo: row.logo?.toString('base64') ?? null });

/** For the audit: that the picture changed, and not the picture. */
export const auditLetterhead = ({ logo, ...row }: LetterheadRow) => ({
  ...row,
  logo: logo ? `sha256:${createHash('sha256').update(logo).digest('hex').slice(0, 24)}` : null,
});

type Given = Pick<
  z.output<typeof contract.update.input>,
  'address' | 'phone' | 'footer' | 'slipFormat' | 'paperLanguage' | 'logo'
>;

/** Writes what was given and answers with the whole as it is now. An empty line is none. */
export async function writeLetterhead(
  ctx: CommandContext,
  before: LetterheadRow,
  given: Given,
): Promise<LetterheadRow> {
  const { logo, ...others } = given;
  const lines = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, value || null]));
  const after: LetterheadRow = {
    ...before,
    ...lines,
    ...(logo === undefined ? {} : { logo: logo === null ? null : checkLogo(Buffer.from(logo, 'base64')) }),
  };
  const { t, db } = ctx.tx;
  const row = { ...after, updatedAt: ctx.now };
  await db
    .insert(t.letterheads)
    .values({ ...row, branchId: ctx.branchId, createdAt: ctx.now })
    .onConflictDoUpdate({ target: t.letterheads.branchId, set: row });
  return after;
}
