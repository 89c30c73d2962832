import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';

/** Where the screens live, for the page and for every check of who asks. */
export const APP_ORIGIN = 'app://clinic';
export const HOME = `${APP_ORIGIN}/index.html`;
/** A page that needs nothing of the screens' folder: where they cannot be shown. */
export const TROUBLE = `${APP_ORIGIN}/trouble.html`;
export const isOurPage = (url: string): boolean => url.startsWith(`${APP_ORIGIN}/`);

/** No network, no frames, no code but our own. Styles alone may be inline: the component library sets them. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  // A paper that the page holds, to be looked at before it is printed.
  'frame-src blob:',
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const MEDIA: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
};

/** Before the app is ready: the scheme is a proper origin, so that 'self' means it. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Lends a window a paper under an address of its own, for as long as it needs it. */
export type Offer = (pdf: Uint8Array) => Readonly<{ url: string; withdraw: () => void }>;

/** `trouble` makes the page that stands in for the screens. */
export function serveScreens(folder: string, trouble: () => string): Offer {
  const offered = new Map<string, Uint8Array>();
  let count = 0;
  protocol.handle('app', (request) => {
    if (request.url === TROUBLE) return html(trouble());
    const pdf = offered.get(request.url);
    return pdf ? new Response(new Uint8Array(pdf), { headers: PDF_HEADERS }) : answer(request, folder);
  });
  return (pdf) => {
    count += 1;
    const url = `${APP_ORIGIN}/lent/${count}.pdf`;
    offered.set(url, pdf);
    return { url, withdraw: () => void offered.delete(url) };
  };
}

const html = (text: string) =>
  new Response(text, { headers: { ...HEADERS, 'Content-Type': MEDIA['.html'] as string } });

/** A file of the screens' folder, or nothing at all. */
export async function answer(request: Pick<Request, 'method' | 'url'>, folder: string): Promise<Response> {
  if (request.method !== 'GET') return refusal(405);
  const file = isOurPage(request.url) ? fileOf(request.url, folder) : null;
  const media = file && MEDIA[path.extname(file).toLowerCase()];
  if (!file || !media) return refusal(404);
  const body = await readFile(file).catch(() => null);
  return body ? new Response(new Uint8Array(body), { headers: { ...HEADERS, 'Content-Type': media } }) : refusal(404);
}

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
const PDF_HEADERS = { 'Content-Type': 'application/pdf', 'Cache-Control': 'no-store' };
const refusal = (status: number) => new Response(null, { status, headers: HEADERS });

/** The path inside the folder; null for one that leads out of it, however it is written. */
function fileOf(url: string, folder: string): string | null {
  try {
    const name = decodeURIComponent(new URL(url).pathname);
    if (/[\\\0:]/.test(name)) return null;
    const file = path.resolve(folder, `.${name}`);
    return file.startsWith(path.resolve(folder) + path.sep) ? file : null;
  } catch {
    return null;
  }
}
