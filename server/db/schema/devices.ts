import { sql } from 'drizzle-orm';
import type { SheetKind, StationPlace } from '../../../domain/station.ts';
import type { Columns } from '../columns.ts';
import type { Ground } from './ground.ts';

/** What is connected to the clinic, and what its desks did while they were alone. */
export function deviceTables(k: Columns, { branchId, times }: Ground) {
  const devices = k.table('devices', {
    id: k.text('id').primaryKey(),
    branchId: branchId(),
    kind: k.text<'browser' | 'program' | 'desktop'>('kind').notNull(),
    name: k.text('name').notNull(),
    lastSeenAt: k.int('last_seen_at').notNull(),
    revokedAt: k.int('revoked_at'),
    ...times,
  });

  /** What a paired desk is beside being a device. Its code is never given to another desk, also when it is revoked. */
  const stations = k.table(
    'stations',
    {
      deviceId: k
        .text('device_id')
        .primaryKey()
        .references(() => devices.id),
      branchId: branchId(),
      code: k.text('code').notNull(),
      place: k.text<StationPlace>('place').notNull(),
      /** SHA-256 of the desk's public key, in hex: a renewed certificate is of the same key. */
      keyFingerprint: k.text('key_fingerprint').notNull(),
      certificateUntil: k.int('certificate_until').notNull(),
      pairedBy: k.text('paired_by').notNull(),
      appVersion: k.text('app_version').notNull(),
      unsent: k.int('unsent').notNull(),
      ...times,
    },
    (t) => [k.unique('stations_code').on(t.branchId, t.code), k.unique('stations_key').on(t.keyFingerprint)],
  );

  /** What was done away from the server and did not fit what had happened meanwhile: a person decides. */
  const sheet = k.table(
    'sheet',
    {
      id: k.text('id').primaryKey(),
      branchId: branchId(),
      kind: k.text<SheetKind>('kind').notNull(),
      deviceId: k.text('device_id').notNull(),
      actorId: k.text('actor_id').notNull(),
      /** The command that did not fit, and what the desk had shown of it. */
      commandId: k.text('command_id').notNull(),
      operation: k.text('operation').notNull(),
      refusal: k.text('refusal'),
      facts: k.json<Record<string, string | number | null>>('facts').notNull(),
      visitId: k.text('visit_id'),
      patientId: k.text('patient_id'),
      otherPatientId: k.text('other_patient_id'),
      madeAt: k.int('made_at').notNull(),
      settledAt: k.int('settled_at'),
      settledBy: k.text('settled_by'),
      note: k.text('note'),
      ...times,
    },
    (t) => [
      k.unique('sheet_command').on(t.branchId, t.deviceId, t.commandId, t.kind),
      k.index('sheet_open').on(t.branchId, t.createdAt).where(sql`settled_at is null`),
    ],
  );

  return { devices, stations, sheet };
}
