import { BrowserWindow } from 'electron';
import { HOME } from './protocol.ts';

type Options = Readonly<{
  preload: string;
  tools: boolean;
  /** Whether closing the first window only hides it: the clinic goes on. */
  stays: () => boolean;
  after: (ms: number, run: () => void) => () => void;
}>;

export type Windows = Readonly<{
  /** The first window, made when there is none, in front of the others. */
  show: () => void;
  /** A page of ours in a window of its own: a board on a second screen. */
  open: (url: string) => void;
  all: () => readonly BrowserWindow[];
  main: () => BrowserWindow | null;
}>;

/** A page that opens windows without end is stopped here. */
const MOST = 6;
const CRASH_PAUSE = 1000;

export function createWindows({ preload, tools, stays, after }: Options): Windows {
  const all = new Set<BrowserWindow>();
  let main: BrowserWindow | null = null;

  function make(url: string): BrowserWindow {
    const window = new BrowserWindow({
      width: 1280,
      height: 800,
      minWidth: 800,
      minHeight: 560,
      show: false,
      title: 'Medlane',
      backgroundColor: '#ffffff',
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        // Nothing but Chromium's PDF viewer is one.
        plugins: true,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: tools,
        // A board rings for a call although nobody has clicked on it.
        autoplayPolicy: 'no-user-gesture-required',
      },
    });
    all.add(window);
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => all.delete(window));
    // A crashed page comes back; the pause keeps one that crashes at once from keeping the computer busy.
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') after(CRASH_PAUSE, () => !window.isDestroyed() && window.webContents.reload());
    });
    // A failed load is seen on the screen; the promise must only not be forgotten.
    window.loadURL(url).catch(() => undefined);
    return window;
  }

  function makeMain(): BrowserWindow {
    const window = make(HOME);
    window.on('close', (event) => {
      if (!stays()) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => {
      main = null;
    });
    return window;
  }

  return {
    show() {
      if (!main) {
        main = makeMain();
        return;
      }
      if (main.isMinimized()) main.restore();
      main.show();
      main.focus();
    },
    open: (url) => void (all.size < MOST && make(url)),
    all: () => [...all],
    main: () => main,
  };
}
