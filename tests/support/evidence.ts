import { asc } from 'drizzle-orm';
import type { SyncRow } from '../../contract/sync.ts';
import type { Cache } from '../../main/workstation/cache.ts';
import type { Item } from '../../main/workstation/outbox.ts';
import { type Picture, stepOf } from '../../main/workstation/picture.ts';
import { openDetail } from '../../server/audit/chain.ts';
import type { DetailReader } from '../../server/audit/scan.ts';
import { verifyStored } from '../../server/audit/verify-stored.ts';
import type { Store } from '../../server/db/open.ts';
import { metaOf } from '../../server/feed/feed.ts';
import type { Vault } from '../../server/vault.ts';
import type { Answered, DeskHeld } from './invariants.ts';

/** What the server holds in the end, as `violations` wants it; `fill` is what it would give a desk that begins afresh. */
export async function storeEvidence(
  { reader }: Pick<Store, 'reader'>,
  vault: Vault,
  fill: Answered['fill'],
): Promise<Answered> {
  const { t, db } = reader;
  const details: DetailReader = async (rows) => {
    const patients = [...new Set(rows.flatMap(({ patientId }) => patientId ?? []))];
    const keys = new Map(
      await Promise.all(patients.map(async (id) => [id, await vault.patientKeys.find(reader, id)] as const)),
    );
    return ({ patientId, seq, detail }) =>
      detail ? openDetail(patientId ? (keys.get(patientId) ?? null) : vault.detailKey, seq, detail) : null;
  };
  const verdict = await verifyStored(
    reader,
    details,
    { clinicId: (await metaOf(reader, 'clinicId')) ?? '', publicKey: vault.auditSigning.publicKey },
    () => undefined,
  );
  const audit = await db.select({ seq: t.audit.seq, record: t.audit.record }).from(t.audit).orderBy(asc(t.audit.seq));
  return {
    fill,
    visits: await db.select().from(t.visits),
    steps: await db.select().from(t.steps),
    history: await db.select().from(t.visitHistory),
    patients: (await db.select({ id: t.patients.id }).from(t.patients)).map(({ id }) => id),
    numbers: await db
      .select({ number: t.patientNumbers.number, patientId: t.patientNumbers.patientId })
      .from(t.patientNumbers),
    sheet: await db.select().from(t.sheet),
    rooms: await db.select({ id: t.rooms.id, queueIds: t.rooms.queueIds, capacity: t.rooms.capacity }).from(t.rooms),
    feed: await db.select({ seq: t.feed.seq, commandId: t.feed.commandId }).from(t.feed).orderBy(asc(t.feed.seq)),
    audit: audit.map(({ record }) => JSON.parse(record) as Answered['audit'][number]),
    auditProblem: verdict.firstProblem,
  };
}

const TABLES = ['clinic', 'queue', 'room', 'board', 'boardView', 'person', 'visit'] as const;

/** The rows that a desk keeps; of its patients, those that the server would give. */
export function rowsIn(cache: Cache, fill: Answered['fill']): SyncRow[] {
  const small = TABLES.flatMap((table) => [...cache.table(table)].map(([id, row]) => ({ table, id, row }) as SyncRow));
  const patients = fill.flatMap(({ table, id }) =>
    table === 'patient' ? [{ table, id, row: cache.patient(id) } as SyncRow] : [],
  );
  return [...small, ...patients];
}

type Seen = Pick<DeskHeld, 'code' | 'deviceId' | 'asked'> &
  Readonly<{ cache: Cache; items: readonly Item[]; picture: Picture }>;

/** What a desk holds in the end, as `violations` wants it. */
export function deskEvidence({ code, deviceId, asked, cache, items, picture }: Seen, fill: Answered['fill']): DeskHeld {
  const screen = [...picture.visits.values()].flatMap((found) => {
    const step = stepOf(found);
    return step ? [{ id: found.visit.id, token: found.visit.token, version: step.version, state: step.state }] : [];
  });
  return {
    ...{ code, deviceId, items, screen },
    asked: new Set([...asked, ...items.map(({ commandId }) => commandId)]),
    rows: rowsIn(cache, fill),
  };
}
