import { and, eq, ne } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import type { Role } from '../../domain/people.ts';
import { DEFAULT_PATTERN, isRegistrationPattern } from '../../domain/registration-number.ts';
import { forgetPerson } from '../auth/device-people.ts';
import { hasFactor } from '../auth/second-factor.ts';
import { endSessions } from '../auth/sessions.ts';
import { type Branch, branchOf } from '../clinic.ts';
import type { CommandContext, GroupHandlers } from '../dispatch.ts';
import { given } from '../given.ts';
import { auditLetterhead, letterheadOf, viewLetterhead, writeLetterhead } from '../paper/letterhead.ts';

export const settingsHandlers: GroupHandlers<'settings'> = {
  async get(ctx) {
    const branch = await branchOf(ctx.db, ctx.branchId);
    const { name, ...rules } = pick(branch);
    const letterhead = viewLetterhead(await letterheadOf(ctx.db, ctx.branchId));
    return { clinic: name, ...rules, ...letterhead };
  },

  async update(ctx, { expectedVersion, clinic, address, phone, footer, slipFormat, paperLanguage, logo, ...change }) {
    const before = await branchNow(ctx, expectedVersion);
    if (change.registrationPattern !== undefined && !isRegistrationPattern(change.registrationPattern)) {
      const message = `Use N for digits (at least three), MM, YY, CC, and - . / between them; for example ${DEFAULT_PATTERN}.`;
      throw new ApiError('validation_failed', { fields: [{ field: 'registrationPattern', code: 'pattern', message }] });
    }
    const paperBefore = await letterheadOf(ctx.tx, ctx.branchId);
    const paper = given({ address, phone, footer, slipFormat, paperLanguage, logo });
    const paperAfter = Object.keys(paper).length > 0 ? await writeLetterhead(ctx, paperBefore, paper) : paperBefore;
    const wanted = { ...change, ...(clinic === undefined ? {} : { name: clinic }) };
    const version = await write(ctx, before, wanted);
    ctx.record({
      resource: 'settings',
      resourceId: ctx.branchId,
      before: { ...before, ...auditLetterhead(paperBefore) },
      after: { ...before, ...wanted, ...auditLetterhead(paperAfter) },
    });
    return { version };
  },

  async updateAccess(ctx, { expectedVersion, ...change }) {
    const before = await branchNow(ctx, expectedVersion);
    const version = await write(ctx, before, change);
    ctx.record({ resource: 'settings', resourceId: ctx.branchId, before, after: { ...before, ...given(change) } });
    await askAnew(
      ctx,
      (change.secondFactorFor ?? []).filter((role) => !before.secondFactorFor.includes(role)),
    );
    return { version };
  },

  async updateDocuments(ctx, { expectedVersion, ...change }) {
    const before = await branchNow(ctx, expectedVersion);
    const version = await write(ctx, before, change);
    ctx.record({ resource: 'settings', resourceId: ctx.branchId, before, after: { ...before, ...given(change) } });
    return { version };
  },
};

/** Whoever holds a role that needs a second factor from now on, and has none, signs in anew; but not who is deciding it. */
async function askAnew(ctx: CommandContext, roles: readonly Role[]): Promise<void> {
  if (roles.length === 0) return;
  const { t, db } = ctx.tx;
  const people = await db
    .select()
    .from(t.users)
    .where(and(eq(t.users.branchId, ctx.branchId), ne(t.users.id, ctx.actor.id)));
  for (const user of people) {
    if (hasFactor(user) || !roles.some((role) => user.roles.includes(role))) continue;
    await endSessions(ctx, user.id, 'a second factor is needed');
    await forgetPerson(ctx, user.id);
  }
}

/** The settings as whoever changes them has seen them. */
async function branchNow(ctx: CommandContext<'stale'>, expectedVersion: number | undefined): Promise<Branch> {
  const branch = await branchOf(ctx.tx, ctx.branchId);
  if (expectedVersion !== undefined && expectedVersion !== branch.version)
    ctx.fail('stale', { state: 'changed', lastCommand: 'update' });
  return branch;
}

async function write(ctx: CommandContext, before: Branch, change: Partial<Branch>): Promise<number> {
  const { t, db } = ctx.tx;
  const version = before.version + 1;
  await db
    .update(t.branches)
    .set({ ...change, version, updatedAt: ctx.now })
    .where(eq(t.branches.id, ctx.branchId));
  ctx.emit('settings.changed', { version });
  return version;
}

const SHOWN = [
  ...(['name', 'timeZone', 'rollOverHour', 'registrationPattern', 'backupFolder', 'idleLockMinutes'] as const),
  ...(['secondFactorFor', 'oneSignIn', 'signInsKeptDays', 'idleSignOutHours', 'selfRegistration'] as const),
  ...(['staffDocuments', 'patientDocuments', 'pharmacyDocuments', 'demo', 'version'] as const),
];
const pick = (branch: Branch) =>
  Object.fromEntries(SHOWN.map((key) => [key, branch[key]])) as Pick<Branch, (typeof SHOWN)[number]>;
