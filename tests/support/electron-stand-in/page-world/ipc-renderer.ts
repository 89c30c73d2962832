/** `ipcRenderer`: calls travel to the host through a function Chromium shows in the isolated world only. */
import { EventEmitter } from './emitter.ts';
import { DELIVER, type FromPage, type ToPage } from './messages.ts';
import { pack, unpack } from './wire.ts';

export class IpcRenderer extends EventEmitter {
  #tell: (message: FromPage) => void;
  #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  constructor(tell: (message: FromPage) => void) {
    super();
    this.#tell = tell;
    const deliver = (message: ToPage) => this.#receive(message);
    Object.defineProperty(globalThis, DELIVER, { value: deliver });
  }

  async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    const id = ++this.#lastId;
    const reply = Promise.withResolvers<unknown>();
    this.#tell({ kind: 'invoke', id, channel, args: pack(args) });
    this.#waiting.set(id, reply);
    return await reply.promise;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#tell({ kind: 'send', channel, args: pack(args) });
  }

  sendSync(): never {
    throw new Error('ipcRenderer.sendSync is not implemented by the electron stand-in');
  }

  postMessage(): never {
    throw new Error('ipcRenderer.postMessage is not implemented by the electron stand-in');
  }

  #receive(message: ToPage): void {
    if (message.kind === 'message') {
      this.emit(message.channel, { sender: this, ports: [] }, ...(unpack(message.args) as unknown[]));
      return;
    }
    const reply = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'reply') reply?.resolve(unpack(message.value));
    else reply?.reject(new Error(message.message));
  }
}
