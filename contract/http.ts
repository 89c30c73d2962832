import type { CallOptions, Download, Transport } from './client.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { ApiError, type FieldError, type Operation, routeOf } from './kit.ts';

/** The part of `fetch` that is used, so that a desk can bring its own (mutual TLS) and a test a counting one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

type HttpOptions = Readonly<{
  /** Origin of the server, without a slash at the end; empty for the page's own. */
  base: string;
  fetch: Fetch;
  /** Headers of every request: the access token, for one. */
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  /** Told of a 401; answers whether the sign-in was renewed, so that the call is worth repeating. */
  renew?: () => Promise<boolean>;
}>;

export const API_PREFIX = '/api/v1';
/** How many entries a download is of, each on a line of its own. */
export const ENTRIES = 'X-Entries';

type Envelope =
  | { status: 'success'; data: unknown }
  | {
      status: 'error';
      error: { code: string; message: string; details: FieldError[]; facts?: ApiError['facts'] };
      meta: { requestId: string };
    };

/** The HTTP transport: one operation, one request, as `routeOf` says. */
export function httpTransport({ base, fetch, headers, renew }: HttpOptions): Transport {
  async function send(operation: Operation, input: Record<string, unknown>, options: CallOptions): Promise<Response> {
    const { url, init } = requestOf(operation, input);
    const own: Record<string, string> = { ...(await headers()), ...(init.headers as Record<string, string>) };
    if (operation.kind === 'command' && options.commandId) own['Idempotency-Key'] = options.commandId;
    try {
      return await fetch(base + API_PREFIX + url, {
        ...init,
        headers: own,
        credentials: 'same-origin',
        signal: options.signal ?? null,
      });
    } catch (cause) {
      if (options.signal?.aborted) throw cause;
      throw new ApiError('unavailable', { cause, message: 'The server cannot be reached.' });
    }
  }

  return {
    async call(_name, operation, input, options) {
      let response = await send(operation, input, options);
      if (response.status === 401 && operation.kind !== 'session' && renew && (await renew())) {
        response = await send(operation, input, options);
      }
      if (!response.ok) throw await refusalOf(response);
      if (operation.kind === 'download') return downloadOf(response, options);
      try {
        return ((await response.json()) as { data: unknown }).data;
      } catch (cause) {
        if (options.signal?.aborted) throw cause;
        // The line broke in the middle of the answer: nobody knows what it said.
        throw new ApiError('unavailable', { cause, message: 'The server’s answer did not arrive whole.' });
      }
    },
  };
}

function requestOf(operation: Operation, input: Record<string, unknown>): { url: string; init: RequestInit } {
  const { method, path, params } = routeOf(operation);
  const { file, ...rest } = operation.kind === 'upload' ? (input as { file?: Blob }) : { ...input, file: undefined };
  const others = Object.entries(rest).filter(([key, value]) => !params.includes(key) && value !== undefined);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
  if (method === 'GET' || operation.kind === 'upload') {
    const search = new URLSearchParams(
      others.map(([key, value]) => [key, Array.isArray(value) ? value.join(',') : String(value)]),
    );
    const url = others.length > 0 ? `${filled}?${search}` : filled;
    return {
      url,
      init: file ? { method, body: file, headers: { 'Content-Type': operation.media?.[0] ?? '' } } : { method },
    };
  }
  return {
    url: filled,
    init: { method, body: JSON.stringify(Object.fromEntries(others)), headers: { 'Content-Type': 'application/json' } },
  };
}

/** The refusal in an answer; one that is not in our envelope (a proxy's page) is the server being away. */
async function refusalOf(response: Response): Promise<ApiError> {
  const envelope = (await response.json().catch(() => null)) as Envelope | null;
  if (envelope?.status !== 'error' || !(envelope.error.code in ERRORS)) {
    return new ApiError('unavailable', {
      message: `The server answered ${response.status} in a way this program does not know.`,
    });
  }
  const { code, message, details, facts } = envelope.error;
  return new ApiError(code as ErrorCode, {
    message,
    fields: details,
    facts: facts ?? {},
    requestId: envelope.meta.requestId,
  });
}

function downloadOf(response: Response, { progress }: CallOptions): Download {
  const body = response.body as Download['body'];
  const entries = Number(response.headers.get(ENTRIES) ?? 0);
  const filename = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'download';
  return {
    filename,
    media: response.headers.get('Content-Type') ?? 'application/octet-stream',
    body: progress && entries > 0 ? body.pipeThrough(counting(entries, progress)) : body,
  };
}

const LINE_END = 10;

/** Lets everything through, and tells at each hundredth how many lines there were: a text in an entry may hold one more. */
function counting(total: number, tell: NonNullable<CallOptions['progress']>) {
  let lines = 0;
  let told = 0;
  tell(0, total);
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, out) {
      for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) lines += 1;
      const done = Math.min(lines, total);
      const share = Math.floor((100 * done) / total);
      if (share > told) tell(done, total);
      told = share;
      out.enqueue(chunk);
    },
  });
}
