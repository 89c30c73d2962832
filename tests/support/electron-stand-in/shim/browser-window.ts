/** `BrowserWindow`: a page with the life of a window. */
import type { BrowserWindowConstructorOptions, PrintToPDFOptions } from 'electron';
import { forget } from '../cdp.ts';
import { app, windowClosed } from './app.ts';
import { allows, createEvent, destroy } from './events.ts';
import { lifecycle, requireReady } from './lifecycle.ts';
import type { NativeImage } from './native-image.ts';
import { setContentSize } from './page-host.ts';
import { WebContents } from './web-contents.ts';
import { type Rectangle, WindowState } from './window-state.ts';

/** A page that does not answer must not keep the app from quitting. */
const UNLOAD_TIMEOUT_MS = 3000;

const windows = new Map<number, BrowserWindow>();
let lastId = 0;
let focused: BrowserWindow | undefined;

export class BrowserWindow extends WindowState {
  readonly id = ++lastId;
  readonly #contents: WebContents;
  readonly #parent: BrowserWindow | null;
  #destroyed = false;
  #closing: Promise<boolean> | undefined;
  #waiting: ((closed: boolean) => void)[] = [];

  constructor(options: BrowserWindowConstructorOptions = {}) {
    requireReady('create BrowserWindow');
    super();
    const { x = 0, y = 0, width = 800, height = 600, title = app.name, show = true } = options;
    this.bounds = { x, y, width, height };
    this.title = title;
    this.minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.#parent = (options.parent as unknown as BrowserWindow | undefined) ?? null;
    for (const [key, value] of Object.entries(options)) {
      const flag = key.charAt(0).toUpperCase() + key.slice(1);
      if (typeof value === 'boolean' && this.flags.has(flag)) this.flags.set(flag, value);
    }
    this.fullScreen = options.fullscreen ?? false;
    this.setKiosk(options.kiosk ?? false);
    this.#contents = new WebContents(options.webPreferences ?? {}, { width, height });
    windows.set(this.id, this);
    lifecycle.windows.add(this);
    this.#listen();
    if (show) this.show();
    app.emit('browser-window-created', createEvent({}), this);
  }

  get webContents(): WebContents {
    return this.#contents;
  }

  loadURL(url: string, options?: object): Promise<void> {
    return this.#contents.loadURL(url, options);
  }

  loadFile(file: string, options?: object): Promise<void> {
    return this.#contents.loadFile(file, options);
  }

  reload(): void {
    this.#contents.reload();
  }

  capturePage(): Promise<NativeImage> {
    return this.#contents.capturePage();
  }

  printToPDF(options?: PrintToPDFOptions): Promise<Buffer> {
    return this.#contents.printToPDF(options);
  }

  close(): void {
    void this.tryClose();
  }

  /** The same, with an answer: `app.quit` waits for it and gives up when a window stays. */
  tryClose(): Promise<boolean> {
    if (this.#destroyed) return Promise.resolve(true);
    if (this.#closing) return this.#closing;
    if (!allows(this, 'close')) return Promise.resolve(false);
    this.#closing = new Promise<boolean>((resolve) => this.#waiting.push(resolve));
    this.#contents.askPageToClose();
    setTimeout(() => this.destroy(), UNLOAD_TIMEOUT_MS).unref();
    return this.#closing;
  }

  destroy(): void {
    if (!this.#destroyed) this.#contents.closePage();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.shown) return;
    this.shown = true;
    this.emit('show', createEvent({}));
  }

  hide(): void {
    if (!this.shown) return;
    this.shown = false;
    this.blur();
    this.emit('hide', createEvent({}));
  }

  focus(): void {
    if (focused === this) return;
    focused?.blur();
    takeFocus(this);
    this.#contents.focus();
    this.emit('focus', createEvent({}));
    app.emit('browser-window-focus', createEvent({}), this);
  }

  blur(): void {
    if (focused !== this) return;
    focused = undefined;
    this.emit('blur', createEvent({}));
    app.emit('browser-window-blur', createEvent({}), this);
  }

  isFocused(): boolean {
    return focused === this;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds };
    const { width, height } = this.bounds;
    const { targetId } = this.#contents;
    if (targetId !== undefined) forget(setContentSize(targetId, width, height));
    if (bounds.width !== undefined || bounds.height !== undefined) this.emit('resize', createEvent({}));
    if (bounds.x !== undefined || bounds.y !== undefined) this.emit('move', createEvent({}));
  }

  setContentBounds(bounds: Rectangle): void {
    this.setBounds(bounds);
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  setContentSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  center(): void {}

  getParentWindow(): BrowserWindow | null {
    return this.#parent;
  }

  getChildWindows(): BrowserWindow[] {
    return [...windows.values()].filter((window) => window.#parent === this);
  }

  isModal(): boolean {
    return false;
  }

  getNativeWindowHandle(): Buffer {
    return Buffer.alloc(8);
  }

  getMediaSourceId(): string {
    return `window:${this.id}:0`;
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows.values()].find((window) => window.#contents === contents) ?? null;
  }

  #listen(): void {
    const contents = this.#contents;
    contents.once('stand-in-presentable', () => this.emit('ready-to-show', createEvent({})));
    contents.on('page-title-updated', (_event, title: string, explicit: boolean) => {
      if (allows(this, 'page-title-updated', title, explicit)) this.title = title;
    });
    contents.once('destroyed', () => this.#finish());
    contents.openWindow = (options, details) => {
      const child = new BrowserWindow(options);
      void child.loadURL(details.url);
      contents.emit('did-create-window', child, details);
    };
  }

  #finish(): void {
    this.#destroyed = true;
    this.blur();
    windows.delete(this.id);
    lifecycle.windows.delete(this);
    this.emit('closed');
    for (const resolve of this.#waiting) resolve(true);
    destroy(this, ['isDestroyed', 'tryClose', 'destroy']);
    windowClosed();
  }
}

function takeFocus(window: BrowserWindow): void {
  focused = window;
}
