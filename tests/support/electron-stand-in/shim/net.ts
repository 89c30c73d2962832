/** `net`: fetch for files, the app's own schemes and the network. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handlerFor } from './schemes.ts';
import { notImplemented } from './stubs.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'text/xml',
};

export const net = {
  fetch: async (input: string | Request, init?: RequestInit): Promise<Response> => {
    const url = typeof input === 'string' ? input : input.url;
    if (url.startsWith('file:')) return await fetchFile(url);
    const handler = handlerFor(url);
    return handler ? await handler(new Request(input, init)) : await fetch(input, init);
  },
  isOnline: () => true,
  online: true,
  request: notImplemented('net.request'),
  resolveHost: notImplemented('net.resolveHost'),
};

async function fetchFile(url: string): Promise<Response> {
  try {
    const path = fileURLToPath(url);
    const type = MEDIA_TYPES[extname(path).toLowerCase()];
    return new Response(await readFile(path), { headers: type === undefined ? {} : { 'content-type': type } });
  } catch (cause) {
    throw new Error('net::ERR_FILE_NOT_FOUND', { cause });
  }
}
