import http from 'node:http';
import type { Fetch } from '../../contract/http.ts';

export type Wire = Readonly<{ fetch: Fetch; close: () => void }>;

/**
 * `fetch` over kept-alive connections of its own. Aborting means here what it means to a clinic: the request was sent
 * in full, and the connection broke before the answer was there.
 */
export function createWire(): Wire {
  const agent = new http.Agent({ keepAlive: true });
  return { fetch: (url, init) => send(agent, url, init), close: () => agent.destroy() };
}

async function send(agent: http.Agent, url: string, init: RequestInit): Promise<Response> {
  const body = init.body instanceof Blob ? Buffer.from(await init.body.arrayBuffer()) : ((init.body ?? '') as string);
  const headers = { ...(init.headers as Record<string, string>), 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: init.method ?? 'GET', headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve(
          new Response(Buffer.concat(chunks), { status: response.statusCode ?? 0, headers: plain(response.headers) }),
        ),
      );
    });
    request.on('error', reject);
    init.signal?.addEventListener('abort', () => {
      const cut = () => request.destroy(new Error('the connection broke'));
      if (request.writableFinished) cut();
      else request.once('finish', cut);
    });
    request.end(body);
  });
}

const plain = (headers: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
