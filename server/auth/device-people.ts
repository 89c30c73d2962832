import { and, eq, isNull } from 'drizzle-orm';
import type { CommandContext } from '../dispatch.ts';

/** Notes that a person proved who they are on a device, by all that they have: from now on their PIN works there, and counts from zero. */
export async function rememberPerson(
  ctx: CommandContext,
  user: Readonly<{ id: string; branchId: string }>,
  deviceId: string,
): Promise<void> {
  const { t, db } = ctx.tx;
  await db
    .insert(t.devicePeople)
    .values({ deviceId, userId: user.id, branchId: user.branchId, at: ctx.now })
    .onConflictDoUpdate({ target: [t.devicePeople.deviceId, t.devicePeople.userId], set: { at: ctx.now } });
  await countPinsAnew(ctx, user.id);
}

/** Wrong PINs before this count no more. */
export async function countPinsAnew({ tx: { t, db } }: CommandContext, userId: string): Promise<void> {
  await db.update(t.pins).set({ failures: 0 }).where(eq(t.pins.userId, userId));
}

/** Whoever signs out, or whose password changed, must prove the password again: on one device, or on all. */
export async function forgetPerson(ctx: CommandContext, userId: string, deviceId?: string): Promise<void> {
  const { t, db } = ctx.tx;
  const here = deviceId === undefined ? undefined : eq(t.devicePeople.deviceId, deviceId);
  await db.delete(t.devicePeople).where(and(eq(t.devicePeople.userId, userId), here));
}

/** Ends every sign-in on a device, and what PINs could do there. */
export async function forgetDevice(ctx: CommandContext, deviceId: string, endReason: string): Promise<void> {
  const { t, db } = ctx.tx;
  const open = and(eq(t.sessions.deviceId, deviceId), isNull(t.sessions.endedAt));
  await db.update(t.sessions).set({ endedAt: ctx.now, endReason }).where(open);
  await db.delete(t.devicePeople).where(eq(t.devicePeople.deviceId, deviceId));
}
