import type { PaperLanguage, SlipFormat } from '../../../domain/paper.ts';
import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';

/** What the clinic keeps of itself: its days, its numbers, its papers, and what its keys seal. */
export function clinicTables(k: Columns, { branches, branchId, times }: Ground) {
  const meta = k.table('meta', { key: k.text('key').primaryKey(), value: k.text('value').notNull() });

  const secrets = k.table('secrets', { name: k.text('name').primaryKey(), wrapped: k.bytes('wrapped').notNull() });

  const counters = k.table('counters', {
    series: k.text('series').primaryKey(),
    branchId: branchId(),
    value: k.int('value').notNull(),
  });

  /** What stands on the clinic's papers: apart from the branch, which every command reads. */
  const letterheads = k.table('letterheads', {
    branchId: k
      .text('branch_id')
      .primaryKey()
      .references(() => branches.id),
    address: k.text('address'),
    phone: k.text('phone'),
    footer: k.text('footer'),
    slipFormat: k.text<SlipFormat>('slip_format').notNull(),
    paperLanguage: k.text<PaperLanguage>('paper_language').notNull(),
    logo: k.bytes('logo'),
    ...times,
  });

  /** The clinic's mail server; without a row nothing is sent. */
  const mailServers = k.table('mail_servers', {
    branchId: k
      .text('branch_id')
      .primaryKey()
      .references(() => branches.id),
    host: k.text('host').notNull(),
    port: k.int('port').notNull(),
    security: k.text<'tls' | 'starttls' | 'none'>('security').notNull(),
    username: k.text('username'),
    /** Sealed. */
    password: k.bytes('password'),
    sender: k.text('sender').notNull(),
    ca: k.text('ca'),
    ...times,
  });

  const closedDays = k.table(
    'closed_days',
    {
      branchId: branchId(),
      day: k.text('day').notNull(),
      closedAt: k.int('closed_at').notNull(),
      noShows: k.int('no_shows').notNull(),
      cancelled: k.int('cancelled').notNull(),
      accuracy: k.json<{ promised: number; kept: number; pinball: number; pinballOfMean: number } | null>('accuracy'),
    },
    (t) => [k.primaryKey({ columns: [t.branchId, t.day] })],
  );

  return { meta, secrets, counters, letterheads, mailServers, closedDays };
}
