/** `session`: one default session; every partition is the same. */
import { EventEmitter } from 'node:events';
import { forget, type Protocol } from '../cdp.ts';
import { browserSession } from './engine.ts';
import { net } from './net.ts';
import { appOrigin, protocol, toPageUrl } from './schemes.ts';
import { addSilentMethods } from './stubs.ts';
import { webRequest } from './web-request.ts';

type RequestHandler = (
  contents: object,
  permission: string,
  callback: (granted: boolean) => void,
  details: object,
) => void;
type CheckHandler = (contents: object, permission: string, origin: string, details: object) => boolean;
type Descriptor = Protocol.Browser.PermissionDescriptor;

interface CookieFilter {
  url?: string;
  name?: string;
}

let requestHandler: RequestHandler | null = null;
let checkHandler: CheckHandler | null = null;
/** The windows and the page addresses they were last asked for. */
const asked = new Map<object, string>();

class Session extends EventEmitter {
  readonly protocol = protocol;
  readonly webRequest = webRequest;
  readonly storagePath = null;
  readonly availableSpellCheckerLanguages: string[] = [];
  #spellChecker = true;

  readonly cookies = Object.assign(new EventEmitter(), {
    get: async ({ url, name }: CookieFilter) => {
      const { cookies } = await browserSession().send('Storage.getCookies');
      const host = url === undefined ? undefined : new URL(toPageUrl(url)).hostname;
      return cookies.filter((one) => (name ?? one.name) === one.name && (host ?? one.domain) === one.domain);
    },
    set: async (cookie: { url: string; name?: string; value?: string }) => {
      const { name = '', value = '' } = cookie;
      await browserSession().send('Storage.setCookies', {
        cookies: [{ ...cookie, name, value, url: toPageUrl(cookie.url) }],
      });
    },
    flushStore: async () => undefined,
  });

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    requestHandler = handler;
    for (const [contents, url] of asked) askPermissions(contents, url);
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    checkHandler = handler;
    for (const [contents, url] of asked) askPermissions(contents, url);
  }

  setSpellCheckerEnabled(on: boolean): void {
    this.#spellChecker = on;
  }

  isSpellCheckerEnabled(): boolean {
    return this.#spellChecker;
  }

  fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    return net.fetch(input, init);
  }

  async clearStorageData(options: { origin?: string } = {}): Promise<void> {
    const origins = options.origin ? [options.origin] : [...new Set([...asked.values()].map(appOrigin))];
    for (const origin of origins) {
      const pageOrigin = toPageUrl(origin).replace(/\/$/, '');
      await browserSession().send('Storage.clearDataForOrigin', { origin: pageOrigin, storageTypes: 'all' });
    }
  }

  async clearCache(): Promise<void> {}
  async clearAuthCache(): Promise<void> {}
  async closeAllConnections(): Promise<void> {}
  async setProxy(): Promise<void> {}
  async resolveProxy(): Promise<string> {
    return 'DIRECT';
  }

  getUserAgent(): string {
    return '';
  }

  isPersistent(): boolean {
    return true;
  }
}

addSilentMethods(Session.prototype, [
  'allowNTLMCredentialsForDomains',
  'disableNetworkEmulation',
  'enableNetworkEmulation',
  'flushStorageData',
  'setBluetoothPairingHandler',
  'setCertificateVerifyProc',
  'setDevicePermissionHandler',
  'setDisplayMediaRequestHandler',
  'setDownloadPath',
  'setSpellCheckerDictionaryDownloadURL',
  'setSpellCheckerLanguages',
  'setSSLConfig',
  'setUSBProtectedClassesHandler',
  'setUserAgent',
]);

export const defaultSession = new Session();

export const session = {
  defaultSession,
  fromPartition: () => defaultSession,
  fromPath: () => defaultSession,
};

/**
 * Asks the app's handler once per window and address, for every permission at a time: Chromium without a window shows
 * no prompt that could be answered later. Without a handler Electron grants everything, and so does this.
 */
export function askPermissions(contents: object, url: string): void {
  asked.set(contents, url);
  const origin = appOrigin(url);
  if (origin === 'null') return;
  const pageOrigin = toPageUrl(origin).replace(/\/$/, '');
  const set = (descriptor: Descriptor, granted: boolean) => {
    const setting = granted ? 'granted' : 'denied';
    forget(browserSession().send('Browser.setPermission', { permission: descriptor, setting, origin: pageOrigin }));
  };
  for (const [permission, descriptors] of PERMISSIONS) {
    void isGranted(contents, permission, url, origin).then((granted) => {
      for (const descriptor of descriptors) set(descriptor, granted);
    });
  }
}

export function forgetPermissions(contents: object): void {
  asked.delete(contents);
}

async function isGranted(
  contents: object,
  permission: string,
  requestingUrl: string,
  origin: string,
): Promise<boolean> {
  const details = { requestingUrl, isMainFrame: true, requestingOrigin: origin };
  if (checkHandler && !checkHandler(contents, permission, origin, details)) return false;
  const handler = requestHandler;
  if (handler === null) return true;
  return await new Promise<boolean>((resolve) => handler(contents, permission, resolve, details));
}

/** Electron's names, and Chromium's. */
const PERMISSIONS: readonly (readonly [string, readonly Descriptor[]])[] = [
  ['geolocation', [{ name: 'geolocation' }]],
  ['notifications', [{ name: 'notifications' }]],
  ['media', [{ name: 'camera' }, { name: 'microphone' }]],
  ['midi', [{ name: 'midi' }]],
  ['midiSysex', [{ name: 'midi', sysex: true }]],
  ['clipboard-read', [{ name: 'clipboard-read' }]],
  ['clipboard-sanitized-write', [{ name: 'clipboard-write' }]],
  ['idle-detection', [{ name: 'idle-detection' }]],
  ['window-management', [{ name: 'window-management' }]],
];
