import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { and, desc, eq, gt, gte, isNull, lt, type SQL } from 'drizzle-orm';
import type { ErrorCode } from '../../contract/errors.ts';
import { hourAt } from '../../domain/clinic-day.ts';
import { riskOf, type SignInHow, type SignInOutcome, signsOf } from '../../domain/sign-in-risk.ts';
import { branchOf, firstBranch } from '../clinic.ts';
import { KeptRefusal } from '../db/commit.ts';
import type { Reader } from '../db/connection.ts';
import { keyset, pageOf } from '../db/paging.ts';
import type { Tx } from '../db/scope.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { iso } from '../ports.ts';
import { browserName } from './browser-name.ts';
import { isBrowser, saidDevice } from './sign-in-device.ts';
import type { UserRow } from './user-rows.ts';

type Attempt = Readonly<{ user: UserRow | null; outcome: SignInOutcome; how: SignInHow; deviceId: string | null }>;

/** So many of somebody's earlier attempts say what is usual for them. */
const LOOKED_AT = 50;
/** A sign-in that was used within these ms is one where somebody sits now. */
const IN_USE = 10 * 60_000;

/** Writes down that somebody signed in, or tried to, and how unusual that was for them. */
export async function noteSignIn(ctx: CommandContext, { user, outcome, how, deviceId }: Attempt): Promise<void> {
  const { t, db } = ctx.tx;
  const { origin } = ctx.actor;
  // A name that nobody has belongs to no branch: the first one hears of it.
  const branchId = user?.branchId ?? ctx.actor.branchId ?? (await firstBranch(ctx.tx))?.id ?? '';
  const signs = user ? await signsNow(ctx, user, { ok: outcome === 'ok', deviceId }) : [];
  await db.insert(t.signIns).values({
    ...{ id: ctx.id(), branchId, userId: user?.id ?? null, at: ctx.now },
    ...{ outcome, how, deviceId, origin, signs },
    device: ctx.actor.station?.code ?? browserName(ctx.web.userAgent),
    risk: riskOf(signs),
  });
}

async function signsNow(ctx: CommandContext, user: UserRow, now: Readonly<{ ok: boolean; deviceId: string | null }>) {
  const { t, db } = ctx.tx;
  const { timeZone } = await branchOf(ctx.tx, user.branchId);
  const rows = await db
    .select()
    .from(t.signIns)
    .where(eq(t.signIns.userId, user.id))
    .orderBy(desc(t.signIns.at))
    .limit(LOOKED_AT);
  const used = and(
    eq(t.sessions.userId, user.id),
    isNull(t.sessions.endedAt),
    gt(t.sessions.rotatedAt, ctx.now - IN_USE),
  );
  const open = await db.select({ origin: t.sessions.origin }).from(t.sessions).where(used);
  return signsOf({
    now: { ...now, at: ctx.now, origin: ctx.actor.origin, hour: hourAt(ctx.now, timeZone) },
    before: rows.map(({ at, outcome, origin, deviceId }) => ({
      ...{ at, ok: outcome === 'ok', origin, deviceId, hour: hourAt(at, timeZone) },
    })),
    elsewhere: open.map(({ origin }) => origin).filter((origin) => origin !== ''),
  });
}

const OUTCOMES: Partial<Record<ErrorCode, SignInOutcome>> = {
  bad_credentials: 'bad_password',
  bad_code: 'bad_code',
  locked_out: 'locked',
  blocked: 'blocked',
  suspended: 'blocked',
  not_from_here: 'not_from_here',
};

/** Tries to let somebody in, and writes it down when that is refused. */
export async function noteRefusal<T>(
  ctx: CommandContext,
  user: UserRow | null,
  how: SignInHow,
  letIn: () => Promise<T>,
): Promise<T> {
  try {
    return await letIn();
  } catch (error) {
    const outcome = error instanceof KeptRefusal ? OUTCOMES[error.code] : undefined;
    if (outcome) {
      const known = !user && outcome === 'bad_password' ? 'unknown' : outcome;
      await noteSignIn(ctx, {
        ...{ user, how, deviceId: saidDevice(ctx, user, isBrowser(ctx)) ?? null },
        outcome: how === 'pin' && known === 'bad_password' ? 'bad_pin' : known,
      });
    }
    throw error;
  }
}

