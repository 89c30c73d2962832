import { createHash, createPublicKey } from 'node:crypto';
import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import { rightsAt } from '../../domain/rights.ts';
import { stationCode } from '../../domain/station.ts';
import { type Actor, nobody } from '../actor.ts';
import { nextNumber } from '../clinic.ts';
import { type Reader, statement } from '../db/connection.ts';
import type { CommandContext } from '../dispatch.ts';

/** Makes the certificates of this clinic; what is beneath it is the transport's. */
export type Authority = Readonly<{
  clinic: () => Promise<Readonly<{ clinicId: string; root: string }>>;
  certify: (deviceId: string, publicKey: string) => Promise<Readonly<{ certificate: string; until: number }>>;
}>;

/** SHA-256 of a public key, in hex. @throws for anything but a sound RSA key. */
export function fingerprintOf(publicKey: string): string {
  try {
    const key = createPublicKey(publicKey);
    if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 3072)
      return createHash('sha256')
        .update(key.export({ type: 'spki', format: 'der' }))
        .digest('hex');
  } catch {
    // Said below.
  }
  const message = 'A public key, RSA with 3072 bits or more, as PEM.';
  throw new ApiError('validation_failed', { fields: [{ field: 'publicKey', code: 'no_key', message }] });
}

const findStation = statement(({ db, t, p }) =>
  db
    .select({
      deviceId: t.stations.deviceId,
      branchId: t.stations.branchId,
      code: t.stations.code,
      place: t.stations.place,
      keyFingerprint: t.stations.keyFingerprint,
      name: t.devices.name,
      revokedAt: t.devices.revokedAt,
    })
    .from(t.stations)
    .innerJoin(t.devices, eq(t.devices.id, t.stations.deviceId))
    .where(eq(t.stations.deviceId, p('deviceId'))),
);
export type Station = NonNullable<Awaited<ReturnType<typeof stationOf>>>;

export const stationOf = (reader: Pick<Reader, 'row'>, deviceId: string) => reader.row(findStation, { deviceId });

/** A desk at which nobody is signed in. */
export const deskActor = ({ branchId, deviceId, code, place }: Station, origin: string): Actor => ({
  ...nobody(origin),
  branchId,
  deviceId,
  station: { code, place },
});

/** A desk goes on without its server for as long as its people may (ms): so old may what it hands in be. */
const ALONE = 30 * 86_400_000;
/** After signing out somebody may still sign in there by what the desk knows of them (ms). */
const LATELY = 72 * 3_600_000;

/** Who was signed in on a device when something was done there, as far as anybody can tell: a desk hands it in later. */
const findWorker = statement(({ db, t, p }) =>
  db
    .select({
      id: t.users.id,
      name: t.users.username,
      roles: t.users.roles,
      grants: t.users.grants,
      since: t.sessions.createdAt,
    })
    .from(t.users)
    .innerJoin(t.sessions, eq(t.sessions.userId, t.users.id))
    .where(
      and(
        eq(t.users.id, p('userId')),
        eq(t.sessions.deviceId, p('deviceId')),
        eq(t.users.branchId, p('branchId')),
        or(and(isNull(t.sessions.endedAt), gt(t.sessions.rotatedAt, p('alone'))), gt(t.sessions.endedAt, p('lately'))),
        // What somebody did before their account was ended was done.
        sql`(${t.users.active} or ${t.users.updatedAt} > ${p('madeAt')})`,
      ),
    )
    .orderBy(asc(t.sessions.createdAt))
    .limit(1),
);

/**
 * Somebody for whom a desk speaks; null unless they had signed in there, not long before it was done, and worked here then.
 * Nothing was done before they came, whatever the desk's clock says.
 */
export async function workerOf(reader: Reader, desk: Actor, userId: string, madeAt: number): Promise<Actor | null> {
  const times = { madeAt, alone: madeAt - ALONE, lately: madeAt - LATELY };
  const found = await reader.row(findWorker, { userId, deviceId: desk.deviceId, branchId: desk.branchId, ...times });
  if (!found) return null;
  const { id, name, grants, since } = found;
  const at = Math.max(madeAt, since);
  return { ...desk, id, name, roles: found.roles as Actor['roles'], rights: rightsAt(grants, at), madeAt: at };
}

export type NewStation = Readonly<{
  deviceId: string;
  name: string;
  place: Station['place'];
  publicKey: string;
  certificateUntil: number;
  appVersion: string;
}>;

/** The counter behind the codes of desks. */
export const STATIONS = 'station';

/** Adds a desk. Its code comes from a counter, so that it is never given twice. */
export async function insertStation(ctx: CommandContext, desk: NewStation): Promise<string> {
  const { t, db } = ctx.tx;
  const { deviceId, name, place, certificateUntil, appVersion } = desk;
  const code = stationCode(await nextNumber(ctx.tx, ctx.branchId, STATIONS));
  const times = { createdAt: ctx.now, updatedAt: ctx.now };
  const common = { branchId: ctx.branchId, ...times };
  await db
    .insert(t.devices)
    .values({ id: deviceId, kind: 'desktop', name, lastSeenAt: ctx.now, revokedAt: null, ...common });
  await db.insert(t.stations).values({
    ...{ deviceId, code, place, certificateUntil, appVersion, ...common },
    ...{ keyFingerprint: fingerprintOf(desk.publicKey), pairedBy: ctx.actor.id, unsent: 0 },
  });
  return code;
}
