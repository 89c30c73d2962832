import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BrowserWindow, dialog } from 'electron';
import type { CallOptions, Download } from '../contract/client.ts';
import { ApiError, type Operation } from '../contract/kit.ts';
import type { Push } from './ipc.ts';

type Watch = Pick<CallOptions, 'signal' | 'progress'>;
type Options = Readonly<{ window: () => BrowserWindow | null; tell: Push }>;

/** Files that pages ask for. A page may stop one, by the id that it gave the call, and hears how far it is. */
export function createDownloads({ window, tell }: Options) {
  const running = new Map<string, AbortController>();
  return {
    async save(callId: string | undefined, start: (watch: Watch) => Promise<Download>): Promise<Saved> {
      if (!callId) return saveDownload(await start({}), window());
      const stop = new AbortController();
      running.set(callId, stop);
      const progress = (done: number, total: number) => tell('download', { callId, done, total });
      try {
        return await saveDownload(await start({ signal: stop.signal, progress }), window());
      } finally {
        running.delete(callId);
      }
    },
    stop: ({ callId }: { callId: string }) => running.get(callId)?.abort(),
  };
}

/** What the page learns of a download: never its text, nor where on this computer it is. */
export type Saved = Readonly<{ filename: string; media: string; saved: string | null }>;

const TO_LOOK_AT = ['application/pdf', 'image/jpeg', 'image/png'];
/** A paper or a picture comes to the page whole, to be shown or printed there; every other file is only ever saved. */
export const mayStayInPage = ({ media }: Operation, { inPage }: Pick<CallOptions, 'inPage'>): boolean =>
  inPage === true && media !== undefined && media.every((one) => TO_LOOK_AT.includes(one));

export async function bytesOf({ filename, media, body }: Download) {
  return { filename, media, bytes: new Uint8Array(await new Response(body).arrayBuffer()) };
}

/** Asks where to, and writes the stream there: whole, or not at all. */
async function saveDownload({ filename, media, body }: Download, window: BrowserWindow | null): Promise<Saved> {
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
