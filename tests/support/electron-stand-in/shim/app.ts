/** `app`: the life-cycle from start to quit, the paths, and facts about the app. */
import { EventEmitter } from 'node:events';
import type { AppInfo, Paths } from './app-info.ts';
import { allows, createEvent } from './events.ts';
import { lifecycle, requireNotReady } from './lifecycle.ts';
import { createSingleInstance, type SingleInstance } from './single-instance.ts';
import { addSilentMethods } from './stubs.ts';

interface AppSetup {
  readonly info: AppInfo;
  readonly paths: (appName: () => string) => Paths;
  readonly switches: Map<string, string>;
}

const ready = Promise.withResolvers<void>();
const protocolClients = new Set<string>();
let setup: { info: AppInfo; paths: Paths; switches: Map<string, string> };
let singleInstance: SingleInstance;
let loginItem: object = {};

// `whenReady`, `isReady` and `emit` stay plain methods: Playwright's loader replaces them on the instance.
class App extends EventEmitter {
  name = 'Electron';
  badgeCount = 0;
  applicationMenu: unknown = null;
  accessibilitySupportEnabled = false;
  userAgentFallback = '';
  readonly isPackaged = process.env.ELECTRON_FORCE_IS_PACKAGED === 'true';
  readonly runningUnderARM64Translation = false;
  readonly commandLine = {
    appendSwitch: (key: string, value = '') => void setup.switches.set(key, value),
    appendArgument: (_value: string) => undefined,
    hasSwitch: (key: string) => setup.switches.has(key),
    getSwitchValue: (key: string) => setup.switches.get(key) ?? '',
    removeSwitch: (key: string) => void setup.switches.delete(key),
  };

  whenReady(): Promise<unknown> {
    return ready.promise;
  }

  isReady(): boolean {
    return lifecycle.ready;
  }

  quit(): void {
    if (lifecycle.quitting || !allows(this, 'before-quit')) return;
    lifecycle.quitting = true;
    void this.#finishQuit();
  }

  async #finishQuit(): Promise<void> {
    for (const window of lifecycle.windows) {
      if (await window.tryClose()) continue;
      lifecycle.quitting = false;
      return;
    }
    if (!allows(this, 'will-quit')) {
      lifecycle.quitting = false;
      return;
    }
    this.exit(0);
  }

  exit(code = 0): void {
    lifecycle.quitting = true;
    this.emit('quit', createEvent({}), code);
    void lifecycle.shutDown(code);
  }

  requestSingleInstanceLock(additionalData?: object): boolean {
    return singleInstance.request(additionalData ?? null);
  }

  hasSingleInstanceLock(): boolean {
    return singleInstance.held();
  }

  releaseSingleInstanceLock(): void {
    singleInstance.release();
  }

  getPath(name: string): string {
    return setup.paths.get(name);
  }

  setPath(name: string, path: string): void {
    setup.paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    if (path !== undefined) setup.paths.set('logs', path);
  }

  getAppPath(): string {
    return setup.info.appPath;
  }

  getVersion(): string {
    return setup.info.version;
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getLocale(): string {
    return this.commandLine.getSwitchValue('lang') || this.getSystemLocale();
  }

  getSystemLocale(): string {
    return Intl.DateTimeFormat().resolvedOptions().locale;
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getSystemLocale()];
  }

  getLocaleCountryCode(): string {
    return new Intl.Locale(this.getSystemLocale()).region ?? '';
  }

  setAsDefaultProtocolClient(scheme: string): boolean {
    protocolClients.add(scheme);
    return true;
  }

  removeAsDefaultProtocolClient(scheme: string): boolean {
    return protocolClients.delete(scheme);
  }

  isDefaultProtocolClient(scheme: string): boolean {
    return protocolClients.has(scheme);
  }

  enableSandbox(): void {
    requireNotReady('app.enableSandbox()');
  }

  disableHardwareAcceleration(): void {
    requireNotReady('app.disableHardwareAcceleration()');
  }

  setLoginItemSettings(settings: object): void {
    loginItem = { ...settings };
  }

  getLoginItemSettings(): object {
    return { openAtLogin: false, openAsHidden: false, wasOpenedAtLogin: false, ...loginItem };
  }

  setBadgeCount(count = 0): boolean {
    this.badgeCount = count;
    return true;
  }

  getBadgeCount(): number {
    return this.badgeCount;
  }

  getAppMetrics(): object[] {
    return [{ pid: process.pid, type: 'Browser', cpu: process.cpuUsage(), memory: process.memoryUsage() }];
  }

  getGPUFeatureStatus(): object {
    return {};
  }

  isHardwareAccelerationEnabled(): boolean {
    return false;
  }

  isAccessibilitySupportEnabled(): boolean {
    return this.accessibilitySupportEnabled;
  }
}

addSilentMethods(App.prototype, [
  'addRecentDocument',
  'clearRecentDocuments',
  'configureHostResolver',
  'focus',
  'hide',
  'relaunch',
  'setAboutPanelOptions',
  'setAccessibilitySupportEnabled',
  'setAppUserModelId',
  'setDesktopName',
  'setJumpList',
  'setUserTasks',
  'show',
  'showAboutPanel',
]);

export const app = new App();

/** Called by the host before the app's main file runs. */
export function configureApp({ info, paths, switches }: AppSetup): void {
  setup = { info, paths: paths(() => app.name), switches };
  app.name = info.name;
  singleInstance = createSingleInstance(
    () => app.getPath('userData'),
    ({ argv, workingDirectory, additionalData }) => {
      const event = createEvent({});
      void ready.promise.then(() => app.emit('second-instance', event, argv, workingDirectory, additionalData));
    },
  );
}

/** Called by the host once Chromium runs. */
export function becomeReady(): void {
  lifecycle.ready = true;
  app.emit('will-finish-launching');
  // Emitted first: Playwright's loader keeps the event's arguments, and sends them on when its own promise settles.
  app.emit('ready', createEvent({}), {});
  ready.resolve();
}

/** Called when a window has gone; Electron quits after the last one unless the app says otherwise. */
export function windowClosed(): void {
  if (lifecycle.windows.size > 0 || lifecycle.quitting) return;
  if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
  else app.quit();
}
