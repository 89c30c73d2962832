/** `webContents.mainFrame`, which is also an IPC event's `senderFrame`: the only frame that has a preload. */
import { IpcMain } from './ipc-main.ts';
import { appOrigin } from './schemes.ts';

interface FrameOwner {
  readonly id: number;
  getURL(): string;
  send(channel: string, ...args: unknown[]): void;
  executeJavaScript(code: string): Promise<unknown>;
  reload(): void;
  isDestroyed(): boolean;
}

export class WebFrameMain {
  readonly ipc = new IpcMain();
  readonly name = '';
  readonly parent = null;
  readonly detached = false;
  readonly visibilityState = 'visible';
  readonly osProcessId = 0;
  readonly processId: number;
  readonly routingId = 1;
  readonly frameTreeNodeId: number;
  readonly frameToken: string;
  readonly #owner: FrameOwner;

  constructor(owner: FrameOwner) {
    this.#owner = owner;
    this.processId = owner.id;
    this.frameTreeNodeId = owner.id;
    this.frameToken = String(owner.id);
  }

  get url(): string {
    return this.#owner.getURL();
  }

  get origin(): string {
    return appOrigin(this.url);
  }

  get top(): WebFrameMain {
    return this;
  }

  get frames(): WebFrameMain[] {
    return [];
  }

  get framesInSubtree(): WebFrameMain[] {
    return [this];
  }

  send(channel: string, ...args: unknown[]): void {
    this.#owner.send(channel, ...args);
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#owner.executeJavaScript(code);
  }

  reload(): boolean {
    this.#owner.reload();
    return true;
  }

  isDestroyed(): boolean {
    return this.#owner.isDestroyed();
  }
}
