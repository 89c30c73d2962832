import { createHmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { Details, ErrorCode } from '../contract/errors.ts';
import type { MedlaneApi } from '../contract/index.ts';
import { ApiError, type Input, listOperations, mayCall, type Operation, parseInput } from '../contract/kit.ts';
import { type Actor, callerOf } from './actor.ts';
import type { Committer } from './db/commit.ts';
import type { Reader } from './db/connection.ts';
import type { Trace, Tx, Voice } from './db/scope.ts';
import type { Ports } from './ports.ts';

/** What of the browser an operation about signing in may touch. */
export type Web = Readonly<{
  cookies: Readonly<Record<string, string | undefined>>;
  csrf: string | undefined;
  userAgent: string;
  /** Where the page that asks is from, as it addressed this server: `http://localhost:8123`. */
  origin: string;
  setCookie: (name: string, value: string, options: { maxAgeMs: number; httpOnly: boolean }) => void;
}>;

type Fail<E extends ErrorCode> = (code: E, facts?: Details, more?: { fields?: ApiError['fields'] }) => never;

/** Everything a reading handler may use. */
export type QueryContext<E extends ErrorCode = never> = Readonly<{
  db: Reader;
  actor: Actor;
  /** The actor's branch: rows of another are as good as absent. */
  branchId: string;
  now: number;
  fail: Fail<E>;
  record: Voice['record'];
  signal: AbortSignal;
}>;

/** Everything a changing handler may use. */
export type CommandContext<E extends ErrorCode = never> = Readonly<{
  tx: Tx;
  actor: Actor;
  branchId: string;
  now: number;
  id: () => string;
  commandId: string;
  emit: Voice['emit'];
  record: Voice['record'];
  fail: Fail<E>;
  web: Web;
  /**
   * Done once what was changed is safely stored, and nothing of it when it was refused; the answer waits for it, and what it
   * throws is the answer. For what must not happen within a transaction: mail.
   */
  afterwards: (work: () => Promise<void>) => void;
}>;

type PrepareContext<E extends ErrorCode> = Pick<QueryContext<E>, 'db' | 'actor' | 'now' | 'fail'> &
  Readonly<{ web: Web }>;

export type FileAnswer = Readonly<{
  filename: string;
  media: string;
  /** Each piece is lent until the next is asked for. */
  body: AsyncIterable<Uint8Array>;
  headers?: Readonly<Record<string, string>>;
}>;

type Codes<Op extends Operation> = Op['errors'][number];
type Answer<Op extends Operation> = Promise<z.input<Op['output']>>;
type Change<Op extends Operation> = (ctx: CommandContext<Codes<Op>>, input: Input<Op>) => Answer<Op>;
/** Slow work (hashing, signing) is done in `prepare`, before the transaction, and has no `tx`. */
// biome-ignore lint/suspicious/noExplicitAny: what `prepare` hands over is known only to its own handler
type Prepared<Op extends Operation, P = any> = Readonly<{
  prepare: (ctx: PrepareContext<Codes<Op>>, input: Input<Op>) => Promise<P>;
  handle: (ctx: CommandContext<Codes<Op>>, input: Input<Op>, prepared: P) => Answer<Op>;
}>;

export type Handler<Op extends Operation> = Op['kind'] extends 'query'
  ? (ctx: QueryContext<Codes<Op>>, input: Input<Op>) => Answer<Op>
  : Op['kind'] extends 'download'
    ? (ctx: QueryContext<Codes<Op>>, input: Input<Op>) => Promise<FileAnswer>
    : Op['kind'] extends 'upload'
      ? (ctx: QueryContext<Codes<Op>>, input: Input<Op>, file: Readable) => Answer<Op>
      : Change<Op> | Prepared<Op>;

type Group = keyof MedlaneApi;
export type GroupHandlers<G extends Group> = {
  [N in keyof MedlaneApi[G]]: MedlaneApi[G][N] extends Operation ? Handler<MedlaneApi[G][N]> : never;
};
/** One handler per operation: a missing one does not compile. */
export type Handlers = { [G in Group]: GroupHandlers<G> };

/** Ties `prepare` to `handle`, so that what one hands over is what the other gets. */
export const prepared = <Op extends Operation, P>(handler: Prepared<Op, P>): Prepared<Op, P> => handler;

export type Call = Readonly<{
  name: string;
  input: Readonly<Record<string, unknown>>;
  actor: Actor;
  requestId: string;
  commandId?: string | undefined;
  web: Web;
  file?: Readable | undefined;
  signal: AbortSignal;
}>;

export type Dispatch = (call: Call) => Promise<unknown>;

/** For how long (ms) somebody who proved who they are may do what needs it. */
const PROOF_LIFE = 5 * 60_000;

type Options = Readonly<{
  api: MedlaneApi;
  handlers: Handlers;
  committer: Committer;
  reader: Reader;
  ports: Ports;
  /** Mixed into what is remembered of a command's input, which may hold a password or a document's number. */
  pepper: Buffer;
}>;

/** The one path of every call: may they, is it well formed, run it, is the answer what was declared. */
export function createDispatch({ api, handlers, committer, reader, ports, pepper }: Options): Dispatch {
  const operations = new Map(
    listOperations(api).map(({ name, operation }) => {
      const [group, own] = name.split('.') as [Group, string];
      return [name as string, { operation, handler: (handlers[group] as Record<string, unknown>)[own] }];
    }),
  );

  const fail: Fail<ErrorCode> = (code, facts, more) => {
    throw new ApiError(code, { ...(facts ? { facts } : {}), ...more });
  };

  /** An audit entry of its own, durable before the answer goes out. */
  const leaveTrace = (call: Call, trace: Trace, outcome = 'ok') =>
    committer.submit({
      actor: call.actor,
      requestId: call.requestId,
      operation: call.name,
      commandId: ports.id(),
      bodyHash: null,
      confidential: false,
      run: async (_tx, voice) => voice.record({ outcome, ...trace }),
    });

  async function read(call: Call, operation: Operation, handler: unknown, input: unknown): Promise<unknown> {
    let trace: Trace = {};
    const ctx: QueryContext = {
      db: reader,
      actor: call.actor,
      branchId: call.actor.branchId ?? '',
      now: ports.now(),
      fail,
      signal: call.signal,
      record: (more) => {
        trace = { ...trace, ...more };
      },
    };
    const run = handler as (ctx: QueryContext, input: unknown, file?: Readable) => Promise<unknown>;
    const value = await run(ctx, input, call.file);
    if (operation.audited) await leaveTrace(call, trace);
    return value;
  }

  async function write(call: Call, operation: Operation, handler: unknown, input: unknown): Promise<unknown> {
    const { handle, prepare } =
      typeof handler === 'function' ? { handle: handler, prepare: undefined } : (handler as Prepared<Operation>);
    const run = handle as (ctx: CommandContext, input: unknown, prepared: unknown) => Promise<unknown>;
    const ready = await prepare?.(
      { db: reader, actor: call.actor, now: ports.now(), fail, web: call.web },
      input as never,
    );
    const commandId = call.commandId ?? ports.id();
    const after: (() => Promise<void>)[] = [];
    const answer = await committer.submit({
      actor: call.actor,
      requestId: call.requestId,
      operation: call.name,
      commandId,
      bodyHash: operation.kind === 'session' || call.actor.id === 'nobody' ? null : hashOf(call, pepper),
      confidential: operation.confidential ?? false,
      run: async (tx, voice) => {
        const { actor, web } = call;
        const ctx: CommandContext = {
          tx,
          actor,
          branchId: actor.branchId ?? '',
          now: ports.now(),
          id: ports.id,
          commandId,
          fail,
          web,
          afterwards: (work) => after.push(work),
          ...voice,
        };
        return answered(operation, await run(ctx, input, ready));
      },
    });
    for (const work of after) await work();
    return answer;
  }

  return async (call) => {
    const found = operations.get(call.name);
    if (!found) throw new ApiError('not_found');
    const { operation, handler } = found;
    if (!mayCall(call.name, operation, callerOf(call.actor))) {
      if (call.actor.id === 'nobody') throw new ApiError('unauthenticated');
      await leaveTrace(call, {}, 'forbidden');
      throw new ApiError('forbidden');
    }
    if (asksProof(operation, call.actor) && ports.now() - call.actor.provedAt > PROOF_LIFE)
      throw new ApiError('step_up');
    const input = parseInput(operation, call.input);
    if (operation.kind === 'command' || operation.kind === 'session') return write(call, operation, handler, input);
    const value = await read(call, operation, handler, input);
    if (operation.kind === 'download') return value;
    return selected(operation, answered(operation, value), (input as { fields?: string }).fields);
  };
}

const asksProof = ({ fresh }: Operation, { askedFactor }: Actor) =>
  fresh === true || (fresh === 'factor' && askedFactor);

/** The same command id with another body is another command: this is what is compared. Without the key nobody tries inputs on it. */
const hashOf = (call: Call, pepper: Buffer): string =>
  createHmac('sha256', pepper).update(call.name).update('\n').update(stable(call.input)).digest('base64');

const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** The answer as declared: nothing that the contract does not name leaves the server. */
function answered(operation: Operation, value: unknown): unknown {
  const result = operation.output.safeParse(value);
  if (!result.success)
    throw new Error(`${operation.route} answered something else than declared: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** `fields=a,b`: only these columns of each item; `id` always. */
function selected(operation: Operation, value: unknown, fields: string | undefined): unknown {
  const list = value as { items?: Record<string, unknown>[] };
  if (!fields || !Array.isArray(list.items)) return value;
  const wanted = new Set(['id', ...fields.split(',').map((field) => field.trim())]);
  const columns = columnsOf(operation);
  const unknown = [...wanted].filter((field) => field !== 'id' && columns && !columns.includes(field));
  if (unknown.length > 0) {
    throw new ApiError('validation_failed', {
      fields: [{ field: 'fields', code: 'unknown_column', message: `There is no column ${unknown.join(', ')}.` }],
    });
  }
  return {
    ...list,
    items: list.items.map((item) => Object.fromEntries(Object.entries(item).filter(([key]) => wanted.has(key)))),
  };
}

/** The columns of a list's items, as declared. */
function columnsOf({ output }: Operation): string[] | null {
  const items = output instanceof z.ZodObject ? output.shape['items'] : undefined;
  const item = items instanceof z.ZodArray ? items.element : undefined;
  return item instanceof z.ZodObject ? Object.keys(item.shape) : null;
}
