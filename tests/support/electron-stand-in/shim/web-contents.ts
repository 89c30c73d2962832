/** `webContents`: one page, its navigation, its messages. */
import { pathToFileURL } from 'node:url';
import type { WebPreferences } from 'electron';
import type { Protocol } from '../cdp.ts';
import type { FromPage } from '../page-world/messages.ts';
import { app } from './app.ts';
import { forwardPageEvents } from './contents-events.ts';
import { receiveIpc } from './contents-messages.ts';
import { ContentsPage, type PageSize } from './contents-page.ts';
import { createEvent, destroy } from './events.ts';
import { IpcMain } from './ipc-main.ts';
import { loadError } from './net-errors.ts';
import type { PageHost } from './page-host.ts';
import { toAppUrl, toPageUrl } from './schemes.ts';
import { askPermissions, defaultSession, forgetPermissions } from './session.ts';
import { WebFrameMain } from './web-frame.ts';

export interface OpenDetails {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
  readonly disposition: string;
  readonly referrer: { url: string; policy: string };
}

interface OpenVerdict {
  readonly action: 'allow' | 'deny';
  readonly overrideBrowserWindowOptions?: object;
}

type OpenHandler = (details: OpenDetails) => OpenVerdict;

const all = new Map<number, WebContents>();
let lastId = 0;
let focused: WebContents | undefined;

export class WebContents extends ContentsPage {
  readonly id = ++lastId;
  readonly ipc = new IpcMain();
  readonly session = defaultSession;
  readonly mainFrame: WebFrameMain;
  /** Where `window.open` leads when the app allows it; set by BrowserWindow, which knows how to make one. */
  openWindow: (options: object, details: OpenDetails) => void = () => undefined;
  #wanted = '';
  #title = '';
  #loading = false;
  #destroyed = false;
  #crashed = false;
  #openHandler: OpenHandler | undefined;

  constructor(preferences: WebPreferences, size: PageSize) {
    refuseUnsafe(preferences);
    super(preferences, size);
    this.mainFrame = new WebFrameMain(this);
    all.set(this.id, this);
    takeFocus(this);
    app.emit('web-contents-created', createEvent({}), this);
  }

  async loadURL(url: string, options: { httpReferrer?: string | { url: string } } = {}): Promise<void> {
    const page = await this.opened;
    this.#wanted = new URL(url).href;
    askPermissions(this, this.#wanted);
    this.#startLoading();
    const referrer = typeof options.httpReferrer === 'object' ? options.httpReferrer.url : options.httpReferrer;
    const { errorText, loaderId } = await page.navigate(toPageUrl(url), referrer && toPageUrl(referrer));
    if (errorText) {
      this.#loading = false;
      const error = loadError(errorText, url);
      this.emit('did-fail-load', createEvent({}), error.errno, error.code, url, true);
      this.emit('did-stop-loading', createEvent({}));
      throw error;
    }
    // Without a loader it was a move within the document.
    if (loaderId !== undefined) await page.documentLoaded(loaderId);
  }

  loadFile(file: string, options: { query?: Record<string, string>; hash?: string } = {}): Promise<void> {
    const url = pathToFileURL(file);
    url.search = new URLSearchParams(options.query).toString();
    url.hash = options.hash ?? '';
    return this.loadURL(url.href);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getURL(): string {
    return this.page?.url || this.#wanted;
  }

  getTitle(): string {
    return this.#title;
  }

  isLoading(): boolean {
    return this.#loading;
  }

  isLoadingMainFrame(): boolean {
    return this.#loading;
  }

  isCrashed(): boolean {
    return this.#crashed;
  }

  isFocused(): boolean {
    return focused === this;
  }

  focus(): void {
    takeFocus(this);
    this.emit('focus');
  }

  getProcessId(): number {
    return this.id;
  }

  /** The navigation events; false when a listener prevented it. */
  async mayNavigate(paused: Protocol.Fetch.requestPausedPayload, url: string): Promise<boolean> {
    const isMainFrame = this.isMainFrame(paused.frameId);
    const redirected = paused.redirectedRequestId !== undefined;
    if (isMainFrame && !redirected && !(await this.page?.askedFor(paused.request.url))) return true;
    return this.#askNavigation(redirected ? 'will-redirect' : 'will-navigate', url, isMainFrame);
  }

  #askNavigation(name: 'will-redirect' | 'will-navigate', url: string, isMainFrame: boolean): boolean {
    const frame = isMainFrame ? this.mainFrame : null;
    const event = createEvent({
      url,
      isMainFrame,
      isSameDocument: false,
      frame,
      initiator: this.mainFrame,
      sender: this,
    });
    if (name === 'will-navigate') this.emit('will-frame-navigate', event);
    if (name === 'will-redirect' || isMainFrame) this.emit(name, event, url, false, isMainFrame, this.id, 1);
    return !event.defaultPrevented;
  }

  #askOpen(request: Omit<OpenDetails, 'referrer'>): void {
    const { frameName, features, disposition } = request;
    const referrer = { url: this.getURL(), policy: 'strict-origin-when-cross-origin' };
    const details = { url: toAppUrl(request.url), frameName, features, disposition, referrer };
    const verdict = this.#openHandler?.(details) ?? { action: 'allow' };
    if (verdict.action === 'allow') this.openWindow(verdict.overrideBrowserWindowOptions ?? {}, details);
  }

