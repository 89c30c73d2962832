/** `ipcMain`, and its twins that belong to one window or frame. */
import { EventEmitter } from 'node:events';

type Handler = (event: object, ...args: never[]) => unknown;

export class IpcMain extends EventEmitter {
  // Not a private field, since the class below it in the chain of scopes is asked too.
  readonly handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    if (typeof handler !== 'function')
      throw new TypeError(`Expected handler to be a function, but found type '${typeof handler}'`);
    this.handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}

export const ipcMain = new IpcMain();

/** Runs the first handler found from the nearest scope outwards; refusals read as they do in Electron. */
export async function invokeHandler(
  scopes: readonly IpcMain[],
  event: object,
  channel: string,
  args: unknown[],
): Promise<unknown> {
  const handler = scopes.map((scope) => scope.handlers.get(channel)).find((found) => found !== undefined);
  if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
  return await handler(event, ...(args as never[]));
}
