import type { KeyObject } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { createSigningKey, openSigningKey, type SigningKey } from './audit/chain.ts';
import { change, type Reader, statement } from './db/connection.ts';
import type { Store } from './db/open.ts';
import type { Tx } from './db/scope.ts';
import { deriveKey, keyObject, seal, unseal } from './keys.ts';
import type { Ports } from './ports.ts';

/** The clinic's own secrets, wrapped in the database by a key derived from the master key. */
export type Vault = Readonly<{
  auditSigning: SigningKey;
  tokenSigning: SigningKey;
  /** Seals audit details that belong to no patient, and marks clinical text. */
  detailKey: KeyObject;
  /** Mixed into password hashes and token hashes: a stolen database alone cannot be tried against. */
  pepper: Buffer;
  /** Seals the identity documents of staff; a patient’s are sealed by the patient’s own key. */
  documentKey: KeyObject;
  /** Makes equal document numbers findable, and nothing else of them. */
  blindKey: KeyObject;
  patientKeys: PatientKeys;
  wrap: (plain: Buffer, name: string) => Buffer;
  unwrap: (wrapped: Buffer, name: string) => Buffer;
}>;

const MAKERS: Record<string, (ports: Ports) => Buffer> = {
  'audit-signing': () => createSigningKey().privateDer,
  'token-signing': () => createSigningKey().privateDer,
  detail: (ports) => ports.random(32),
  pepper: (ports) => ports.random(32),
  documents: (ports) => ports.random(32),
  'blind-index': (ports) => ports.random(32),
};

/**
 * Opens the secrets, making those that are missing.
 * @throws when the master key is not the one that wrapped them.
 */
export async function openVault(store: Store, master: Buffer, ports: Ports): Promise<Vault> {
  const wrapping = keyObject(deriveKey(master, 'wrapping'));
  const wrap = (plain: Buffer, name: string) => seal(wrapping, plain, name);
  const unwrap = (wrapped: Buffer, name: string) => unseal(wrapping, wrapped, name);

  const { db, t } = store.writer;
  const stored = new Map((await db.select().from(t.secrets)).map((row) => [row.name, row.wrapped]));
  const secrets = new Map<string, Buffer>();
  for (const [name, make] of Object.entries(MAKERS)) {
    const wrapped = stored.get(name);
    if (wrapped) {
      secrets.set(name, unwrap(wrapped, name));
      continue;
    }
    const made = make(ports);
    await db.insert(t.secrets).values({ name, wrapped: wrap(made, name) });
    secrets.set(name, made);
  }
  const secret = (name: string) => secrets.get(name) as Buffer;
  return {
    auditSigning: openSigningKey(secret('audit-signing')),
    tokenSigning: openSigningKey(secret('token-signing')),
    detailKey: keyObject(secret('detail')),
    pepper: secret('pepper'),
    documentKey: keyObject(secret('documents')),
    blindKey: keyObject(secret('blind-index')),
    patientKeys: createPatientKeys(wrap, unwrap, ports),
    wrap,
    unwrap,
  };
}

/** One key per patient, kept in memory for those of today. */
export type PatientKeys = Readonly<{
  /** The patient's key; null when it was destroyed. */
  find: (reader: Pick<Reader, 'row'>, patientId: string) => Promise<KeyObject | null>;
  /** Makes the key of a new patient, in the transaction that registers them. */
  create: (tx: Tx, patientId: string, branchId: string) => Promise<void>;
}>;

const findKey = statement(({ db, t, p }) =>
  db
    .select({ wrapped: t.patientKeys.wrapped })
    .from(t.patientKeys)
    .where(eq(t.patientKeys.patientId, p('patientId'))),
);
const insertKey = change(({ db, t, p }) =>
  db.insert(t.patientKeys).values({ patientId: p('patientId'), branchId: p('branchId'), wrapped: p('wrapped') }),
);

function createPatientKeys(wrap: Vault['wrap'], unwrap: Vault['unwrap'], ports: Ports): PatientKeys {
  // Ids are never used twice, so a key cached from a transaction that rolled back is never asked for.
  const cache = new LRUCache<string, KeyObject>({ max: 20_000 });
  return {
    async find(reader, patientId) {
      const known = cache.get(patientId);
      if (known) return known;
      const row = await reader.row(findKey, { patientId });
      if (!row) return null;
      const key = keyObject(unwrap(row.wrapped, patientId));
      cache.set(patientId, key);
      return key;
    },
    async create(tx, patientId, branchId) {
      const key = ports.random(32);
      tx.send(insertKey, { patientId, branchId, wrapped: wrap(key, patientId) });
      cache.set(patientId, keyObject(key));
    },
  };
}
