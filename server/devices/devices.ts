import { and, desc, eq, gt, isNull, or } from 'drizzle-orm';
import type { devices as contract } from '../../contract/devices.ts';
import { forgetDevice } from '../auth/device-people.ts';
import { branchOf } from '../clinic.ts';
import { type CommandContext, type GroupHandlers, prepared } from '../dispatch.ts';
import { metaOf } from '../feed/feed.ts';
import { iso, isoOrNull } from '../ports.ts';
import type { Presence } from './presence.ts';
import { type Authority, fingerprintOf, stationOf } from './stations.ts';

type Contract = typeof contract;

/** Browsers and programs that nobody used for so long are not listed, in ms. */
const FORGOTTEN = 90 * 86_400_000;

type Services = Readonly<{ authority: Authority; presence: Presence }>;

/** What is connected to the clinic: paired desks, browsers, programs. */
export function createDeviceHandlers({ authority, presence }: Services): GroupHandlers<'devices'> {
  async function find(ctx: CommandContext<'not_found'>, id: string) {
    const { t, db } = ctx.tx;
    const mine = and(eq(t.devices.id, id), eq(t.devices.branchId, ctx.branchId));
    return (await db.select().from(t.devices).where(mine))[0] ?? ctx.fail('not_found');
  }

  return {
    async list(ctx) {
      const { t, db } = ctx.db;
      const wanted = or(eq(t.devices.kind, 'desktop'), gt(t.devices.lastSeenAt, ctx.now - FORGOTTEN));
      const [rows, people] = await Promise.all([
        db
          .select({ device: t.devices, station: t.stations })
          .from(t.devices)
          .leftJoin(t.stations, eq(t.stations.deviceId, t.devices.id))
          .where(and(eq(t.devices.branchId, ctx.branchId), wanted))
          .orderBy(desc(t.devices.lastSeenAt), t.devices.id),
        db
          .selectDistinct({ deviceId: t.sessions.deviceId, name: t.users.name })
          .from(t.sessions)
          .innerJoin(t.users, eq(t.users.id, t.sessions.userId))
          .where(
            and(eq(t.sessions.branchId, ctx.branchId), isNull(t.sessions.endedAt), gt(t.sessions.expiresAt, ctx.now)),
          )
          .orderBy(t.users.name),
      ]);
      const namesOn = Map.groupBy(people, ({ deviceId }) => deviceId);
      return {
        devices: rows.map(({ device, station }) => {
          const seen = presence.of(device.id);
          const { id, kind, name, revokedAt } = device;
          return {
            ...{ id, kind, name, revokedAt: isoOrNull(revokedAt) },
            lastSeenAt: iso(Math.max(device.lastSeenAt, seen?.at ?? 0)),
            people: revokedAt === null ? (namesOn.get(id) ?? []).map((one) => one.name) : [],
            station: station && {
              code: station.code,
              place: station.place,
              appVersion: seen?.appVersion ?? station.appVersion,
              unsent: seen?.unsent ?? station.unsent,
              certificateUntil: iso(station.certificateUntil),
            },
          };
        }),
      };
    },

    async rename(ctx, { id, name, place }) {
      const before = await find(ctx, id);
      const { t, db } = ctx.tx;
      await db.update(t.devices).set({ name, updatedAt: ctx.now }).where(eq(t.devices.id, id));
      if (place) await db.update(t.stations).set({ place, updatedAt: ctx.now }).where(eq(t.stations.deviceId, id));
      ctx.emit('device.changed', { deviceId: id });
      ctx.record({ resource: 'device', resourceId: id, before: { name: before.name }, after: { name, place } });
      return { ok: true };
    },

    async revoke(ctx, { id }) {
      const { name, kind, revokedAt } = await find(ctx, id);
      const { t, db } = ctx.tx;
      if (revokedAt === null)
        await db.update(t.devices).set({ revokedAt: ctx.now, updatedAt: ctx.now }).where(eq(t.devices.id, id));
      await forgetDevice(ctx, id, 'device revoked');
      // Whoever listens there is cut when they hear of it: within a second.
      ctx.emit('device.changed', { deviceId: id });
      ctx.record({ resource: 'device', resourceId: id, after: { name, kind } });
      return { ok: true };
    },

    async me(ctx) {
      const station = await stationOf(ctx.db, ctx.actor.deviceId);
      if (!station) throw new Error('A desk without its row came through its door.');
      const [branch, clinicId, epoch] = await Promise.all([
        branchOf(ctx.db, station.branchId),
        metaOf(ctx.db, 'clinicId'),
        metaOf(ctx.db, 'epoch'),
      ]);
      const { deviceId, name, place, code } = station;
      const server = { clinic: branch.name, clinicId: clinicId ?? '', epoch: epoch ?? '', time: iso(ctx.now) };
      return { deviceId, name, place, code, ...server };
    },

    renew: prepared<Contract['renew'], Awaited<ReturnType<Authority['certify']>>>({
      async prepare(ctx, { publicKey }) {
        const station = await stationOf(ctx.db, ctx.actor.deviceId);
        // The same key, so that nothing that is bound to it ends.
        if (station?.keyFingerprint !== fingerprintOf(publicKey)) ctx.fail('not_this_clinic');
        return authority.certify(ctx.actor.deviceId, publicKey);
      },
      async handle(ctx, _input, { certificate, until }) {
        const { t, db } = ctx.tx;
        const { deviceId } = ctx.actor;
        await db
          .update(t.stations)
          .set({ certificateUntil: until, updatedAt: ctx.now })
          .where(eq(t.stations.deviceId, deviceId));
        ctx.record({ resource: 'device', resourceId: deviceId, after: { until: iso(until) } });
        return { certificate, until: iso(until) };
      },
    }),
  };
}
