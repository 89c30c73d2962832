import net from 'node:net';

/** One kept-alive connection that sends a request and waits for its answer: as little of a client as HTTP allows, so that the server is what is measured. */
export type Connection = Readonly<{ send: (request: string) => Promise<Answer>; close: () => void }>;
export type Answer = Readonly<{ status: number; body: string }>;

/** A server closes a connection that lay idle for some seconds: the next request opens another. */
export async function connect(port: number): Promise<Connection> {
  let open = await openSocket(port);
  return {
    async send(request) {
      if (open.closed()) open = await openSocket(port);
      return open.send(request);
    },
    close: () => open.close(),
  };
}

function openSocket(port: number): Promise<Connection & { closed: () => boolean }> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;
    let held = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const answer = complete(held);
      if (!answer || !waiting) return;
      held = Buffer.alloc(0);
      const { resolve: settle } = waiting;
      waiting = null;
      settle(answer);
    });
    const fail = (error: Error) => {
      socket.destroy();
      waiting?.reject(error);
      waiting = null;
      reject(error);
    };
    socket.on('error', fail);
    socket.on('end', () => fail(new Error('the connection was closed')));
    socket.on('close', () => fail(new Error('the connection was closed')));
    socket.on('connect', () =>
      resolve({
        send: (request) =>
          new Promise((settle, refuse) => {
            waiting = { resolve: settle, reject: refuse };
            socket.write(request);
          }),
        closed: () => socket.destroyed,
        close: () => socket.destroy(),
      }),
    );
  });
}

/** Connections that carry no second request answer in one piece, with a length: our server does. */
function complete(bytes: Buffer): Answer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (bytes.length < end + 4 + length) return null;
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', end + 4, end + 4 + length) };
}

export function requestText(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all = {
    Host: '127.0.0.1',
    Connection: 'keep-alive',
    ...headers,
    ...(text ? { 'Content-Type': 'application/json' } : {}),
    'Content-Length': String(Buffer.byteLength(text)),
  };
  return `${method} ${path} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${text}`;
}
