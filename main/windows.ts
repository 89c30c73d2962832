import { BrowserWindow, type Rectangle, screen } from 'electron';
import type { Desk } from './desk.ts';
import { HOME } from './protocol.ts';
import { placeWindow } from './window-place.ts';

type Options = Readonly<{
  preload: string;
  tools: boolean;
  /** Whether closing the first window only hides it: the clinic goes on. */
  stays: () => boolean;
  /** Closing the first window is asking to quit. */
  asks: () => boolean;
  quit: () => void;
  desk: Desk;
  /** What every window gets; `isMain` for the first one. */
  dress: (window: BrowserWindow, isMain: boolean) => void;
  after: (ms: number, run: () => void) => () => void;
}>;

export type Windows = Readonly<{
  /** The first window, made when there is none, in front of the others; at a place of the screens, if one is named. */
  show: (place?: string) => void;
  /** A page of ours in a window of its own: a board on a second screen. */
  open: (url: string) => void;
  closeOthers: () => void;
  all: () => readonly BrowserWindow[];
  main: () => BrowserWindow | null;
}>;

/** A page that opens windows without end is stopped here. */
const MOST = 6;
/** How long a window must have rested before its place is remembered, in ms. */
const RESTED = 1000;

export function createWindows({ preload, tools, stays, asks, quit, desk, dress, after }: Options): Windows {
  const all = new Set<BrowserWindow>();
  let main: BrowserWindow | null = null;

  function make(url: string, place: Partial<Rectangle> = { width: 1280, height: 800 }): BrowserWindow {
    const window = new BrowserWindow({
      ...place,
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
        // Names and complaints are in no dictionary, and a wrong red line under them is worse than none.
        spellcheck: false,
        devTools: tools,
        // A board rings for a call although nobody has clicked on it.
        autoplayPolicy: 'no-user-gesture-required',
      },
    });
    all.add(window);
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => all.delete(window));
    window.webContents.on('dom-ready', () => window.webContents.setZoomLevel(desk.get().zoom));
    // A failed load is seen on the screen; the promise must only not be forgotten.
    window.loadURL(url).catch(() => undefined);
    return window;
  }

  function makeMain(place: string): BrowserWindow {
    const saved = desk.get().window;
    const window = make(addressOf(place), placeWindow(saved, screen.getAllDisplays(), screen.getPrimaryDisplay()));
    if (saved?.maximized) window.once('ready-to-show', () => window.maximize());
    rememberPlace(window);
    window.on('close', (event) => {
      if (!stays() && !asks()) return;
      event.preventDefault();
      if (asks()) quit();
      else window.hide();
    });
    window.on('closed', () => {
      main = null;
    });
    return window;
  }

  function rememberPlace(window: BrowserWindow): void {
    let cancel: () => void = () => undefined;
    const remember = () => {
      cancel();
      // A board fills the screen; the desk that it may become again has a place of its own.
      if (window.isDestroyed() || window.isKiosk() || window.isFullScreen()) return;
      const bounds = window.getNormalBounds();
      const display = screen.getDisplayMatching(bounds).id;
      desk.change({ window: { ...bounds, display, maximized: window.isMaximized() } });
    };
    const soon = () => {
      cancel();
      cancel = after(RESTED, remember);
    };
    window.on('resize', soon);
    window.on('move', soon);
    window.on('close', remember);
    window.on('closed', () => cancel());
  }

  return {
    show(place) {
      if (!main) {
        main = makeMain(place ?? '/');
        dress(main, true);
        return;
      }
      if (place) main.loadURL(addressOf(place)).catch(() => undefined);
      if (main.isMinimized()) main.restore();
      main.show();
      main.focus();
    },
    open(url) {
      if (all.size < MOST) dress(make(url), false);
    },
    closeOthers() {
      for (const window of all) if (window !== main) window.close();
    },
    all: () => [...all],
    main: () => main,
  };
}

/** Only what stands after the `#` differs, so a page that is there already moves without being loaded again. */
const addressOf = (place: string) => `${HOME}#${place}`;
