// Runs in the page's process, sandboxed, before the page: the only thing that the page gets of the desktop.
import { contextBridge, ipcRenderer } from 'electron';

// The two names that main/ipc.ts knows as well.
const CALL = 'medlane:call';
const EVENT = 'medlane:event';

type Listener = (payload: unknown) => void;

contextBridge.exposeInMainWorld('medlane', {
  /** Calls an operation of the contract. Answers with `{ ok, value }` or `{ ok, error }`; who may call what is main's to say. */
  call: (name: unknown, input: unknown, options: unknown): Promise<unknown> =>
    ipcRenderer.invoke(CALL, name, input, options),

  /** Hears one kind of event; gives back how to stop. The page never sees Electron's own event, which holds the sender. */
  on: (name: unknown, listener: unknown): (() => void) => {
    if (typeof listener !== 'function') throw new TypeError('A listener is a function.');
    const hear = (_event: unknown, told: unknown, payload: unknown): void => {
      if (told === name) (listener as Listener)(payload);
    };
    ipcRenderer.on(EVENT, hear);
    return () => void ipcRenderer.off(EVENT, hear);
  },
});
