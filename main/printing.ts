import { BrowserWindow, type WebContents, type WebContentsPrintOptions } from 'electron';
import type { Output } from '../contract/kit.ts';
import { ApiError } from '../contract/kit.ts';
import type { printing } from '../contract/printing.ts';
import type { Offer } from './protocol.ts';

type Options = Readonly<{ offer: Offer; after: (ms: number, run: () => void) => () => void }>;
export type Printer = Readonly<{
  printers: () => Promise<Output<typeof printing.printers>>;
  print: (pdf: Uint8Array, printer: string | null) => Promise<{ ok: true }>;
}>;

/** A driver that never answers is taken for a failure: the page keeps the paper and can send it again. */
const PATIENCE = 60_000;
/** Points to micrometres. */
const MICRONS = 25_400 / 72;

/** Prints in silence, from a window that nobody sees: Chromium's own PDF viewer draws the page for the driver. */
export function createPrinter({ offer, after }: Options): Printer {
  return {
    async printers() {
      // Any window knows them; the page that asks is in one.
      const found = (await BrowserWindow.getAllWindows()[0]?.webContents.getPrintersAsync()) ?? [];
      return {
        printers: found.map(({ name, displayName }) => ({ name, label: displayName || name })),
      };
    },

    async print(pdf, printer) {
      const { url, withdraw } = offer(pdf);
      const window = new BrowserWindow({ show: false, webPreferences: { plugins: true, sandbox: true } });
      try {
        await window.loadURL(url);
        await printed(
          window.webContents,
          { ...sizeOf(pdf), silent: true, ...(printer ? { deviceName: printer } : {}) },
          after,
        );
        return { ok: true };
      } catch (cause) {
        throw cause instanceof ApiError ? cause : new ApiError('not_printed', { cause });
      } finally {
        withdraw();
        window.destroy();
      }
    },
  };
}

function printed(contents: WebContents, options: WebContentsPrintOptions, after: Options['after']): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = after(PATIENCE, () => reject(new ApiError('not_printed')));
    contents.print(options, (success, reason) => {
      late();
      if (success) resolve();
      else reject(new ApiError('not_printed', { cause: new Error(reason) }));
    });
  });
}

/** The paper that the first page was made for: a roll is cut where the page ends. */
export function sizeOf(pdf: Uint8Array): Pick<WebContentsPrintOptions, 'margins' | 'pageSize'> {
  const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(Buffer.from(pdf).toString('latin1'));
  if (!box) return {};
  const [width, height] = [box[1], box[2]].map((points) => Math.round(Number(points) * MICRONS)) as [number, number];
  return { margins: { marginType: 'none' }, pageSize: { width, height } };
}
