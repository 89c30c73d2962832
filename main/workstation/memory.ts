import { hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';

export type Memory = Database.Database;

/**
 * Opens an encrypted file of this desk (SQLCipher 4 format, raw 32-byte key). The salt is given with the key: in the file
 * it stands in the first sector alone, and a power cut that costs that sector would cost everything. Files from before have
 * a salt that only they know.
 * @throws when the key does not fit, or the file is damaged.
 */
export function openMemory(file: string, key: Buffer): Memory {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const salt = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'medlane salt v1', 16)).toString('hex');
  try {
    return open(file, key.toString('hex'), salt);
  } catch (error) {
    if (((error as Error).cause as { code?: string }).code !== 'SQLITE_NOTADB') throw error;
    return open(file, key.toString('hex'), '');
  }
}

function open(file: string, key: string, salt: string): Memory {
  const memory = new Database(file, { timeout: 5000 });
  try {
    memory.pragma(`cipher='sqlcipher'`);
    memory.pragma('legacy=4');
    if (salt) memory.pragma(`cipher_salt='${salt}'`);
    memory.pragma(`key="x'${key}${salt}'"`);
    memory.pragma('journal_mode=WAL');
    // What the screen calls saved must be on the disk: the library's own default for WAL would lose it at a power cut.
    memory.pragma('synchronous=FULL');
    memory.pragma('temp_store=MEMORY');
    memory.pragma('mmap_size=0');
    memory.pragma('trusted_schema=OFF');
    memory.pragma('secure_delete=ON');
    const [state] = memory.pragma('quick_check') as { quick_check: string }[];
    if (state?.quick_check !== 'ok') throw new Error(`quick_check says: ${state?.quick_check}`);
    return memory;
  } catch (cause) {
    memory.close();
    throw new Error(`${path.basename(file)} does not open.`, { cause });
  }
}

/** Whether a file is not what it should be: not when the disk is full, or does not answer. */
const isDamaged = (error: unknown): boolean => {
  const { code, message } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
  return /^SQLITE_(NOTADB|CORRUPT)/.test(code ?? '') || (message ?? '').startsWith('quick_check');
};

/**
 * A damaged file is put aside under another name, and an empty one begun. What was put aside there before is written over.
 * @throws when it cannot be read for another reason: it may be whole.
 */
export function openOrBegin(file: string, key: Buffer, aside: string): Readonly<{ memory: Memory; begun: boolean }> {
  try {
    return { memory: openMemory(file, key), begun: false };
  } catch (error) {
    if (!isDamaged(error)) throw error;
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(aside + suffix, { force: true });
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    return { memory: openMemory(file, key), begun: true };
  }
}
