/** `session.webRequest`: one listener per event, each with a filter, as in Electron. */

export interface RequestDetails {
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly resourceType: string;
  readonly referrer: string;
  readonly timestamp: number;
  readonly webContentsId?: number;
  readonly webContents?: object;
  readonly frame?: object | null;
}

export interface Answer {
  readonly cancel?: boolean;
  readonly redirectURL?: string;
  readonly requestHeaders?: Record<string, string | string[]>;
  readonly responseHeaders?: Record<string, string | string[]>;
  readonly statusLine?: string;
}

interface Filter {
  readonly urls: readonly string[];
  readonly excludeUrls?: readonly string[];
  readonly types?: readonly string[];
}

type AskingListener = (details: RequestDetails, callback: (answer: Answer) => void) => void;
type TellingListener = (details: RequestDetails) => void;
type Stage = 'onBeforeRequest' | 'onBeforeSendHeaders' | 'onHeadersReceived';
type Report = 'onSendHeaders' | 'onResponseStarted' | 'onBeforeRedirect' | 'onCompleted' | 'onErrorOccurred';

const asking = new Map<Stage, { filter: Filter; listener: AskingListener }>();
const telling = new Map<Report, { filter: Filter; listener: TellingListener }>();
const EVERYTHING: Filter = { urls: ['<all_urls>'] };

export const webRequest = {
  onBeforeRequest: register(asking, 'onBeforeRequest'),
  onBeforeSendHeaders: register(asking, 'onBeforeSendHeaders'),
  onHeadersReceived: register(asking, 'onHeadersReceived'),
  onSendHeaders: register(telling, 'onSendHeaders'),
  onResponseStarted: register(telling, 'onResponseStarted'),
  onBeforeRedirect: register(telling, 'onBeforeRedirect'),
  onCompleted: register(telling, 'onCompleted'),
  onErrorOccurred: register(telling, 'onErrorOccurred'),
};

export function listensFor(stage: Stage): boolean {
  return asking.has(stage);
}

/** What the app's listener answers; nothing when it has none for this request. */
export function askListener(stage: Stage, details: RequestDetails): Promise<Answer> {
  const entry = asking.get(stage);
  if (entry === undefined || !matches(entry.filter, details)) return Promise.resolve({});
  return new Promise((resolve) => entry.listener(details, (answer) => resolve(answer ?? {})));
}

export function tellListener(report: Report, details: RequestDetails): void {
  const entry = telling.get(report);
  if (entry !== undefined && matches(entry.filter, details)) entry.listener(details);
}

function register<Name extends string, Listener>(
  entries: Map<Name, { filter: Filter; listener: Listener }>,
  name: Name,
): (filterOrListener: Filter | Listener | null, listener?: Listener | null) => void {
  return (first, second) => {
    const [filter, listener] =
      second === undefined ? [EVERYTHING, first as Listener | null] : [first as Filter, second];
    if (listener === null) entries.delete(name);
    else entries.set(name, { filter, listener });
  };
}

function matches({ urls, excludeUrls = [], types }: Filter, { url, resourceType }: RequestDetails): boolean {
  const fits = (pattern: string) => toExpression(pattern).test(url);
  return (
    (urls.length === 0 || urls.some(fits)) &&
    !excludeUrls.some(fits) &&
    (types === undefined || types.includes(resourceType))
  );
}

/** Match patterns: a star in place of the scheme means the network's schemes only. */
function toExpression(pattern: string): RegExp {
  if (pattern === '<all_urls>') return /^/;
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped.replace(/^\.\*:\/\//, '(?:https?|wss?)://')}$`, 'i');
}
