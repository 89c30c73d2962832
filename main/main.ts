import { app, dialog, Menu, powerSaveBlocker, session } from 'electron';
import type { Download } from '../contract/client.ts';
import { API_PREFIX } from '../contract/http.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { createClinic } from './clinic.ts';
import { clinicFolder, keyOf, runningServer } from './clinic-folder.ts';
import { bytesOf, mayStayInPage, saveDownload } from './downloads.ts';
import { guardPages, guardSession } from './guards.ts';
import { openIpc, type Push } from './ipc.ts';
import { createKeychain } from './keychain.ts';
import { placesOf } from './places.ts';
import { createPrinter } from './printing.ts';
import { declareScheme, serveScreens } from './protocol.ts';
import { runServer } from './server-process.ts';
import { createTray } from './tray.ts';
import { createWindows } from './windows.ts';
import { createWorkstation } from './workstation/workstation.ts';

/** Hosts that a link may open in the browser: the product has no pages outside yet. */
const OUTSIDE: readonly string[] = [];

const now = () => Date.now();
const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

// Before the app is ready, and never awaited here: Electron is not ready until this file has been read to its end.
declareScheme();
app.enableSandbox();
if (!app.requestSingleInstanceLock()) app.quit();
else begin();

function begin(): void {
  try {
    start(readArguments(process.argv));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    app.exit(2);
  }
}

/** The desktop, wired by hand. */
function start({ data, demo, port, server }: Arguments): void {
  const places = placesOf(app);
  const tools = !app.isPackaged;
  const folder = clinicFolder(data, demo);
  const keychain = createKeychain();
  let push: Push = () => undefined;
  let quitting = false;
  let closed = false;

  const workstation = createWorkstation({
    fetch: (url, init) => fetch(url, init),
    tell: (event, payload) => push(event, payload),
    now,
    after,
  });
  const clinic = createClinic({
    find: async () => {
      const there = server ?? runningServer(folder);
      return there && (server || (await answers(there))) ? there : null;
    },
    run: async () => {
      const key = await keyOf(folder, demo, keychain);
      return runServer({ node: places.node, script: places.server, folder, demo, port, key, log, after });
    },
    tell: workstation.serverAt,
    now,
    after,
  });
  const windows = createWindows({
    preload: places.preload,
    tools,
    stays: () => clinic.isOurs() && !quitting,
    after,
  });
  const log = places.log();

  guardPages(app, { outside: OUTSIDE, open: windows.open, tools });
  app.on('second-instance', () => windows.show());
  app.on('activate', () => windows.show());
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', () => {
    quitting = true;
  });
  // The windows are gone; the server ends what it has begun, and only then is this program over.
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    workstation.close();
    void clinic.close().finally(() => {
      closed = true;
      app.exit(0);
    });
  });

  void app.whenReady().then(async () => {
    guardSession(session.defaultSession, { tools });
    const printer = createPrinter({ offer: serveScreens(places.screens), after });
    Menu.setApplicationMenu(applicationMenu());
    push = openIpc({
      windows: windows.all,
      call: async (name, operation, input, options) => {
        if (name === 'printing.print')
          return printer.print(input['pdf'] as Uint8Array, input['printer'] as string | null);
        if (name === 'printing.printers') return printer.printers();
        const answer = await workstation.call(name, operation, input, options);
        if (operation.kind !== 'download') return answer;
        const download = answer as Download;
        return mayStayInPage(operation, options) ? bytesOf(download) : saveDownload(download, windows.main());
      },
    });
    if (!(await opened(clinic.open))) return app.quit();
    if (clinic.isOurs()) {
      createTray(app, windows.show);
      // The clinic's other desks need this computer awake; its screen may go dark.
      powerSaveBlocker.start('prevent-app-suspension');
    }
    windows.show();
  });
}

/** Opens the clinic, for as long as somebody wants to try; false when they do not. */
async function opened(open: () => Promise<void>): Promise<boolean> {
  for (;;) {
    try {
      await open();
      return true;
    } catch (error) {
      const { response } = await dialog.showMessageBox({
        type: 'error',
        title: 'Medlane',
        message: 'The clinic could not be opened.',
        detail: (error as Error).message,
        buttons: ['Try again', 'Quit'],
        cancelId: 1,
      });
      if (response !== 0) return false;
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(`${url}${API_PREFIX}/health`, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}

/** On a Mac the menu carries the keys for copy, paste and quit; elsewhere it would only offer what is not ours. */
const applicationMenu = (): Menu | null =>
  process.platform === 'darwin'
    ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
    : null;
