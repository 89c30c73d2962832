import { createTransport } from 'nodemailer';
import type { Problem } from '../../contract/errors.ts';
import { ApiError } from '../../contract/kit.ts';
import { branchOf } from '../clinic.ts';
import type { Reader } from '../db/connection.ts';
import { letterheadOf } from '../paper/letterhead.ts';
import type { Vault } from '../vault.ts';
import type { LetterFacts, LetterKind, Letters } from './letters.ts';
import { type MailServer, mailServerOf, openPassword } from './mail-server.ts';

/** Somebody waits at a screen for it: a server that says nothing for so long (ms) is away. */
const PATIENCE = 10_000;

type Parts = Readonly<{ reader: Reader; vault: Vault; letters: Letters }>;

/** Hands letters to the clinic's mail server: never within a transaction, and nothing of them is kept or logged. */
export function createPost({ reader, vault, letters }: Parts) {
  return {
    /** Ends once the server has taken it. @throws `no_mail`, or `mail_failed` with the reason. */
    async send(branchId: string, to: string, kind: LetterKind, facts: Omit<LetterFacts, 'clinic'> = {}): Promise<void> {
      const server = await mailServerOf(reader, branchId);
      if (!server) throw new ApiError('no_mail');
      const { name: clinic } = await branchOf(reader, branchId);
      const { paperLanguage } = await letterheadOf(reader, branchId);
      const transport = createTransport(wayTo(server, openPassword(vault, server)));
      try {
        await transport.sendMail({
          // As objects: nothing that stands in a name or an address becomes another line or another recipient.
          from: { name: clinic, address: server.sender },
          to: { name: '', address: to },
          ...letters(kind, paperLanguage, { clinic, ...facts }),
        });
      } catch (cause) {
        throw new ApiError('mail_failed', { facts: { problem: problemOf(cause) }, cause });
      } finally {
        transport.close();
      }
    },
  };
}
export type Post = ReturnType<typeof createPost>;

const wayTo = ({ host, port, security, username, ca }: MailServer, password: string) => ({
  host,
  port,
  secure: security === 'tls',
  requireTLS: security === 'starttls',
  ignoreTLS: security === 'none',
  ...(username ? { auth: { user: username, pass: password } } : {}),
  tls: { minVersion: 'TLSv1.2' as const, ...(ca ? { ca } : {}) },
  ...{ connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE, dnsTimeout: PATIENCE },
  disableFileAccess: true,
  disableUrlAccess: true,
});

type Failure = Readonly<{ code?: string; originalCode?: string; command?: string; message?: string }>;

/** Node's codes for a certificate that is not believed: untrusted, of another name, too old. */
const UNTRUSTED = /CERT|SELF_SIGNED|ALTNAME|ISSUER|UNABLE_TO_VERIFY/;

/** What went wrong, as one of a few codes: never what the server said, which is whatever answers at that address. */
function problemOf(error: unknown): Problem<'mail_failed'> {
  const { code = '', originalCode = '', command = '' } = error as Failure;
  if (UNTRUSTED.test(originalCode) || UNTRUSTED.test(code)) return 'certificate';
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'password';
  if (code === 'ETLS' || originalCode.startsWith('ERR_SSL')) return 'no_encryption';
  if (code === 'EENVELOPE') return command.startsWith('MAIL') ? 'sender' : 'recipient';
  return ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS'].includes(code) ? 'unreachable' : 'refused';
}
