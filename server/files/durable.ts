import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What is in a file is on the disk when this returns. */
export const syncFile = (file: string): void => sync(file, 'r+');

/** The names in a folder are on the disk when this returns. Windows has no such call: its file system keeps a log of names. */
export function syncFolder(folder: string): void {
  if (process.platform !== 'win32') sync(folder, 'r');
}

/** A small file that only its owner reads: whole or not at all, and there for good when this returns. */
export function writeDurably(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  syncFolder(path.dirname(file));
}

function sync(what: string, flags: 'r' | 'r+'): void {
  const open = openSync(what, flags);
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}
