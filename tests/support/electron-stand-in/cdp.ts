/**
 * A client for Chromium's DevTools protocol over its pipe (NUL-ended JSON), not over a WebSocket: Chromium leaves by
 * itself when the pipe breaks, so that no death of the host — SIGKILL included — can leave it behind.
 */
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
// Playwright ships the protocol's types but does not export them; the path is for the type checker only.
import type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts';

export type { Protocol };

type Commands = Protocol.CommandParameters;
type Replies = Protocol.CommandReturnValues;
type Events = Protocol.Events;

/** One DevTools session: the browser itself, or one page. */
export interface Session {
  send<M extends keyof Commands>(method: M, params?: Commands[M]): Promise<Replies[M]>;
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): void;
}

export interface Connection {
  readonly browser: Session;
  session(id: string): Session;
  /** Settles when Chromium has closed its end. */
  readonly closed: Promise<void>;
}

interface Message {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: { sessionId?: string };
  result?: unknown;
  error?: { message: string };
}

interface Call {
  method: string;
  sessionId: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export function connect(write: Writable, read: Readable): Connection {
  let lastId = 0;
  const calls = new Map<number, Call>();
  const events = new EventEmitter().setMaxListeners(0);
  const closed = Promise.withResolvers<void>();

  const session = (sessionId: string): Session => ({
    send: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        calls.set(id, { method, sessionId, resolve: resolve as Call['resolve'], reject });
        write.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
      }),
    on: (event, listener) => void events.on(`${sessionId} ${event}`, listener),
  });

  const failCalls = (reason: string, belongs: (call: Call) => boolean) => {
    for (const [id, call] of calls) {
      if (!belongs(call)) continue;
      calls.delete(id);
      call.reject(new Error(`${call.method}: ${reason}`));
    }
  };

  const receive = (message: Message) => {
    if (message.id === undefined) {
      const gone = message.method === 'Target.detachedFromTarget' ? message.params?.sessionId : undefined;
      if (gone !== undefined) failCalls('the page is gone', (call) => call.sessionId === gone);
      events.emit(`${message.sessionId ?? ''} ${message.method}`, message.params);
      return;
    }
    const call = calls.get(message.id);
    calls.delete(message.id);
    if (message.error) call?.reject(new Error(`${call.method}: ${message.error.message}`));
    else call?.resolve(message.result);
  };

  let rest = '';
  read.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) receive(JSON.parse(part) as Message);
  });
  read.once('close', () => {
    failCalls('Chromium is gone', () => true);
    closed.resolve();
  });
  // The reason for a broken pipe is seen at the reading end; without a listener the error would end the host.
  for (const end of [write, read]) end.on('error', () => undefined);

  return { browser: session(''), session, closed: closed.promise };
}

/** For commands sent without waiting: a page may close between the command and its answer, and that is no fault. */
export function forget(command: Promise<unknown>): void {
  command.catch(() => undefined);
}
