import type { BrowserWindow } from 'electron';
import type { Awake } from './awake.ts';
import type { Desk } from './desk.ts';
import type { Windows } from './windows.ts';

type Options = Readonly<{
  windows: () => Pick<Windows, 'main' | 'show' | 'closeOthers'>;
  desk: Desk;
  awake: Awake;
  startAtLogin: (on: boolean) => void;
  /** The menu is another one in a kiosk. */
  changed: () => void;
}>;

export type Kiosk = Readonly<{
  isOn: () => boolean;
  /** Shows a board and nothing else; without an id, the one of whoever signs in. */
  begin: (boardId: string | null) => void;
  /** The same at every start from now on; with `atLogin`, that start comes by itself. */
  keep: (boardId: string | null, atLogin: boolean) => void;
  /** Back to the desk's own screens, now and at the next start. */
  leave: () => void;
  /** Makes the first window what it is to be now, and keeps it so. */
  dress: (window: BrowserWindow) => void;
}>;

/** Only where the board itself is on the screen: who signs in needs the pointer. */
const NO_POINTER = 'html:has(.board), html:has(.board) * { cursor: none !important }';

/** A computer on the wall: one board, full screen, that nobody leaves by chance. */
export function createKiosk({ windows, desk, awake, startAtLogin, changed }: Options): Kiosk {
  let on = false;
  let showPointer: () => void = () => undefined;

  function hidePointer({ webContents }: BrowserWindow): void {
    if (!on) return;
    const style = webContents.insertCSS(NO_POINTER);
    showPointer = () => void style.then((key) => webContents.removeInsertedCSS(key)).catch(() => undefined);
    // A page that went away meanwhile has no pointer to hide.
    style.catch(() => undefined);
  }

  function fit(window: BrowserWindow): void {
    window.setKiosk(on);
    window.setMenuBarVisibility(!on);
    hidePointer(window);
  }

  function turn(next: boolean, place: string): void {
    on = next;
    awake.keep('display', next);
    changed();
    const there = windows().main();
    windows().show(place);
    if (there) fit(there);
  }

  return {
    isOn: () => on,
    begin(boardId) {
      turn(true, boardId ? `/board/${boardId}` : '/');
      windows().closeOthers();
    },
    keep(boardId, atLogin) {
      desk.change({ kiosk: { boardId } });
      startAtLogin(atLogin);
    },
    leave() {
      if (desk.get().kiosk) startAtLogin(false);
      desk.change({ kiosk: null });
      showPointer();
      turn(false, '/');
    },
    dress(window) {
      window.webContents.on('dom-ready', () => hidePointer(window));
      if (on) fit(window);
    },
  };
}
