import { mkdirSync } from 'node:fs';
import { type App, type BrowserWindow, shell } from 'electron';
import type { Desk } from './desk.ts';
import type { MenuActs } from './menu.ts';
import type { Ask } from './questions.ts';

type Options = Readonly<{
  app: App;
  ask: Ask;
  desk: Desk;
  logs: string;
  windows: () => readonly BrowserWindow[];
  /** The window that has the keyboard. */
  focused: () => BrowserWindow | null;
  /** Where the guides are; null while no server has them. */
  guides: () => string | null;
  board: () => Promise<void>;
}>;

const ZOOM = { least: -3, most: 5 };

/** What the menu's items do. */
export function createMenuActs({ app, ask, desk, logs, windows, focused, guides, board }: Options): MenuActs {
  return {
    close: () => focused()?.close(),
    quit: () => app.quit(),
    board: () => void board(),
    reload: () => focused()?.webContents.reload(),
    zoom(step) {
      const zoom = step === 0 ? 0 : Math.max(ZOOM.least, Math.min(desk.get().zoom + step, ZOOM.most));
      desk.change({ zoom });
      for (const { webContents } of windows()) webContents.setZoomLevel(zoom);
    },
    fullScreen() {
      const window = focused();
      window?.setFullScreen(!window.isFullScreen());
    },
    documentation() {
      const address = guides();
      if (address) void shell.openExternal(address);
    },
    diagnostics: () => openLogs(logs),
    about() {
      const { electron, chrome, node } = process.versions;
      const facts = { version: app.getVersion(), electron: electron ?? '', chrome: chrome ?? '', node };
      void ask({ key: 'about', type: 'info', facts, buttons: ['ok'], window: focused() });
    },
  };
}

/** A question that offers the log folder, answered. */
export const logsIfAsked = (folder: string) => (answer: string) => answer === 'logs' && openLogs(folder);

/** There is no folder before the first line was written. */
function openLogs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  void shell.openPath(folder);
}
