import { desc, sql } from 'drizzle-orm';
import type { Actor } from '../actor.ts';
import type { FeedEntry } from '../db/commit.ts';
import { type Connection, change, readerOf, statement } from '../db/connection.ts';
import type { Trace } from '../db/scope.ts';
import type { Key } from '../keys.ts';
import { iso, type Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';
import { canonical, chainHash, checkpointText, clinicalMark, detailHash, GENESIS, sealDetail } from './chain.ts';

/** Where the chain and the feed stand. */
export type Heads = { audit: { seq: number; hash: string }; feed: number; checkpoint: number };

/** Text that a doctor or a patient said: it stands in the audit as a mark only. */
const CLINICAL = new Set(['notes', 'allergies', 'nextOfKinName', 'nextOfKinPhone', 'address']);

/** A checkpoint is signed after this many entries at the latest. */
const CHECKPOINT_EVERY = 100;

/** In one statement, since PostgreSQL reads them for every group. What is in the feed has an audit entry, too. */
const findHeads = statement(({ db, t }) =>
  db
    .select({
      seq: t.audit.seq,
      hash: t.audit.hash,
      feed: sql<number>`coalesce((select max(${t.feed.seq}) from ${t.feed}), 0)`.mapWith(Number),
      checkpoint: sql<number>`coalesce((select max(${t.auditCheckpoints.seq}) from ${t.auditCheckpoints}), 0)`.mapWith(
        Number,
      ),
    })
    .from(t.audit)
    .orderBy(desc(t.audit.seq))
    .limit(1),
);
const insertAudit = change(({ db, t, p }) =>
  db.insert(t.audit).values({
    seq: p('seq'),
    branchId: p('branchId'),
    at: p('at'),
    actorId: p('actorId'),
    patientId: p('patientId'),
    action: p('action'),
    outcome: p('outcome'),
    record: p('record'),
    detail: p('detail'),
    hash: p('hash'),
  }),
);
const insertFeed = change(({ db, t, p }) =>
  db.insert(t.feed).values({
    seq: p('seq'),
    branchId: p('branchId'),
    at: p('at'),
    event: p('event'),
    payload: p('payload'),
    commandId: p('commandId'),
  }),
);
const insertCheckpoint = change(({ db, t, p }) =>
  db.insert(t.auditCheckpoints).values({ seq: p('seq'), at: p('at'), hash: p('hash'), signature: p('signature') }),
);

export type AuditFacts = Readonly<{
  actor: Actor;
  requestId: string;
  commandId: string | null;
  operation: string;
  outcome: string;
  trace: Trace;
}>;

export type Traces = Readonly<{
  readHeads: () => Promise<Heads>;
  writeAudit: (heads: Heads, facts: AuditFacts) => Promise<void>;
  writeFeed: (heads: Heads, entry: Omit<FeedEntry, 'seq' | 'at'>) => FeedEntry;
  /** Signs where the chain stands, when enough has come since the last time (or at once). */
  writeCheckpoint: (heads: Heads, atOnce: boolean) => void;
}>;

/** Writes the traces that every command leaves, on the committing connection and inside its transaction. */
export function createTraces(
  connection: Connection,
  vault: Vault,
  ports: Ports,
  clinic: () => Readonly<{ clinicId: string; epoch: string }>,
): Traces {
  const reader = readerOf(connection);

  async function sealed(facts: AuditFacts, seq: number): Promise<{ detail: Buffer | null; hash: string | null }> {
    const changes = changedFields(facts.trace, vault.detailKey);
    if (!changes) return { detail: null, hash: null };
    const detail = { salt: ports.random(16).toString('hex'), changes };
    const key = facts.trace.patientId ? await vault.patientKeys.find(reader, facts.trace.patientId) : vault.detailKey;
    return { detail: key ? sealDetail(key, seq, detail) : null, hash: detailHash(detail) };
  }

  return {
    async readHeads() {
      const last = await reader.row(findHeads);
      if (!last) return { audit: { seq: 0, hash: GENESIS }, feed: 0, checkpoint: 0 };
      const { seq, hash, feed, checkpoint } = last;
      return { audit: { seq, hash }, feed, checkpoint };
    },

    async writeAudit(heads, facts) {
      const { actor, trace } = facts;
      const at = ports.now();
      const seq = heads.audit.seq + 1;
      const { detail, hash: changeHash } = await sealed(facts, seq);
      const entry = {
        seq,
        at: iso(at),
        actorId: actor.id,
        actor: actor.name,
        roles: actor.roles,
        deviceId: actor.deviceId,
        branchId: actor.branchId,
        origin: actor.origin,
        action: trace.action ?? facts.operation,
        resource: trace.resource ?? null,
        resourceId: trace.resourceId ?? null,
        patientId: trace.patientId ?? null,
        outcome: trace.outcome ?? facts.outcome,
        requestId: facts.requestId,
        commandId: facts.commandId,
        detailHash: changeHash,
      };
      const record = canonical(entry);
      const hash = chainHash(heads.audit.hash, record);
      const { branchId, actorId, patientId, action, outcome } = entry;
      connection.send(insertAudit, {
        seq,
        branchId,
        at,
        actorId,
        patientId,
        action,
        outcome,
        record,
        detail,
        hash,
      });
      heads.audit = { seq, hash };
    },

    writeFeed(heads, entry) {
      const written = { ...entry, seq: heads.feed + 1, at: ports.now() };
      connection.send(insertFeed, written);
      heads.feed = written.seq;
      return written;
    },

    writeCheckpoint(heads, atOnce) {
      const { seq, hash } = heads.audit;
      if (seq <= heads.checkpoint || (!atOnce && seq - heads.checkpoint < CHECKPOINT_EVERY)) return;
      const at = ports.now();
      const signature = vault.auditSigning.sign(checkpointText({ ...clinic(), seq, at: iso(at), hash }));
      connection.send(insertCheckpoint, { seq, at, hash, signature });
      heads.checkpoint = seq;
    },
  };
}

/** Before and after of the fields that changed, as JSON; null when nothing did. */
export function changedFields({ before, after }: Trace, marking: Key): string | null {
  if (!before && !after) return null;
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  const shown = (name: string, value: unknown) =>
    CLINICAL.has(name) && value !== null && value !== undefined ? clinicalMark(marking, value) : (value ?? null);
  const changed: Record<string, [unknown, unknown]> = {};
  for (const name of names) {
    const [was, is] = [before?.[name] ?? null, after?.[name] ?? null];
    if (JSON.stringify(was) !== JSON.stringify(is)) changed[name] = [shown(name, was), shown(name, is)];
  }
  return Object.keys(changed).length > 0 ? JSON.stringify(changed) : null;
}
