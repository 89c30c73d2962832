import { hostname } from 'node:os';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, Menu, powerMonitor, powerSaveBlocker, session } from 'electron';
import type { CallOptions, Download } from '../contract/client.ts';
import { ApiError } from '../contract/kit.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { createAwake } from './awake.ts';
import { createBoardChoice } from './board-choice.ts';
import { LINK_SCHEME, linkAmong, placeOfLink } from './deep-link.ts';
import { openDesk } from './desk.ts';
import { createDeskWork } from './desk-work.ts';
import { bytesOf, createDownloads, mayStayInPage } from './downloads.ts';
import { catchFaults } from './faults.ts';
import { guardPages, guardSession } from './guards.ts';
import { createHost } from './host.ts';
import { watchIdle } from './idle.ts';
import { openIpc, type Push } from './ipc.ts';
import { createKeychain } from './keychain.ts';
import { createKiosk } from './kiosk.ts';
import { createLog, whereOf } from './log.ts';
import { startAtLogin } from './login-item.ts';
import { createMembership } from './membership.ts';
import { menuTemplate } from './menu.ts';
import { createMenuActs, logsIfAsked } from './menu-acts.ts';
import { placesOf } from './places.ts';
import { createPrinter } from './printing.ts';
import { declareScheme, serveScreens } from './protocol.ts';
import { createQuestions } from './questions.ts';
import { guardQuit, mayQuit } from './quitting.ts';
import { createRecovery } from './recovery.ts';
import { createTexts } from './texts.ts';
import { createTray, type DeskTray } from './tray.ts';
import { troublePage } from './trouble-page.ts';
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
function start(asked: Arguments): void {
  const places = placesOf(app);
  const tools = !app.isPackaged;
  const desk = openDesk(places.desk);
  const texts = createTexts(places.translations, desk.get().language, Intl.DateTimeFormat().resolvedOptions().locale);
  const ask = createQuestions(texts);
  const showLogs = logsIfAsked(places.logs);
  const log = createLog(places.log('desktop'), now);
  const awake = createAwake(powerSaveBlocker);
  let push: Push = () => undefined;
  let tray: DeskTray | null = null;
  let closed = false;

  const faultShown = () => void ask({ key: 'fault', type: 'error', buttons: ['logs', 'ok'] }).then(showLogs);
  catchFaults({ process, log, now, show: faultShown });

  const keychains = {
    desk: createKeychain('desk-secret', { after }),
    clinic: createKeychain('clinic-master', { after }),
  };
  // Whoever asks a keychain that does not answer cannot end. All that had to be closed is closed by then.
  process.once('exit', () => {
    if (Object.values(keychains).some(({ isAsked }) => isAsked())) process.kill(process.pid, 'SIGKILL');
  });

  // The clinic's server, and this desk on it
  const membership = createMembership({
    file: places.identity,
    keychain: keychains.desk,
    appVersion: app.getVersion(),
    unsent: () => workstation.unsent(),
    joined: ({ stationCode, deviceId }, keyOf) =>
      workstation.pair({ station: stationCode, folder: places.memory(deviceId), keyOf }),
    serverAt: (url) => host.join(url),
    now,
    after,
  });
  const workstation = createWorkstation({
    ...membership,
    name: hostname(),
    appVersion: app.getVersion(),
    paper: async () => (await import('../paper/paper.ts')).createPaper(pathToFileURL(`${places.resources}/`)),
    fault: (error) => log('desk.fault', whereOf(error)),
    tell: (event, payload) => push(event, payload),
    now,
    after,
  });
  const host = createHost({
    asked,
    places,
    keychain: keychains.clinic,
    log,
    changed({ url, isOurs }) {
      workstation.serverAt(url());
      // The clinic's other desks need this computer awake; its screen may go dark.
      awake.keep('computer', isOurs());
      describe();
    },
    stuck: (detail) => void ask({ key: 'serverStuck', type: 'error', detail, buttons: ['logs', 'ok'] }).then(showLogs),
    now,
    after,
  });

  // What is on the screen
  const kiosk = createKiosk({
    windows: () => windows,
    desk,
    awake,
    startAtLogin: (on) => startAtLogin({ app, platform: process.platform, env: process.env }, on),
    changed: describe,
  });
  const recover = createRecovery({
    log,
    now,
    after,
    alone: kiosk.isOn,
    tellBack: (window) => void ask({ key: 'pageBack', type: 'warning', buttons: ['ok'], window }),
    askToEnd: async (window, signal) =>
      (await ask({ key: 'pageSilent', buttons: ['reload', 'wait'], window, signal })) === 'reload',
  });
  const windows = createWindows({
    preload: places.preload,
    tools,
    stays: () => host.isOurs() && !quitting.decided(),
    asks: () => kiosk.isOn() && !quitting.decided(),
    quit: () => app.quit(),
    desk,
    dress(window, isMain) {
      recover(window);
      if (isMain) kiosk.dress(window);
      window.on('session-end', () => quitting.decide());
    },
    after,
  });
  const act = createMenuActs({
    app,
    ask,
    desk,
    logs: places.logs,
    windows: windows.all,
    focused: () => BrowserWindow.getFocusedWindow() ?? windows.main(),
    guides: host.guides,
    board: createBoardChoice({ ask, t: texts.t, kiosk, call: workstation.call, window: windows.main }),
  });
  const quitting = guardQuit({ app, may: () => mayQuit({ ask, t: texts.t, host, kiosk, windows }) });

  /** Puts the menu and the tray in today's words and state. */
  function describe(): void {
    tray?.tell(host.url() !== null);
    if (!app.isReady()) return;
    const mac = process.platform === 'darwin';
    const template = menuTemplate({ t: texts.t, mac, kiosk: kiosk.isOn(), guides: host.guides() !== null, act });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  function openLink(link: string | null): void {
    const place = link === null || kiosk.isOn() ? null : placeOfLink(link);
    // Never what it said: whoever wrote it may have put anything there.
    if (link !== null && place === null) log('link.refused');
    windows.show(place ?? undefined);
  }

  guardPages(app, { outside: OUTSIDE, open: (url) => kiosk.isOn() || windows.open(url), tools });
  // Somebody may start it again while it starts: a window can be made only when the app is ready.
  const openSoon = (link: string | null) => void app.whenReady().then(() => openLink(link));
  app.on('second-instance', (_event, argv) => openSoon(linkAmong(argv)));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openSoon(url);
  });
  app.on('activate', () => windows.show());
  app.on('window-all-closed', () => app.quit());
  // The windows are gone; the server ends what it has begun, and only then is this program over.
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    workstation.close();
    void Promise.all([host.close(), membership.close()]).finally(() => {
      closed = true;
      app.exit(0);
    });
  });

  void app.whenReady().then(async () => {
    guardSession(session.defaultSession, { tools });
    const offer = serveScreens(places.screens, () => troublePage(texts));
    const printer = createPrinter({ offer, after });
    const downloads = createDownloads({ window: windows.main, tell: (event, payload) => push(event, payload) });
    describe();
    if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
    powerMonitor.on('shutdown', quitting.decide);
    const idle = watchIdle({
      monitor: powerMonitor,
      after,
      lock: (reason) => kiosk.isOn() || push('lock', { reason }),
    });
    push = openIpc({
      windows: windows.all,
      call: async (name, operation, input, options) => {
        if (name === 'printing.print')
          return printer.print(input['pdf'] as Uint8Array, input['printer'] as string | null);
        if (name === 'printing.printers') return printer.printers();
        if (operation.kind !== 'download') return workstation.call(name, operation, input, options);
        const { callId, ...rest } = options;
        const download = (watch: CallOptions) =>
          workstation.call(name, operation, input, { ...rest, ...watch }) as Promise<Download>;
        return mayStayInPage(operation, options) ? bytesOf(await download({})) : downloads.save(callId, download);
      },
      desktop: {
        'desktop.language': ({ language }) => {
          if (!texts.use(language)) throw new ApiError('not_found');
          desk.change({ language });
          describe();
          return null;
        },
        'desktop.link': workstation.link,
        ...membership.handlers,
        ...createDeskWork({ work: workstation.work, save: (download) => downloads.save(undefined, download) }),
        'desktop.idle': ({ minutes }) => {
          idle.afterMinutes(minutes);
          return null;
        },
        'desktop.stop': (input) => {
          downloads.stop(input);
          return null;
        },
      },
    });
    const again = async (detail: string) =>
      (await ask({ key: 'cannotOpen', type: 'error', detail, buttons: ['again', 'quit'] })) === 'again';
    // A desk of a clinic elsewhere hosts none of its own.
    const elsewhere = !asked.server && !asked.demo && membership.open();
    if (!elsewhere && !(await host.open(again))) return app.quit();
    if (host.isOurs()) tray = createTray({ texts, show: () => windows.show(), quit: () => app.quit() });
    const board = asked.kiosk === undefined ? desk.get().kiosk : { boardId: asked.kiosk || null };
    if (board) kiosk.begin(board.boardId);
    else openLink(asked.link);
    describe();
  });
}
