import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Files that pass through the server for a while (an import, its rejected rows): encrypted with a key that exists in
 * this process alone, so that nothing of them can be read once it has ended.
 */
export type SealedFiles = Readonly<{
  write: (id: string, source: Readable) => Promise<void>;
  read: (id: string) => Readable | null;
  clear: () => void;
}>;

export function createSealedFiles(folder: string): SealedFiles {
  const keys = new Map<string, { key: Buffer; nonce: Buffer; tag: Buffer }>();
  const fileOf = (id: string) => path.join(folder, `${id}.sealed`);
  const clear = () => rmSync(folder, { recursive: true, force: true });
  clear();
  return {
    async write(id, source) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const [key, nonce] = [randomBytes(32), randomBytes(12)];
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      await pipeline(source, cipher, createWriteStream(fileOf(id), { mode: 0o600 }));
      keys.set(id, { key, nonce, tag: cipher.getAuthTag() });
    },
    read(id) {
      const known = keys.get(id);
      if (!known || !existsSync(fileOf(id))) return null;
      const decipher = createDecipheriv('aes-256-gcm', known.key, known.nonce);
      decipher.setAuthTag(known.tag);
      return createReadStream(fileOf(id)).pipe(decipher);
    },
    clear,
  };
}
