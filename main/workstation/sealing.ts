import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A key for one purpose from the desk's secret, which the keychain holds (HKDF-SHA-256). */
export const keyFor = (secret: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `medlane ${purpose} v1`, 32));

const TAG = 16;

/** The names in a folder are on the disk when this returns. Windows has no such call: its file system keeps a log of names. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const open = openSync(folder, 'r');
  fsyncSync(open);
  closeSync(open);
}

/** A small file that only whoever has the key can read, or change without being noticed (AES-256-GCM). */
export function sealedFile(file: string, key: Buffer, purpose: string) {
  const context = Buffer.from(purpose);
  return {
    /** Null when there is none. @throws when it was sealed with another key, or is damaged. */
    read(): Buffer | null {
      let sealed: Buffer;
      try {
        sealed = readFileSync(file);
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return null;
        throw error;
      }
      // A tag that was cut short would be easier to guess.
      const cut = { authTagLength: TAG };
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), cut).setAAD(context);
      decipher.setAuthTag(sealed.subarray(12, 12 + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(12 + TAG)), decipher.final()]);
    },
    /** Whole or not at all, also when the power fails meanwhile. */
    write(plain: Buffer): void {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context);
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, Buffer.concat([nonce, cipher.getAuthTag(), body]), { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
      syncFolder(path.dirname(file));
    },
    remove: () => rmSync(file, { force: true }),
  };
}
