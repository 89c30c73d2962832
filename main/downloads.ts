import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BrowserWindow, dialog } from 'electron';
import type { Download } from '../contract/client.ts';
import { ApiError } from '../contract/kit.ts';

/** What the page learns of a download: never its text, nor where on this computer it is. */
export type Saved = Readonly<{ filename: string; media: string; saved: string | null }>;

/** Asks where to, and writes the stream there: whole, or not at all. */
export async function saveDownload({ filename, media, body }: Download, window: BrowserWindow | null): Promise<Saved> {
  const options = { defaultPath: path.basename(filename) };
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  if (canceled || !filePath) {
    await body.cancel();
    return { filename, media, saved: null };
  }
  const part = `${filePath}.part`;
  try {
    await pipeline(
      Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
      createWriteStream(part, { mode: 0o600 }),
    );
    await rename(part, filePath);
  } catch (cause) {
    await rm(part, { force: true });
    throw new ApiError('unavailable', {
      cause,
      message: 'The file could not be written whole, and was not kept. Try again, or choose another place.',
    });
  }
  return { filename, media, saved: path.basename(filePath) };
}
