import { createHash, generateKeyPairSync } from 'node:crypto';
import { eq } from 'drizzle-orm';
import forge from 'node-forge';
import type { Store } from '../db/open.ts';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';

/** A certificate with its key, as PEM. */
export type Identity = Readonly<{ certificate: string; key: string }>;
export type ServerIdentity = Readonly<{ root: string; server: Identity; fingerprint: string }>;

const DAY = 86_400_000;
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
  certificate.serialNumber = `00${serial}`;
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

/**
 * The clinic's own root, and the server's certificate under it, made when a LAN door is first opened and kept wrapped in
 * the database. The server's certificate is renewed when two thirds of its 90 days are over.
 */
export async function loadIdentity(
  store: Store,
  vault: Vault,
  ports: Ports,
  clinicId: string,
  names: readonly string[],
): Promise<ServerIdentity> {
  const kept = async (name: string, make: () => Identity, good: (identity: Identity) => boolean): Promise<Identity> => {
    const { db, t } = store.writer;
    const row = (await db.select().from(t.secrets).where(eq(t.secrets.name, name)))[0];
    const known = row && (JSON.parse(vault.unwrap(row.wrapped, name).toString()) as Identity);
    if (known && good(known)) return known;
    const made = make();
    const wrapped = vault.wrap(Buffer.from(JSON.stringify(made)), name);
    await db
      .insert(t.secrets)
      .values({ name, wrapped })
      .onConflictDoUpdate({ target: t.secrets.name, set: { wrapped } });
    return made;
  };
  const serial = () => ports.random(15).toString('hex');
  const now = ports.now();
  const rootName = 'Medlane clinic root';

  const root = await kept(
    'tls-root',
    () => {
      const { publicKey, privateKey: key } = newKeys();
      return {
        key,
        certificate: signCertificate({
          name: rootName,
          publicKey,
          days: 3650,
          now,
          serial: serial(),
          issuer: { name: rootName, key },
          extensions: AUTHORITY,
        }),
      };
    },
    () => true,
  );
  const server = await kept(
    'tls-server',
    () => {
      const { publicKey, privateKey: key } = newKeys();
      const extensions = leafExtensions(serverUri(clinicId), true, names);
      return {
        key,
        certificate: signCertificate({
          name: 'Medlane clinic server',
          publicKey,
          days: 90,
          now,
          serial: serial(),
          issuer: { name: rootName, key: root.key },
          extensions,
        }),
      };
    },
    ({ certificate }) =>
      forge.pki.certificateFromPem(certificate).validity.notAfter.getTime() - now > 30 * DAY &&
      names.every((name) => namesOf(certificate).includes(name)),
  );
  const der = Buffer.from(
    forge.asn1.toDer(forge.pki.certificateToAsn1(forge.pki.certificateFromPem(root.certificate))).getBytes(),
    'binary',
  );
  return { root: root.certificate, server, fingerprint: createHash('sha256').update(der).digest('hex') };
}

/** A station's certificate, from the clinic's root. Pairing (a later chapter) is what decides who gets one. */
export async function issueDeviceCertificate(
  store: Store,
  vault: Vault,
  ports: Ports,
  clinicId: string,
  deviceId: string,
  publicKey: string,
): Promise<string> {
  const row = (
    await store.reader.db.select().from(store.reader.t.secrets).where(eq(store.reader.t.secrets.name, 'tls-root'))
  )[0];
  if (!row) throw new Error('The clinic has no root certificate yet: open the stations door first.');
  const root = JSON.parse(vault.unwrap(row.wrapped, 'tls-root').toString()) as Identity;
  const extensions = leafExtensions(deviceUri(clinicId, deviceId), false);
  return signCertificate({
    name: deviceId,
    publicKey,
    days: 30,
    now: ports.now(),
    serial: ports.random(15).toString('hex'),
    issuer: { name: 'Medlane clinic root', key: root.key },
    extensions,
  });
}

function namesOf(certificate: string): string[] {
  const extension = forge.pki.certificateFromPem(certificate).getExtension('subjectAltName') as {
    altNames?: { value?: string; ip?: string }[];
  } | null;
  return extension?.altNames?.flatMap(({ value, ip }) => [value ?? '', ip ?? '']) ?? [];
}
