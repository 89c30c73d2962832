/** A page's IPC messages, brought to the handlers of its frame, its window, and the app. */
import type { FromPage, ToPage } from '../page-world/messages.ts';
import { pack, unpack } from '../page-world/wire.ts';
import { createEvent } from './events.ts';
import { type IpcMain, invokeHandler, ipcMain } from './ipc-main.ts';
import type { WebFrameMain } from './web-frame.ts';

interface Receiver {
  readonly id: number;
  readonly ipc: IpcMain;
  readonly mainFrame: WebFrameMain;
  send(channel: string, ...args: unknown[]): void;
  emit(name: string, ...args: unknown[]): boolean;
}

type IpcMessage = Extract<FromPage, { kind: 'invoke' | 'send' }>;

export function receiveIpc(receiver: Receiver, message: IpcMessage, answer: (reply: ToPage) => void): void {
  const scopes = [receiver.mainFrame.ipc, receiver.ipc, ipcMain];
  const event = createEvent({
    type: 'frame',
    sender: receiver,
    senderFrame: receiver.mainFrame,
    processId: receiver.id,
    frameId: 1,
    ports: [],
    reply: (channel: string, ...args: unknown[]) => receiver.send(channel, ...args),
  });
  const args = unpack(message.args) as unknown[];
  if (message.kind === 'send') {
    receiver.emit('ipc-message', event, message.channel, ...args);
    for (const scope of scopes) scope.emit(message.channel, event, ...args);
    return;
  }
  const { id, channel } = message;
  invokeHandler(scopes, event, channel, args)
    .then((value) => answer({ kind: 'reply', id, value: pack(value) }))
    .catch((error: unknown) => {
      console.error(`Error occurred in handler for '${channel}':`, error);
      answer({ kind: 'refusal', id, message: `Error invoking remote method '${channel}': ${String(error)}` });
    });
}
