import type { BrowserWindow } from 'electron';
import { createBackOff } from './back-off.ts';
import type { Log } from './log.ts';
import { isOurPage, TROUBLE } from './protocol.ts';

type Options = Readonly<{
  log: Log;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
  /** Nobody is there to answer: a board on the wall. */
  alone: () => boolean;
  /** Says that the page ended and was loaded again. */
  tellBack: (window: BrowserWindow) => void;
  /** Whether a page that does not answer is to be ended; given up when the page answers again. */
  askToEnd: (window: BrowserWindow, givenUp: AbortSignal) => Promise<boolean>;
}>;

const PAUSES = { first: 1000, longest: 30_000, settled: 60_000 };
/** So many times in a row a page is loaded again; then a plain one says that it keeps ending. */
const MOST = 4;
/** How long a page that nobody watches may be silent, in ms. */
const SILENCE = 20_000;

/** A page that crashes comes back by itself, more and more slowly; one that hangs is ended when somebody says so. */
export function createRecovery({ log, now, after, alone, tellBack, askToEnd }: Options) {
  return (window: BrowserWindow): void => {
    const { webContents } = window;
    const backOff = createBackOff({ ...PAUSES, now });
    let ended = false;

    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return;
      const { pause, attempt } = backOff.next();
      log('page.gone', { reason, exitCode, attempt });
      ended = true;
      after(pause, () => {
        if (window.isDestroyed()) return;
        if (attempt <= MOST) webContents.reload();
        else window.loadURL(TROUBLE).catch(() => undefined);
      });
    });

    webContents.on('did-finish-load', () => {
      if (!isOurPage(webContents.getURL())) return;
      backOff.began();
      const back = ended && webContents.getURL() !== TROUBLE;
      ended = false;
      if (back && !alone()) tellBack(window);
    });

    let answers: AbortController | null = null;
    window.on('unresponsive', () => {
      if (answers) return;
      log('page.silent');
      answers = new AbortController();
      const { signal } = answers;
      const end = () => {
        if (!signal.aborted && !window.isDestroyed()) webContents.forcefullyCrashRenderer();
        answers = null;
      };
      if (alone()) {
        const cancel = after(SILENCE, end);
        signal.addEventListener('abort', cancel);
      } else
        void askToEnd(window, signal).then((yes) => {
          if (yes) end();
          else answers = null;
        });
    });
    window.on('responsive', () => {
      answers?.abort();
      answers = null;
    });
  };
}
