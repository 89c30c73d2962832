/** The host's side of one page: its scripts, its messages, and the facts about its document. */
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { forget, type Protocol, type Session } from '../cdp.ts';
import { DELIVER, type FromPage, type ToPage } from '../page-world/messages.ts';
import { browserSession, openPage } from './engine.ts';
import { createPageScripts, type PreloadFile } from './page-scripts.ts';
import { toAppUrl } from './schemes.ts';

export const ISOLATED_WORLD = 'Electron Isolated Context';
const LATE_REPORT_MS = 20;

export interface PageOptions {
  readonly width: number;
  readonly height: number;
  readonly preload: PreloadFile | undefined;
  readonly additionalArguments: readonly string[];
}

interface PageHostEvents {
  message: [FromPage];
  navigated: [url: string];
  navigatedWithin: [url: string];
  loaded: [];
  domReady: [];
  painted: [];
  /** A navigation that the page itself asked for. */
  requested: [url: string];
  windowOpened: [Protocol.Page.windowOpenPayload];
  console: [Protocol.Runtime.consoleAPICalledPayload];
  crashed: [];
  closed: [];
}

export class PageHost extends EventEmitter<PageHostEvents> {
  readonly targetId: string;
  readonly session: Session;
  readonly mainFrameId: string;
  url = '';
  #frames: Set<string>;
  #expected = new Set<string>();
  #requested = new Set<string>();
  #isolatedContext: string | undefined;
  #loadedLoader: string | undefined;
  #failed = false;

  constructor(targetId: string, session: Session, mainFrameId: string) {
    super();
    this.targetId = targetId;
    this.session = session;
    this.mainFrameId = mainFrameId;
    this.#frames = new Set([mainFrameId]);
    this.#listen();
  }

  hasFrame(frameId: string): boolean {
    return this.#frames.has(frameId);
  }

  /** Without a preload's world there is nobody to hear it: Electron drops such a message too. */
  deliver(message: ToPage): void {
    if (this.#isolatedContext === undefined) return;
    const expression = `${DELIVER}(${JSON.stringify(message)})`;
    forget(this.session.send('Runtime.evaluate', { expression, uniqueContextId: this.#isolatedContext }));
  }

  /** Goes there on the app's behalf. */
  navigate(url: string, referrer: string | undefined): Promise<Protocol.Page.navigateReturnValue> {
    this.#expected.add(withoutHash(url));
    return this.session.send('Page.navigate', { url, ...(referrer !== undefined && { referrer }) });
  }

  /**
   * True when the page itself asked to go there: by a link, a form, a script. Not for `loadURL`, and not for the
   * navigation of a test, which Electron does not ask the app about either.
   */
  async askedFor(url: string): Promise<boolean> {
    const destination = withoutHash(url);
    if (this.#expected.delete(destination)) return false;
    if (this.#requested.delete(destination)) return true;
    // Chromium reports a page's wish before the request that follows from it; this is for the case that it does not.
    await wait(LATE_REPORT_MS);
    return this.#requested.delete(destination);
  }

  documentLoaded(loaderId: string): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        if (this.#loadedLoader !== loaderId) return;
        this.off('loaded', settle);
        resolve();
      };
      this.on('loaded', settle);
      settle();
    });
  }

  async evaluate(code: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.session.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  #listen(): void {
    const { session } = this;
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = (context.auxData ?? {}) as { frameId?: string };
      if (context.name === ISOLATED_WORLD && frameId === this.mainFrameId) this.#isolatedContext = context.uniqueId;
    });
    session.on('Runtime.executionContextsCleared', () => {
      this.#isolatedContext = undefined;
    });
    session.on('Runtime.bindingCalled', ({ payload }) => this.emit('message', JSON.parse(payload) as FromPage));
    session.on('Runtime.consoleAPICalled', (payload) => this.emit('console', payload));
    session.on('Page.frameAttached', ({ frameId }) => this.#frames.add(frameId));
    session.on('Page.frameDetached', ({ frameId }) => this.#frames.delete(frameId));
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id !== this.mainFrameId) return;
      this.#requested.clear();
      // Chromium's own error page, which goes by the address that failed.
      this.#failed = frame.unreachableUrl !== undefined;
      this.url = toAppUrl(frame.unreachableUrl ?? frame.url + (frame.urlFragment ?? ''));
      if (!this.#failed) this.emit('navigated', this.url);
    });
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId !== this.mainFrameId) return;
      this.url = toAppUrl(url);
      this.#requested.clear();
      this.emit('navigatedWithin', this.url);
    });
    session.on('Page.lifecycleEvent', ({ frameId, loaderId, name }) => {
      // Until the first navigation there is only Chromium's own blank page; after a failed one, its error page.
      if (frameId !== this.mainFrameId || this.url === '' || this.#failed) return;
      if (name === 'DOMContentLoaded') this.emit('domReady');
      if (name === 'firstPaint') this.emit('painted');
      if (name !== 'load') return;
      this.#loadedLoader = loaderId;
      this.emit('loaded');
    });
    session.on('Page.frameRequestedNavigation', ({ frameId, url }) => {
      this.#requested.add(withoutHash(url));
      if (frameId === this.mainFrameId) this.emit('requested', url);
    });
    session.on('Page.windowOpen', (payload) => this.emit('windowOpened', payload));
    session.on('Inspector.targetCrashed', () => this.emit('crashed'));
  }
}

export async function openPageHost({ width, height, preload, additionalArguments }: PageOptions): Promise<PageHost> {
  const [target, scripts] = await Promise.all([
    openPage(width, height),
    createPageScripts(preload, additionalArguments),
  ]);
  const { session, targetId } = target;
  const waiting = [
    session.send('Page.enable'),
    session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
    session.send('Runtime.addBinding', { name: scripts.binding, executionContextName: ISOLATED_WORLD }),
    // In this order: the page's half must listen before the preload exposes anything to it.
    session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.main }),
    session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.isolated, worldName: ISOLATED_WORLD }),
    session.send('Runtime.runIfWaitingForDebugger'),
    setContentSize(targetId, width, height),
  ];
  const { frameTree } = await session.send('Page.getFrameTree');
  const host = new PageHost(targetId, session, frameTree.frame.id);
  void target.closed.then(() => host.emit('closed'));
  await Promise.all(waiting);
  await session.send('Runtime.enable');
  return host;
}

/** Headless Chromium counts its tool bars into the window; the page should have the size the app asked for. */
export async function setContentSize(targetId: string, width: number, height: number): Promise<void> {
  const { windowId } = await browserSession().send('Browser.getWindowForTarget', { targetId });
  await browserSession().send('Browser.setContentsSize', { windowId, width, height });
}

function withoutHash(url: string): string {
  return url.replace(/#.*$/s, '');
}
