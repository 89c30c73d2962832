/**
 * How two sides that share nothing yet learn that nobody stands between them. The desk commits itself to a number before
 * it hears the server's; then both are open, and each side makes the same two codes from all that was said. Whoever stood
 * between them had to choose before knowing, and has one guess in a million for each code.
 */
export type Introduction = Readonly<{
  clinicId: string;
  /** The clinic's root certificate, as PEM. */
  root: string;
  /** The desk's public key, as PEM. */
  publicKey: string;
  deskNonce: string;
  serverNonce: string;
}>;

/** `desk` is shown at the desk and typed at the administrator's; `server` the other way round. Six digits each. */
export type Codes = Readonly<{ desk: string; server: string }>;

const encoder = new TextEncoder();
/** Parts that cannot run into one another. */
const bytesOf = (purpose: string, parts: readonly string[]) => encoder.encode(JSON.stringify([purpose, ...parts]));

/** What the desk says before it hears the server's number: SHA-256, in hex. */
export async function commitmentOf({ deskNonce, publicKey }: Pick<Introduction, 'deskNonce' | 'publicKey'>) {
  const hash = await crypto.subtle.digest('SHA-256', bytesOf('medlane commitment v1', [deskNonce, publicKey]));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Both codes, by HKDF-SHA-256 over everything that a man in the middle could have changed. */
export async function codesOf(said: Introduction): Promise<Codes> {
  const { clinicId, root, publicKey, deskNonce, serverNonce } = said;
  const all = bytesOf('medlane introduction v1', [clinicId, root, publicKey, deskNonce, serverNonce]);
  const key = await crypto.subtle.importKey('raw', all, 'HKDF', false, ['deriveBits']);
  const info = encoder.encode('medlane pairing codes v1');
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    key,
    128,
  );
  const digits = (at: number) => String(new DataView(bits).getBigUint64(at) % 1_000_000n).padStart(6, '0');
  return { desk: digits(0), server: digits(8) };
}

/** As a person reads and says it. */
export const spaced = (code: string): string => code.replace(/^(\d{3})(\d{3})$/, '$1 $2');
