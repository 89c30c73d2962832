import { X509Certificate } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import type { Reader } from '../db/connection.ts';
import type { Vault } from '../vault.ts';

export type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };
export type MailServer = Reader['t']['mailServers']['$inferSelect'];

/** The branch's mail server; undefined where nobody has set one up. */
export async function mailServerOf({ t, db }: Rows, branchId: string): Promise<MailServer | undefined> {
  return (await db.select().from(t.mailServers).where(eq(t.mailServers.branchId, branchId)))[0];
}
export const hasMail = async (rows: Rows, branchId: string): Promise<boolean> =>
  (await mailServerOf(rows, branchId)) !== undefined;

const sealedFor = (branchId: string) => `mail ${branchId}`;
export const sealPassword = (vault: Vault, branchId: string, password: string): Buffer =>
  vault.wrap(Buffer.from(password), sealedFor(branchId));
export const openPassword = (vault: Vault, { branchId, password }: MailServer): string =>
  password ? vault.unwrap(password, sealedFor(branchId)).toString() : '';

type Way = Pick<MailServer, 'host' | 'port' | 'security' | 'username' | 'ca'>;
/** Whether a password would go to the same server, by the same way: else whoever may change the host could have it sent to them. */
export const isSameWay = (a: Way, b: Way): boolean =>
  (['host', 'port', 'security', 'username', 'ca'] as const).every((key) => a[key] === b[key]);

/** @throws when it is no certificate. */
export function checkCertificate(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    const message = 'This is not a certificate: paste it from BEGIN CERTIFICATE to END CERTIFICATE.';
    throw new ApiError('validation_failed', { fields: [{ field: 'ca', code: 'certificate', message }] });
  }
}
