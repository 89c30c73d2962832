/**
 * The page's half of the stand-in. Bundled at start and injected twice per page: into the page's own world, and into
 * the isolated world where the preload runs.
 */
import { addressForMain, addressForPage } from './page-world/addresses.ts';
import { EventEmitter } from './page-world/emitter.ts';
import { IpcRenderer } from './page-world/ipc-renderer.ts';
import { createLink, type Link } from './page-world/link.ts';
import type { FromPage, IsolatedConfig, MainConfig, OpenRequest } from './page-world/messages.ts';
import { replaceWindowOpen, watchLinks } from './page-world/open-requests.ts';
import { watchTitle } from './page-world/title.ts';

type Preload = (require: (id: string) => unknown, module: object, exports: object, process: object) => void;

/** The page's own world: takes what the preload exposes. */
export function joinMainWorld({ channel, schemes }: MainConfig): void {
  if (window !== window.top) return;
  const expose = (key: unknown, api: unknown) => {
    if (String(key) in window)
      throw new Error('Cannot bind an API on top of an existing property on the window object');
    Object.defineProperty(window, String(key), { value: deepFreeze(api), enumerable: true });
  };
  const link = createLink({
    send: `${channel}-in`,
    receive: `${channel}-out`,
    offers: { expose },
    mapText: addressForMain(schemes),
  });
  replaceWindowOpen((request) => link.call('open', [request]));
}

/** The isolated world: runs the preload with what Electron's sandbox gives it. */
export function joinIsolatedWorld(config: IsolatedConfig, preload: Preload | undefined): void {
  if (window !== window.top) return;
  const binding = Reflect.get(globalThis, config.binding) as (text: string) => void;
  const tell = (message: FromPage) => binding(JSON.stringify(message));
  const ask = (request: OpenRequest) => tell({ kind: 'open', request });
  const ipcRenderer = new IpcRenderer(tell);
  const link = createLink({
    send: `${config.channel}-out`,
    receive: `${config.channel}-in`,
    offers: { open: (request) => ask(request as OpenRequest) },
    mapText: addressForPage(config.schemes),
  });
  watchLinks(ask);
  watchTitle((title) => tell({ kind: 'title', title }));
  if (preload !== undefined) run(preload, config, modules(ipcRenderer, link), tell);
}

function run(
  preload: Preload,
  config: IsolatedConfig,
  available: Record<string, unknown>,
  tell: (message: FromPage) => void,
): void {
  const require = (id: string): unknown => {
    const found = available[id.replace(/^node:/, '')];
    if (found === undefined) throw new Error(`module not found: ${id}`);
    return found;
  };
  const module = { exports: {} };
  const process = {
    ...config.process,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    pid: 0,
    on: () => undefined,
  };
  try {
    preload(require, module, module.exports, process);
  } catch (error) {
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    console.error(`Unable to load preload script: ${config.preloadPath}\n${stack}`);
    tell({ kind: 'preload-error', name, message, stack });
  }
}

function modules(ipcRenderer: IpcRenderer, link: Link): Record<string, unknown> {
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => void link.call('expose', [key, api]),
    exposeInIsolatedWorld: () => {
      throw new Error('contextBridge.exposeInIsolatedWorld is not implemented by the electron stand-in');
    },
  };
  const webFrame = { setZoomFactor: () => undefined, getZoomFactor: () => 1, setZoomLevel: () => undefined };
  const webUtils = { getPathForFile: () => '' };
  const electron = { contextBridge, ipcRenderer, webFrame, webUtils };
  return {
    electron,
    'electron/renderer': electron,
    events: Object.assign(EventEmitter, { EventEmitter }),
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  };
}

function deepFreeze(value: unknown): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || Object.isFrozen(value))
    return value;
  // Buffers cannot be frozen, and need not be: they are copies.
  if (ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
