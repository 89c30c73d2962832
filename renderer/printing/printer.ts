import type { Client } from '../../contract/client.ts';
import { ApiError } from '../../contract/kit.ts';
import type { PrintingApi } from '../../contract/printing.ts';
import type { Store } from '../store.ts';
import type { DeskPrinting } from './desk-printing.ts';
import type { Deliver } from './printing.ts';

/** In the desktop app: in silence, on the printer chosen for this desk. */
export const desktopPrinter =
  (desk: Client<PrintingApi>, settings: Store<DeskPrinting>): Deliver =>
  async (pdf, tray) => {
    const { slipPrinter, pagePrinter } = settings.get();
    const printer = tray === 'slip' ? slipPrinter : pagePrinter;
    await desk.printing.print({ pdf: new Uint8Array(await pdf.arrayBuffer()), printer });
  };

/** In a browser: its own print dialog, of a frame that nobody sees. What becomes of it there no page can know. */
export function browserPrinter(page: Window): Deliver {
  let last: (() => void) | null = null;
  return async (pdf) => {
    // The frame before this one stays until now: its dialog may have been open for long.
    last?.();
    const { frame, remove } = frameOf(page, pdf);
    last = remove;
    await new Promise((resolve, reject) => {
      frame.addEventListener('load', resolve, { once: true });
      frame.addEventListener('error', reject, { once: true });
    });
    try {
      frame.contentWindow?.print();
    } catch (cause) {
      throw new ApiError('not_printed', { cause });
    }
  };
}

function frameOf(page: Window, pdf: Blob): { frame: HTMLIFrameElement; remove: () => void } {
  const frame = page.document.createElement('iframe');
  const url = URL.createObjectURL(pdf);
  frame.className = 'print-frame';
  frame.title = 'PDF';
  // The viewer in it would take the focus, and with it the next key of whoever works here.
  frame.inert = true;
  frame.src = url;
  page.document.body.append(frame);
  return {
    frame,
    remove() {
      frame.remove();
      URL.revokeObjectURL(url);
    },
  };
}
