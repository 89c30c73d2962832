import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { eq } from 'drizzle-orm';
import forge from 'node-forge';
import type { Store } from '../db/open.ts';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';

/** A certificate with its key, as PEM. */
export type Identity = Readonly<{ certificate: string; key: string }>;
export type ServerIdentity = Readonly<{ root: string; server: Identity; fingerprint: string }>;

const DAY = 86_400_000;
/** For how long certificates are good; each is renewed well before. */
const SERVER_DAYS = 90;
const DEVICE_DAYS = 30;
/** Node-forge makes RSA only; TLS itself is Node's. */
const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

type Request = Readonly<{
  name: string;
  publicKey: string;
  days: number;
  now: number;
  serial: string;
  issuer: { name: string; key: string };
  extensions: object[];
}>;

/** Signs one certificate. Verification is never done here: that is Node's TLS. */
export function signCertificate({ name, publicKey, days, now, serial, issuer, extensions }: Request): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // Positive, and without a byte that DER would have to leave out, whatever the random bytes begin with.
  certificate.serialNumber = `01${serial}`;
  certificate.validity.notBefore = new Date(now - DAY);
  certificate.validity.notAfter = new Date(now + days * DAY);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer.name }]);
  certificate.setExtensions(extensions);
  certificate.sign(forge.pki.privateKeyFromPem(issuer.key), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** Who a station is, as a URI in its certificate: not an address, which changes. */
export const deviceUri = (clinicId: string, deviceId: string) => `clinic://${clinicId}/device/${deviceId}`;
export const serverUri = (clinicId: string) => `clinic://${clinicId}/server`;

const AUTHORITY = [
  { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
];

/** The extensions of a leaf: what it is for, and who. */
export const leafExtensions = (uri: string, server: boolean, names: readonly string[] = []) => [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
  { name: 'extKeyUsage', serverAuth: server, clientAuth: !server },
  {
    name: 'subjectAltName',
    altNames: [
      { type: 6, value: uri },
      ...names.map((value) => (/^[\d.]+$|:/.test(value) ? { type: 7, ip: value } : { type: 2, value })),
    ],
  },
];

const ROOT = 'Medlane clinic root';
const serialOf = (ports: Ports) => ports.random(15).toString('hex');

/** An identity that is kept wrapped in the database, and made anew when it is no longer good. */
async function kept(
  store: Store,
  vault: Vault,
  name: string,
  make: () => Identity,
  good: (identity: Identity) => boolean = () => true,
): Promise<Identity> {
  const { db, t } = store.writer;
  const row = (await db.select().from(t.secrets).where(eq(t.secrets.name, name)))[0];
  const known = row && (JSON.parse(vault.unwrap(row.wrapped, name).toString()) as Identity);
  if (known && good(known)) return known;
  const made = make();
  const wrapped = vault.wrap(Buffer.from(JSON.stringify(made)), name);
  await db.insert(t.secrets).values({ name, wrapped }).onConflictDoUpdate({ target: t.secrets.name, set: { wrapped } });
  return made;
}

/** The clinic's own root, made when it is first asked for. Desks pin it: it is the clinic to them. */
export const loadRoot = (store: Store, vault: Vault, ports: Ports): Promise<Identity> =>
  kept(store, vault, 'tls-root', () => {
    const { publicKey, privateKey: key } = newKeys();
    const issuer = { name: ROOT, key };
    const of = { name: ROOT, publicKey, days: 3650, now: ports.now(), serial: serialOf(ports), issuer };
    return { key, certificate: signCertificate({ ...of, extensions: AUTHORITY }) };
  });

/**
 * The root, and the server's certificate under it, which is renewed when two thirds of its 90 days are over, or when it
 * stands at another address.
 */
export async function loadIdentity(
  store: Store,
  vault: Vault,
  ports: Ports,
  clinicId: string,
  names: readonly string[],
): Promise<ServerIdentity> {
  const root = await loadRoot(store, vault, ports);
  const now = ports.now();
  const make = () => {
    const { publicKey, privateKey: key } = newKeys();
    const issuer = { name: ROOT, key: root.key };
    const of = { name: 'Medlane clinic server', publicKey, days: SERVER_DAYS, now, serial: serialOf(ports), issuer };
    return {
      key,
      certificate: signCertificate({ ...of, extensions: leafExtensions(serverUri(clinicId), true, names) }),
    };
  };
  const isGood = ({ certificate }: Identity) =>
    Date.parse(new X509Certificate(certificate).validTo) - now > (SERVER_DAYS / 3) * DAY &&
    names.every((name) => namesOf(certificate).includes(name));
  const server = await kept(store, vault, 'tls-server', make, isGood);
  return { root: root.certificate, server, fingerprint: fingerprintOf(root.certificate) };
}

/** SHA-256 of a certificate, in hex. */
export const fingerprintOf = (certificate: string): string =>
  createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');

type Device = Readonly<{ clinicId: string; deviceId: string; publicKey: string; ports: Ports }>;

/** A desk's certificate. Pairing is what decides who gets one. */
export function certifyDevice(root: Identity, { clinicId, deviceId, publicKey, ports }: Device) {
  const certificate = signCertificate({
    name: deviceId,
    publicKey,
    days: DEVICE_DAYS,
    now: ports.now(),
    serial: serialOf(ports),
    issuer: { name: ROOT, key: root.key },
    extensions: leafExtensions(deviceUri(clinicId, deviceId), false),
  });
  return { certificate, until: Date.parse(new X509Certificate(certificate).validTo) };
}

function namesOf(certificate: string): string[] {
  const extension = forge.pki.certificateFromPem(certificate).getExtension('subjectAltName') as {
    altNames?: { value?: string; ip?: string }[];
  } | null;
  return extension?.altNames?.flatMap(({ value, ip }) => [value ?? '', ip ?? '']) ?? [];
}