/** Takes away what is older than the clinic wants to keep. */
export async function pruneSignIns({ t, db }: Tx, now: number): Promise<void> {
  const branches = await db.select({ id: t.branches.id, days: t.branches.signInsKeptDays }).from(t.branches);
  for (const { id, days } of branches)
    await db.delete(t.signIns).where(and(eq(t.signIns.branchId, id), lt(t.signIns.at, now - days * 86_400_000)));
}

type Filters = Readonly<{
  userId?: string | undefined;
  outcome?: SignInOutcome | undefined;
  minRisk?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
}>;

const fitting = ({ t }: Reader, branchId: string, { userId, outcome, minRisk, from, to }: Filters): SQL | undefined =>
  and(
    eq(t.signIns.branchId, branchId),
    userId === undefined ? undefined : eq(t.signIns.userId, userId),
    outcome === undefined ? undefined : eq(t.signIns.outcome, outcome),
    minRisk === undefined ? undefined : gte(t.signIns.risk, minRisk),
    from === undefined ? undefined : gte(t.signIns.at, Date.parse(from)),
    to === undefined ? undefined : lt(t.signIns.at, Date.parse(to)),
  );

type Page = Readonly<{ cursor?: string | undefined; limit: number }>;

async function pageOfSignIns(reader: Reader, where: SQL | undefined, { cursor, limit }: Page, order: 'asc' | 'desc') {
  const { t, db } = reader;
  const { where: after, orderBy } = keyset([t.signIns.at, t.signIns.id], cursor, order);
  const rows = await db
    .select({ signIn: t.signIns, name: t.users.name })
    .from(t.signIns)
    .leftJoin(t.users, eq(t.users.id, t.signIns.userId))
    .where(and(where, after))
    .orderBy(...orderBy)
    .limit(limit + 1);
  const { items, nextCursor } = pageOf(rows, limit, ({ signIn }) => [signIn.at, signIn.id]);
  return {
    nextCursor,
    items: items.map(({ signIn: { id, at, userId, outcome, how, device, origin, risk, signs }, name }) => ({
      ...{ id, at: iso(at), userId, name: name ?? '', outcome, how, device, origin, risk, signs },
    })),
  };
}

/** Rows of the export are read so many at a time. */
const AT_ONCE = 1000;

async function* allOf(reader: Reader, where: SQL | undefined) {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await pageOfSignIns(reader, where, { limit: AT_ONCE, ...(cursor ? { cursor } : {}) }, 'asc');
    for (const { at, name, outcome, how, device, origin, risk, signs } of page.items)
      yield { at, name, outcome, how, device, origin, risk, signs: signs.join(' ') };
    cursor = page.nextCursor;
  }
}

const CSV = {
  header: true,
  columns: ['at', 'name', 'outcome', 'how', 'device', 'origin', 'risk', 'signs'],
  escape_formulas: true,
  record_delimiter: 'windows' as const,
};

export const signInHandlers: GroupHandlers<'signIns'> = {
  mine: ({ db, actor, branchId }, input) =>
    pageOfSignIns(db, fitting(db, branchId, { userId: actor.id }), input, 'desc'),
  list: ({ db, branchId }, input) => pageOfSignIns(db, fitting(db, branchId, input), input, 'desc'),
  async export({ db, branchId, now, record }, input) {
    record({ resource: 'sign_ins', after: { ...input } });
    const rows = Readable.from(allOf(db, fitting(db, branchId, input)));
    return {
      filename: `medlane-sign-ins-${iso(now).slice(0, 10)}.csv`,
      media: 'text/csv; charset=utf-8',
      body: rows.pipe(stringify(CSV)),
    };
  },
};
