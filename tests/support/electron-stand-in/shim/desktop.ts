/** `dialog`, `shell`, `clipboard`, `Notification`: nobody is there to answer, so each answers as if cancelled. */
import { EventEmitter } from 'node:events';
import type { MessageBoxOptions } from 'electron';
import { note } from './journal.ts';
import type { NativeImage } from './native-image.ts';
import { nativeImage } from './native-image.ts';
import { addSilentMethods } from './stubs.ts';

/** Dialogs take a window first, or not. */
function optionsOf<Options>(args: readonly unknown[]): Options {
  return (args.length > 1 ? args[1] : args[0]) as Options;
}

function answerMessage(name: string, args: readonly unknown[]): { response: number; checkboxChecked: boolean } {
  const options = optionsOf<MessageBoxOptions>(args);
  note(name, options);
  return { response: options.cancelId ?? 0, checkboxChecked: options.checkboxChecked ?? false };
}

export const dialog = {
  showMessageBox: async (...args: unknown[]) => answerMessage('dialog.showMessageBox', args),
  showMessageBoxSync: (...args: unknown[]) => answerMessage('dialog.showMessageBoxSync', args).response,
  showOpenDialog: async (...args: unknown[]) => {
    note('dialog.showOpenDialog', optionsOf(args));
    return { canceled: true, filePaths: [] as string[] };
  },
  showOpenDialogSync: (...args: unknown[]) => note('dialog.showOpenDialogSync', optionsOf(args)),
  showSaveDialog: async (...args: unknown[]) => {
    note('dialog.showSaveDialog', optionsOf(args));
    return { canceled: true, filePath: '' };
  },
  showSaveDialogSync: (...args: unknown[]) => {
    note('dialog.showSaveDialogSync', optionsOf(args));
    return '';
  },
  showErrorBox: (title: string, content: string) => {
    note('dialog.showErrorBox', title, content);
    process.stderr.write(`${title}\n${content}\n`);
  },
  showCertificateTrustDialog: async () => undefined,
};

export const shell = {
  openExternal: async (url: string) => note('shell.openExternal', url),
  openPath: async (path: string) => {
    note('shell.openPath', path);
    return '';
  },
  showItemInFolder: (path: string) => note('shell.showItemInFolder', path),
  trashItem: async (path: string) => note('shell.trashItem', path),
  beep: () => note('shell.beep'),
};

const pasteboard = { text: '', html: '', image: nativeImage.createEmpty() };

/** Its own, not the system's and not the page's. */
export const clipboard = {
  readText: () => pasteboard.text,
  writeText: (text: string) => void Object.assign(pasteboard, { text }),
  readHTML: () => pasteboard.html,
  writeHTML: (html: string) => void Object.assign(pasteboard, { html }),
  readImage: () => pasteboard.image,
  writeImage: (image: NativeImage) => void Object.assign(pasteboard, { image }),
  write: (data: object) => void Object.assign(pasteboard, data),
  clear: () => void Object.assign(pasteboard, { text: '', html: '', image: nativeImage.createEmpty() }),
  availableFormats: () => (pasteboard.text === '' ? [] : ['text/plain']),
};

export class Notification extends EventEmitter {
  title: string;
  body: string;

  constructor({ title = '', body = '' }: { title?: string; body?: string } = {}) {
    super();
    this.title = title;
    this.body = body;
  }

  show(): void {
    note('Notification.show', this.title, this.body);
    setImmediate(() => this.emit('show', {}));
  }

  close(): void {
    this.emit('close', {});
  }

  static isSupported(): boolean {
    return true;
  }
}

export const globalShortcut = {
  register: () => true,
  registerAll: () => undefined,
  isRegistered: () => false,
  unregister: () => undefined,
  unregisterAll: () => undefined,
};

class NativeTheme extends EventEmitter {
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;
  readonly prefersReducedTransparency = false;
  #source: 'system' | 'light' | 'dark' = 'system';

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}

export const nativeTheme = new NativeTheme();

class PowerMonitor extends EventEmitter {
  readonly onBatteryPower = false;

  getSystemIdleState(): string {
    return 'active';
  }

  getSystemIdleTime(): number {
    return 0;
  }

  getCurrentThermalState(): string {
    return 'unknown';
  }

  isOnBatteryPower(): boolean {
    return false;
  }
}

export const powerMonitor = new PowerMonitor();

const blockers = new Set<number>();
let lastBlocker = 0;

export const powerSaveBlocker = {
  start: (_type: string) => {
    blockers.add(++lastBlocker);
    return lastBlocker;
  },
  stop: (id: number) => blockers.delete(id),
  isStarted: (id: number) => blockers.has(id),
};

class Screen extends EventEmitter {
  getPrimaryDisplay() {
    const area = { x: 0, y: 0, width: 1920, height: 1080 };
    const size = { width: area.width, height: area.height };
    const looks = { scaleFactor: 1, rotation: 0, internal: false, label: 'stand-in', touchSupport: 'unknown' };
    return { id: 1, bounds: area, workArea: area, size, workAreaSize: size, ...looks };
  }

  getAllDisplays() {
    return [this.getPrimaryDisplay()];
  }

  getDisplayNearestPoint() {
    return this.getPrimaryDisplay();
  }

  getDisplayMatching() {
    return this.getPrimaryDisplay();
  }

  getCursorScreenPoint() {
    return { x: 0, y: 0 };
  }
}

export const screen = new Screen();

class SystemPreferences extends EventEmitter {
  getMediaAccessStatus(): string {
    return 'granted';
  }
}

addSilentMethods(SystemPreferences.prototype, ['getUserDefault', 'setUserDefault', 'subscribeNotification']);

export const systemPreferences = new SystemPreferences();

export const crashReporter = {
  start: () => undefined,
  getUploadedReports: () => [],
  getLastCrashReport: () => null,
  addExtraParameter: () => undefined,
};
