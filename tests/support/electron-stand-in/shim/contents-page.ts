/** The part of `webContents` that hands its commands to the page. They wait until Chromium has opened it. */
import type { PrintToPDFOptions, WebPreferences } from 'electron';
import { forget, type Protocol } from '../cdp.ts';
import { pack } from '../page-world/wire.ts';
import { ContentsBase } from './contents-base.ts';
import { browserSession } from './engine.ts';
import { createEvent } from './events.ts';
import { note } from './journal.ts';
import { NativeImage } from './native-image.ts';
import { openPageHost, type PageHost } from './page-host.ts';
import { type PreloadFile, readPreload } from './page-scripts.ts';
import { toChromiumPdfOptions } from './pdf.ts';

export interface PageSize {
  readonly width: number;
  readonly height: number;
}

let lastStyle = 0;

export abstract class ContentsPage extends ContentsBase {
  userAgent = '';
  protected page: PageHost | undefined;
  protected readonly opened: Promise<PageHost>;
  protected readonly preferences: WebPreferences;

  constructor(preferences: WebPreferences, size: PageSize) {
    super();
    this.preferences = preferences;
    const { additionalArguments = [] } = preferences;
    this.opened = openPageHost({ ...size, preload: this.#readPreload(), additionalArguments }).then((page) => {
      this.page = page;
      this.adopt(page);
      return page;
    });
    this.opened.catch((error: unknown) => console.error('electron stand-in: the window did not open:', error));
  }

  /** Called once, when the page is there. */
  protected abstract adopt(page: PageHost): void;

  get targetId(): string | undefined {
    return this.page?.targetId;
  }

  send(channel: string, ...args: unknown[]): void {
    const packed = pack(args);
    this.page?.deliver({ kind: 'message', channel, args: packed });
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.opened.then((page) => page.evaluate(code));
  }

  reload(): void {
    this.command('Page.reload');
  }

  reloadIgnoringCache(): void {
    this.command('Page.reload', { ignoreCache: true });
  }

  stop(): void {
    this.command('Page.stopLoading');
  }

  forcefullyCrashRenderer(): void {
    this.command('Page.crash');
  }

  /** As a style of the page: Chromium has no door for one of the app's own. */
  async insertCSS(css: string): Promise<string> {
    const key = `stand-in-css-${++lastStyle}`;
    const page = await this.opened;
    await page.evaluate(
      `document.head.append(Object.assign(document.createElement('style'), ${JSON.stringify({ id: key, textContent: css })}))`,
    );
    return key;
  }

  async removeInsertedCSS(key: string): Promise<void> {
    const page = await this.opened;
    await page.evaluate(`document.getElementById(${JSON.stringify(key)})?.remove()`);
  }

  setUserAgent(userAgent: string): void {
    this.userAgent = userAgent;
    this.command('Network.setUserAgentOverride', { userAgent });
  }

  getUserAgent(): string {
    return this.userAgent;
  }

  async printToPDF(options: PrintToPDFOptions = {}): Promise<Buffer> {
    const page = await this.opened;
    const { data } = await page.session.send('Page.printToPDF', toChromiumPdfOptions(options));
    return Buffer.from(data, 'base64');
  }

  print(options: object = {}, callback?: (success: boolean, reason: string) => void): void {
    note('webContents.print', this.page?.url, options);
    setImmediate(() => callback?.(true, ''));
  }

  async capturePage(): Promise<NativeImage> {
    const page = await this.opened;
    const { data } = await page.session.send('Page.captureScreenshot', { format: 'png' });
    return new NativeImage(Buffer.from(data, 'base64'));
  }

  /** As Electron's: past the window's own `close` event, and past `beforeunload` unless it is asked for. */
  close({ waitForBeforeUnload = false }: { waitForBeforeUnload?: boolean } = {}): void {
    if (waitForBeforeUnload) this.askPageToClose();
    else this.closePage();
  }

  askPageToClose(): void {
    this.command('Page.close');
  }

  closePage(): void {
    forget(this.opened.then(({ targetId }) => browserSession().send('Target.closeTarget', { targetId })));
  }

  getLastWebPreferences(): WebPreferences {
    return this.preferences;
  }

  isMainFrame(frameId: string): boolean {
    return this.page?.mainFrameId === frameId;
  }

  hasFrame(frameId: string): boolean {
    return this.page?.hasFrame(frameId) ?? false;
  }

  #readPreload(): PreloadFile | undefined {
    const { preload } = this.preferences;
    if (preload === undefined) return undefined;
    try {
      return readPreload(preload);
    } catch (error) {
      console.error(`Unable to load preload script: ${preload}\n`, error);
      setImmediate(() => this.emit('preload-error', createEvent({}), preload, error));
      return undefined;
    }
  }

  protected command<M extends keyof Protocol.CommandParameters>(
    method: M,
    params?: Protocol.CommandParameters[M],
  ): void {
    forget(this.opened.then((page) => page.session.send(method, params)));
  }
}
