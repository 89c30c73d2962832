import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify } from 'node:crypto';
import { type Key, seal, unseal } from '../keys.ts';

/** Before the first entry. */
export const GENESIS = '0'.repeat(64);

/** One audit entry as it is hashed: this order of keys, JSON without spaces. `detailHash` covers what was changed. */
export type AuditRecord = Readonly<{
  seq: number;
  at: string;
  actorId: string | null;
  actor: string;
  roles: readonly string[];
  deviceId: string | null;
  branchId: string | null;
  origin: string;
  action: string;
  resource: string | null;
  resourceId: string | null;
  patientId: string | null;
  outcome: string;
  requestId: string;
  commandId: string | null;
  detailHash: string | null;
}>;

/** The canonical text of an entry; the chain and every export cover exactly this. */
export const canonical = (r: AuditRecord): string =>
  JSON.stringify({
    seq: r.seq,
    at: r.at,
    actorId: r.actorId,
    actor: r.actor,
    roles: r.roles,
    deviceId: r.deviceId,
    branchId: r.branchId,
    origin: r.origin,
    action: r.action,
    resource: r.resource,
    resourceId: r.resourceId,
    patientId: r.patientId,
    outcome: r.outcome,
    requestId: r.requestId,
    commandId: r.commandId,
    detailHash: r.detailHash,
  });

/** The hash of an entry: SHA-256 over the hash before it, a line feed, and the canonical text. */
export const chainHash = (previous: string, record: string): string => hash('sha256', `${previous}\n${record}`);

/** Salt and text of a detail: hashed into the chain, and sealed with the patient's key beside it. */
export type Detail = Readonly<{ salt: string; changes: string }>;

export const detailHash = ({ salt, changes }: Detail): string => hash('sha256', `${salt}\n${changes}`);

export const sealDetail = (key: Key, seq: number, detail: Detail): Buffer =>
  seal(key, Buffer.from(`${detail.salt}\n${detail.changes}`), `audit ${seq}`);

/** Null when the key is gone: the detail was purged. */
export function openDetail(key: Key | null, seq: number, sealed: Buffer | null): Detail | null {
  if (!key || !sealed) return null;
  const text = unseal(key, sealed, `audit ${seq}`).toString();
  const end = text.indexOf('\n');
  return { salt: text.slice(0, end), changes: text.slice(end + 1) };
}

/** Clinical text never stands in an audit entry: this stands for it, the same for the same text within one clinic. */
export const clinicalMark = (key: Key, text: unknown): string =>
  `hmac:${createHmac('sha256', key).update(JSON.stringify(text)).digest('hex').slice(0, 24)}`;

// --- checkpoints -----------------------------------------------------------------------------------------------------

export type Checkpoint = Readonly<{ clinicId: string; epoch: string; seq: number; at: string; hash: string }>;

/** What is signed: one fact a line. */
export const checkpointText = (c: Checkpoint): string =>
  `medlane audit checkpoint\n${c.clinicId}\n${c.epoch}\n${c.seq}\n${c.at}\n${c.hash}\n`;

/** Ed25519 (RFC 8032); the private key as PKCS#8 DER. */
export type SigningKey = Readonly<{ sign: (text: string) => string; publicKey: string; privateDer: Buffer }>;

export function createSigningKey(): SigningKey {
  return openSigningKey(generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }));
}

export function openSigningKey(privateDer: Buffer): SigningKey {
  const privateKey = createPrivateKey({ key: privateDer, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  return { privateDer, publicKey, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64') };
}

export function isSigned(text: string, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
