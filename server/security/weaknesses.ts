import { and, eq, isNull } from 'drizzle-orm';
import type { Weakness } from '../../contract/security.ts';
import { isStaff } from '../../domain/people.ts';
import { hasDevice, hasFactor } from '../auth/second-factor.ts';
import { BACKUP_LATE, type Backups } from '../backup/backups.ts';
import { branchOf } from '../clinic.ts';
import type { Presence } from '../devices/presence.ts';
import type { QueryContext } from '../dispatch.ts';
import { statusesOf } from '../identity/rows.ts';
import type { MasterKey } from '../keys.ts';

export type Services = Readonly<{ backups: Backups; master: MasterKey; presence: Presence }>;
type Found = Readonly<{ code: Weakness; count: number; names: string[] }>;

const DAY = 86_400_000;
/** Nobody signed in for so long (ms), an account was never used for so long, a desk was not seen for so long. */
const IDLE = 90 * DAY;
const UNUSED = 14 * DAY;
const UNSEEN = 14 * DAY;
/** After the last stage of locking nobody gets in until an administrator unlocks. */
const LAST_STAGE = 5;
const NAMED = 10;

/** What is weak about this clinic at this moment, the gravest first. */
export async function weaknessesOf(ctx: QueryContext, { backups, master, presence }: Services): Promise<Found[]> {
  const { t, db } = ctx.db;
  const branch = await branchOf(ctx.db, ctx.branchId);
  const people = await db
    .select()
    .from(t.users)
    .where(and(eq(t.users.branchId, ctx.branchId), eq(t.users.active, true)))
    .orderBy(t.users.name);
  const desks = await db
    .select({ id: t.devices.id, name: t.devices.name, lastSeenAt: t.devices.lastSeenAt })
    .from(t.devices)
    .where(and(eq(t.devices.branchId, ctx.branchId), eq(t.devices.kind, 'desktop'), isNull(t.devices.revokedAt)));
  const lastBackup = await backups.lastGood(ctx.db);

  const staff = people.filter(({ roles }) => isStaff(roles));
  const bare = staff.filter((user) => !hasFactor(user));
  const byMailAlone = staff.filter((user) => user.mailCodes && !hasDevice(user));
  const isAdmin = ({ roles }: (typeof staff)[number]) => roles.includes('admin');
  const statuses = await statusesOf(ctx.db, ctx.branchId, 'staff');
  // Nobody decides about their own: the only administrator stays as they are.
  const loneAdmin = staff.filter(isAdmin).length === 1 ? staff.find(isAdmin)?.id : null;
  const unverified = staff.filter(({ id }) => id !== loneAdmin && statuses.get(id) !== 'approved');
  const seenAt = (desk: (typeof desks)[number]) => Math.max(desk.lastSeenAt, presence.of(desk.id)?.at ?? 0);
  const since = ({ lastSignInAt, createdAt }: (typeof staff)[number]) => ctx.now - (lastSignInAt ?? createdAt);

  const is = (code: Weakness, weak: boolean): Found[] => (weak ? [{ code, count: 1, names: [] }] : []);
  const those = (code: Weakness, of: readonly { name: string }[]): Found[] =>
    of.length > 0 ? [{ code, count: of.length, names: of.slice(0, NAMED).map(({ name }) => name) }] : [];
  return [
    ...is('demo_passwords', branch.demo),
    ...those('admins_without_factor', bare.filter(isAdmin)),
    ...is('key_in_file', master.from === 'file'),
    ...is('no_backup', lastBackup === null),
    ...is('old_backup', lastBackup !== null && ctx.now - lastBackup > BACKUP_LATE),
    ...is('no_second_place', branch.backupFolder === null),
    ...those(
      'staff_without_factor',
      bare.filter((user) => !isAdmin(user)),
    ),
    ...those('unverified_staff', branch.staffDocuments.length > 0 ? unverified : []),
    ...those('admins_by_mail', byMailAlone.filter(isAdmin)),
    ...is('no_idle_lock', branch.idleLockMinutes === 0),
    ...those(
      'blocked_accounts',
      staff.filter(({ stage }) => stage > LAST_STAGE),
    ),
    ...those(
      'idle_accounts',
      staff.filter((user) => user.lastSignInAt !== null && since(user) > IDLE),
    ),
    ...those(
      'never_used_accounts',
      staff.filter((user) => user.lastSignInAt === null && since(user) > UNUSED),
    ),
    ...those(
      'desks_not_seen',
      desks.filter((desk) => ctx.now - seenAt(desk) > UNSEEN),
    ),
  ];
}
