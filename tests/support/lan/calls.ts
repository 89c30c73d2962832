import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openReply, type Reply, refusalReply } from '../../../contract/client.ts';
import type { Fetch } from '../../../contract/http.ts';
import { ApiError } from '../../../contract/kit.ts';

type Question = Readonly<{ id: number; name: string; input: unknown; more: unknown }>;
type Said = Readonly<{ id: number; reply: Reply }> | Readonly<{ event: string; payload: unknown }>;
type Ask = (name: string, input?: unknown, more?: unknown) => Promise<unknown>;

/** A process of the test's own that answers calls: a computer, as whoever sits at it sees it. */
export type Computer = Readonly<{
  ask: Ask;
  /** Ends it as a person would. */
  close: () => Promise<void>;
  /** Ends it as a power cut would. */
  kill: () => Promise<void>;
}>;

/** Resolves when the process is ready. @throws when it ends before. */
export async function talkTo(child: ChildProcess, hear: (event: string, payload: unknown) => void): Promise<Computer> {
  const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let last = 0;
  let over = false;
  const ended = once(child, 'exit').then(() => {
    over = true;
    for (const { reject } of asked.values()) reject(new Error('The process has ended.'));
  });
  const ask: Ask = (name, input = {}, more = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      if (over) return reject(new Error('The process has ended.'));
      asked.set(last, { resolve, reject });
      child.send({ id: last, name, input, more } satisfies Question);
    });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (said: Said) => {
      if (!('id' in said)) return said.event === 'ready' ? resolve() : hear(said.event, said.payload);
      const { id, reply } = said;
      const { resolve: done, reject: refused } = asked.get(id) ?? {};
      asked.delete(id);
      (async () => openReply(reply))().then(done, refused);
    });
    void ended.then(() => reject(new Error('The process ended before it was ready.')));
  });
  await ready;
  return {
    ask,
    async close() {
      if (!over) await ask('close').catch(() => undefined);
      if (!over) child.disconnect();
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The other end: answers until whoever asks is gone. */
export function answerCalls(answer: (name: string, input: never, more: never) => unknown): void {
  process.on('message', ({ id, name, input, more }: Question) => {
    (async () => answer(name, input as never, more as never))().then(
      (value) => tell({ id, reply: { ok: true, value } }),
      (error) => tell({ id, reply: refusalReply(inWords(error)) }),
    );
  });
  process.on('disconnect', () => process.exit());
  tell({ event: 'ready', payload: null });
}

export const tell = (said: Said): void => void (process.connected && process.send?.(said));

/** What is no refusal is a bug: told with where it was. */
const inWords = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('internal', { message: (error as Error).stack ?? String(error) });

type Request = Readonly<{ url: string; init: Pick<RequestInit, 'method' | 'headers' | 'body'> }>;

/** `fetch` as that computer has it. */
export const fetchAt =
  ({ ask }: Pick<Computer, 'ask'>): Fetch =>
  async (url, { method, headers, body }) => {
    const request = { url, init: { method: method ?? 'GET', headers: headers ?? {}, body: body ?? null } };
    const { status, text } = (await ask('fetch', request)) as { status: number; text: string };
    return new Response(text, { status });
  };

export async function fetchHere(fetch: Fetch, base: string, { url, init }: Request) {
  const response = await fetch(base + url, init);
  return { status: response.status, text: await response.text() };
}
