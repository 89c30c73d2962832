import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { writeDurably } from './files/durable.ts';

/** The clinic's 32-byte master key: everything else is derived from it, or wrapped by what is derived. */
export type MasterKey = Readonly<{ bytes: Buffer; from: 'keychain' | 'file' }>;

/** A key for one purpose (HKDF-SHA-256, RFC 5869). */
export function deriveKey(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `medlane ${purpose} v1`, 32));
}

/** A key, as bytes or as the object that OpenSSL works with: making that each time costs more than the sealing. */
export type Key = Buffer | KeyObject;
export const keyObject = (bytes: Buffer): KeyObject => createSecretKey(bytes);

/** AES-256-GCM: nonce, tag, ciphertext. `context` must be the same to open it. */
export function seal(key: Key, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = cipher.update(plain);
  // GCM holds nothing back: `final` only makes the tag.
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** @throws when the key or the context does not fit, or a bit was changed. */
export function unseal(key: Key, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(12, 28));
  const plain = decipher.update(sealed.subarray(28));
  // GCM holds nothing back: `final` only checks.
  decipher.final();
  return plain;
}

/**
 * The master key from its file, made at first start. The file does not protect a stolen PC: only a keychain does.
 * @throws when the file is missing although there is data, or others can read it.
 */
export function keyFromFile(file: string, dataExists: boolean): MasterKey {
  if (!existsSync(file)) {
    if (dataExists) {
      throw new Error(
        `The key file ${file} is missing, and without it the clinic's data cannot be opened. Put it back, or restore a backup with the recovery kit.`,
      );
    }
    // On the disk before anything is sealed with it: a power cut would leave data that nobody opens any more.
    writeDurably(file, `${randomBytes(32).toString('hex')}\n`);
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new Error(`Others can read the key file ${file}. Run: chmod 600 ${file}`);
  }
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new Error(`The key file ${file} is damaged. Restore it, or use the recovery kit.`);
  return { bytes: Buffer.from(text, 'hex'), from: 'file' };
}

/** The alphabet of Crockford's base 32: no I, L, O, U to misread from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The master key as text for paper, with a check, in groups of five. */
export function recoveryKit(master: Buffer): string {
  const bytes = Buffer.concat([master, createHash('sha256').update(master).digest().subarray(0, 3)]);
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g)?.map((five) => ALPHABET[Number.parseInt(five, 2)]) ?? [];
  return (
    letters
      .join('')
      .match(/.{1,7}/g)
      ?.join('-') ?? ''
  );
}

/** @throws when a letter was misread: the check tells. */
export function fromRecoveryKit(text: string): Buffer {
  const letters = text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  const bits = [...letters].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  const master = bytes.subarray(0, 32);
  const check = createHash('sha256').update(master).digest().subarray(0, 3);
  if (letters.length !== 56 || !bytes.subarray(32, 35).equals(check)) {
    throw new Error('The recovery kit was not read correctly: compare it with the paper, letter by letter.');
  }
  return Buffer.from(master);
}
