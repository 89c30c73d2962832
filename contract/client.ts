import { type Api, ApiError, type Given, type Operation, type Output } from './kit.ts';

/** What a caller may add to a call. */
export type CallOptions = Readonly<{
  /** The command id: the same one repeats the same command, and gets the first answer. */
  commandId?: string;
  /** A download is to be looked at or printed by the page: the desktop hands it over instead of saving it. */
  inPage?: boolean;
  signal?: AbortSignal;
  /** Told now and then how much of a download has arrived, where the server said of how many entries it is. */
  progress?: (done: number, total: number) => void;
}>;

/** A stream that came back from a download. On the desktop, main has written it where the person chose, and `body` is absent. */
export type Download = Readonly<{ filename: string; media: string; body: ReadableStream<Uint8Array> }>;

/** Carries calls to whoever answers them: over HTTP, over IPC, or within one process. */
export type Transport = Readonly<{
  call: (name: string, operation: Operation, input: Record<string, unknown>, options: CallOptions) => Promise<unknown>;
}>;

type Answer<Op extends Operation> = Op['kind'] extends 'download' ? Download : Output<Op>;
type Extra<Op extends Operation> = Op['kind'] extends 'upload' ? { file: Blob } : unknown;
type Call<Op extends Operation> =
  Record<never, never> extends Given<Op> & Extra<Op>
    ? (input?: Given<Op> & Extra<Op>, options?: CallOptions) => Promise<Answer<Op>>
    : (input: Given<Op> & Extra<Op>, options?: CallOptions) => Promise<Answer<Op>>;

export type Client<A extends Api> = { readonly [G in keyof A]: { readonly [N in keyof A[G]]: Call<A[G][N]> } };

/** The same client everywhere; only the transport differs. */
export function createClient<A extends Api>(api: A, transport: Transport): Client<A> {
  const groups = Object.entries(api).map(([group, operations]) => [
    group,
    Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [
        name,
        (input: Record<string, unknown> = {}, options: CallOptions = {}) =>
          transport.call(`${group}.${name}`, operation, input, options),
      ]),
    ),
  ]);
  return Object.fromEntries(groups) as Client<A>;
}

/** What comes back over IPC: a value or a refusal, never a thrown error. */
export type Reply =
  | { ok: true; value: unknown }
  | {
      ok: false;
      error: {
        code: ApiError['code'];
        facts: ApiError['facts'];
        fields: ApiError['fields'];
        message: string;
        requestId?: string;
      };
    };

export const refusalReply = (error: ApiError): Reply => ({
  ok: false,
  error: {
    code: error.code,
    facts: error.facts,
    fields: error.fields,
    message: error.message,
    ...(error.requestId ? { requestId: error.requestId } : {}),
  },
});

/** Opens a reply: the value, or the refusal thrown as the same error that HTTP would give. */
export function openReply(reply: Reply): unknown {
  if (reply.ok) return reply.value;
  throw new ApiError(reply.error.code, reply.error);
}