  protected override adopt(page: PageHost): void {
    page.on('navigated', (url) => {
      this.#crashed = false;
      askPermissions(this, url);
      this.#startLoading();
    });
    page.on('loaded', () => {
      this.#loading = false;
    });
    page.on('crashed', () => {
      this.#crashed = true;
    });
    page.on('message', (message) => this.#receive(page, message));
    // Addresses that never become a request Chromium could hold: `mailto:`, `data:`, `file:`.
    page.on('requested', (url) => {
      if (!/^https?:/.test(url) && !this.#askNavigation('will-navigate', url, true)) this.stop();
    });
    // A form with target=_blank: Chromium opened a window by itself, which the engine closes.
    page.on('windowOpened', ({ url, windowName, windowFeatures }) =>
      this.#askOpen({ url, frameName: windowName, features: windowFeatures.join(), disposition: 'other' }),
    );
    forwardPageEvents(this, this.mainFrame, page);
    page.once('closed', () => this.#finish());
  }

  #receive(page: PageHost, message: FromPage): void {
    if (message.kind === 'open') this.#askOpen(message.request);
    else if (message.kind === 'title') this.#takeTitle(message.title);
    else if (message.kind === 'preload-error') {
      const error = Object.assign(new Error(message.message), { name: message.name, stack: message.stack });
      this.emit('preload-error', createEvent({}), this.preferences.preload, error);
    } else receiveIpc(this, message, (reply) => page.deliver(reply));
  }

  #takeTitle(title: string): void {
    if (title === this.#title) return;
    this.#title = title;
    this.emit('page-title-updated', createEvent({ sender: this }), title, true);
  }

  #finish(): void {
    this.#destroyed = true;
    all.delete(this.id);
    if (focused === this) focused = undefined;
    forgetPermissions(this);
    this.emit('destroyed');
    destroy(this, ['isDestroyed']);
  }

  #startLoading(): void {
    if (this.#loading) return;
    this.#loading = true;
    this.emit('did-start-loading', createEvent({}));
  }
}

/** The functions of `webContents` as a module. */
export const webContents = {
  getAllWebContents: () => [...all.values()],
  getFocusedWebContents: () => focused ?? null,
  fromId: (id: number) => all.get(id),
  fromFrame: (frame: WebFrameMain) => [...all.values()].find((contents) => contents.mainFrame === frame),
  fromDevToolsTargetId: (targetId: string) => [...all.values()].find((contents) => contents.targetId === targetId),
};

function takeFocus(contents: WebContents): void {
  focused = contents;
}

function refuseUnsafe({ nodeIntegration, contextIsolation, sandbox, webSecurity }: WebPreferences): void {
  if (!nodeIntegration && contextIsolation !== false && sandbox !== false && webSecurity !== false) return;
  throw new Error('The electron stand-in shows sandboxed, isolated windows only');
}
