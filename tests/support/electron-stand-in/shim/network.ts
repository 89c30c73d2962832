/**
 * Every request of every page: it is held in Chromium, shown to the app's navigation and webRequest listeners, and
 * answered by the app's protocol handler or let through. Held at the browser's session, which also covers workers,
 * and which is nearer to the network than the `page.route` of a test.
 */
import { forget, type Protocol, type Session } from '../cdp.ts';
import {
  handlerFor,
  isOwnScheme,
  type ProtocolHandler,
  rewriteDocument,
  rewritePolicy,
  toAppUrl,
  toPageUrl,
} from './schemes.ts';
import { askListener, listensFor, type RequestDetails, tellListener } from './web-request.ts';

type Paused = Protocol.Fetch.requestPausedPayload;
type ErrorReason = Protocol.Network.ErrorReason;
type HeaderEntry = Protocol.Fetch.HeaderEntry;
type Headers_ = Record<string, string | string[]>;

/** What a request needs of the window it comes from. */
export interface RequestOwner {
  readonly id: number;
  readonly mainFrame: object;
  /** Asks the navigation listeners; false cancels the navigation. */
  mayNavigate(paused: Paused, appUrl: string): Promise<boolean>;
  isMainFrame(frameId: string): boolean;
}

type FindOwner = (frameId: string) => RequestOwner | undefined;

export async function holdRequests(browser: Session, findOwner: FindOwner): Promise<void> {
  browser.on('Fetch.requestPaused', (paused) => {
    decide(browser, paused, findOwner(paused.frameId)).catch((error: unknown) => {
      console.error(`electron stand-in: the request for ${paused.request.url} failed:`, error);
      fail(browser, paused, 'Failed');
    });
  });
  await browser.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}

async function decide(browser: Session, paused: Paused, owner: RequestOwner | undefined): Promise<void> {
  const url = toAppUrl(paused.request.url);
  const details = detailsOf(paused, url, owner);
  if (paused.responseStatusCode !== undefined) return await passResponse(browser, paused, details);
  // Chromium asks for it by itself; Electron does not.
  if (paused.resourceType === 'Other' && url.endsWith('/favicon.ico')) return fail(browser, paused, 'Aborted');
  if (paused.resourceType === 'Document' && owner && !(await owner.mayNavigate(paused, url))) {
    return fail(browser, paused, 'Aborted');
  }
  const verdict = await askListener('onBeforeRequest', details);
  if (verdict.cancel) {
    tellListener('onErrorOccurred', details);
    return fail(browser, paused, 'BlockedByClient');
  }
  if (verdict.redirectURL) return redirect(browser, paused, verdict.redirectURL);
  const headers = await askListener('onBeforeSendHeaders', {
    ...details,
    requestHeaders: paused.request.headers,
  } as RequestDetails);
  if (headers.cancel) return fail(browser, paused, 'BlockedByClient');
  const handler = handlerFor(url);
  if (handler) return await answer(browser, paused, details, handler);
  if (isOwnScheme(url)) return fail(browser, paused, 'NameNotResolved');
  tellListener('onSendHeaders', details);
  const { requestId } = paused;
  const changed = headers.requestHeaders && { headers: toEntries(headers.requestHeaders) };
  forget(
    browser.send('Fetch.continueRequest', {
      requestId,
      ...changed,
      interceptResponse: listensFor('onHeadersReceived'),
    }),
  );
}

/** The app's own scheme: its handler sees the request under the scheme's address, and the page gets its answer. */
async function answer(
  browser: Session,
  paused: Paused,
  details: RequestDetails,
  handler: ProtocolHandler,
): Promise<void> {
  const { request, requestId } = paused;
  const posted = request.postDataEntries?.map(({ bytes = '' }) => Buffer.from(bytes, 'base64'));
  const headers = new Headers(
    Object.entries(request.headers).map(([name, value]) => [name, headerForApp(name, value)]),
  );
  const body = posted && request.method !== 'GET' ? Buffer.concat(posted) : null;
  const response = await handler(new Request(details.url, { method: request.method, headers, body }));
  if (response.type === 'error') return fail(browser, paused, 'Failed');

  const responseHeaders = toRecord(toEntries([...response.headers]));
  const judged = await askListener('onHeadersReceived', {
    ...details,
    statusCode: response.status,
    responseHeaders,
  } as RequestDetails);
  if (judged.cancel) return fail(browser, paused, 'BlockedByClient');

  const bytes = Buffer.from(await response.arrayBuffer());
  const isText = /^text\/(html|css)/.test(response.headers.get('content-type') ?? '');
  forget(
    browser.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: toEntries(judged.responseHeaders ?? responseHeaders)
        // Chromium counts for itself: the text below may have become longer.
        .filter(({ name }) => name.toLowerCase() !== 'content-length')
        .map(({ name, value }) => ({ name, value: headerForPage(name, value) })),
      body: (isText ? Buffer.from(rewriteDocument(bytes.toString('utf8'))) : bytes).toString('base64'),
    }),
  );
  tellListener('onCompleted', details);
}

/** A response from the network, held only when the app listens for its headers. */
async function passResponse(browser: Session, paused: Paused, details: RequestDetails): Promise<void> {
  const { requestId, responseStatusCode: responseCode = 200 } = paused;
  const given = toRecord(paused.responseHeaders ?? []);
  const judged = await askListener('onHeadersReceived', {
    ...details,
    statusCode: responseCode,
    responseHeaders: given,
  } as RequestDetails);
  if (judged.cancel) return fail(browser, paused, 'BlockedByClient');
  const changed = judged.responseHeaders && { responseCode, responseHeaders: toEntries(judged.responseHeaders) };
  forget(browser.send('Fetch.continueResponse', { requestId, ...changed }));
}

function redirect(browser: Session, { requestId }: Paused, to: string): void {
  const responseHeaders = [{ name: 'Location', value: toPageUrl(to) }];
  forget(browser.send('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders }));
}

function fail(browser: Session, { requestId }: Paused, errorReason: ErrorReason): void {
  forget(browser.send('Fetch.failRequest', { requestId, errorReason }));
}

function detailsOf(paused: Paused, url: string, owner: RequestOwner | undefined): RequestDetails {
  const { requestId, request, resourceType, frameId } = paused;
  const main = owner?.isMainFrame(frameId) ?? false;
  return {
    id: requestId,
    url,
    method: request.method,
    resourceType:
      resourceType === 'Document' ? (main ? 'mainFrame' : 'subFrame') : (RESOURCE_TYPES[resourceType] ?? 'other'),
    referrer: toAppUrl(request.headers.Referer ?? ''),
    timestamp: Date.now(),
    ...(owner && { webContentsId: owner.id, webContents: owner, frame: main ? owner.mainFrame : null }),
  };
}

const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  Media: 'media',
  XHR: 'xhr',
  Fetch: 'xhr',
  EventSource: 'xhr',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
  WebSocket: 'webSocket',
};

function toEntries(headers: Headers_ | [string, string][]): HeaderEntry[] {
  const pairs: [string, string | string[]][] = Array.isArray(headers) ? headers : Object.entries(headers);
  return pairs.flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: one })));
}

function toRecord(entries: readonly HeaderEntry[]): Record<string, string[]> {
  const record: Record<string, string[]> = {};
  for (const { name, value } of entries) record[name] = [...(record[name] ?? []), value];
  return record;
}

function headerForApp(name: string, value: string): string {
  return /^(origin|referer)$/i.test(name) ? toAppUrl(value) : value;
}

function headerForPage(name: string, value: string): string {
  if (/^content-security-policy(-report-only)?$/i.test(name)) return rewritePolicy(value);
  return /^(location|access-control-allow-origin)$/i.test(name)
    ? toPageUrl(value).replace(/(?<=\.invalid)\/$/, '')
    : value;
}
