import { API_PREFIX } from '../../contract/http.ts';
import { api, type MedlaneApi, type MedlaneOperation } from '../../contract/index.ts';
import { listOperations, type Operation, type OperationNamed, routeOf } from '../../contract/kit.ts';

/** The HTTP side as a stranger sees it: nothing here goes through the typed client. */

export type Refused = Readonly<{
  code: string;
  message: string;
  details: readonly Readonly<{ field: string; message: string; code: string }>[];
  facts: Readonly<Record<string, unknown>>;
}>;
export type Envelope = Readonly<{
  status: string;
  data?: unknown;
  error?: Refused;
  meta: Readonly<{ timestamp: string; version: string; requestId: string }>;
}>;
export type Reply = Readonly<{ status: number; headers: Headers; text: string; body: Envelope }>;
export type Raw = Readonly<Record<string, unknown>>;
export type AskOptions = Readonly<{
  token?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  /** The server is addressed by its name, and not by its bare address. */
  named?: boolean;
  /** What an upload sends. */
  file?: string;
}>;

export type CodesOf<N extends MedlaneOperation> =
  OperationNamed<MedlaneApi, N> extends { errors: readonly (infer E)[] } ? E & string : never;

export const OPERATIONS = listOperations(api);

export const operationOf = (name: MedlaneOperation): Operation => {
  const found = OPERATIONS.find((one) => one.name === name);
  if (!found) throw new Error(`There is no operation ${name}.`);
  return found.operation;
};

/** Whether an operation's input goes in the query string. */
export const isInQuery = (operation: Operation): boolean =>
  routeOf(operation).method === 'GET' || operation.kind === 'upload';

/** Asks an operation by its route; nothing of the input is checked on this side. */
export async function ask(url: string, name: MedlaneOperation, input: Raw, options: AskOptions = {}): Promise<Reply> {
  const operation = operationOf(name);
  const { method, path, params } = routeOf(operation);
  const others = Object.entries(input).filter(([key, value]) => !params.includes(key) && value !== undefined);
  const filled = path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(String(input[part])));
  const search = isInQuery(operation) && others.length > 0 ? `?${new URLSearchParams(others.map(asText))}` : '';
  const body = operation.kind === 'upload' ? (options.file ?? '') : JSON.stringify(Object.fromEntries(others));
  const media = operation.kind === 'upload' ? 'text/csv' : 'application/json';
  const base = options.named ? url.replace('127.0.0.1', 'localhost') : url;
  return send(`${base}${API_PREFIX}${filled}${search}`, {
    method,
    headers: {
      ...(method === 'GET' ? {} : { 'Content-Type': media }),
      ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}),
      ...options.headers,
    },
    ...(method === 'GET' ? {} : { body }),
  });
}

const asText = ([key, value]: [string, unknown]): [string, string] => [
  key,
  Array.isArray(value) ? value.join(',') : String(value),
];

export async function send(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  return replyOf(response.status, response.headers, text);
}

/** An answer in its envelope; a file's text stays beside an empty one. */
export function replyOf(status: number, headers: Headers, text: string): Reply {
  const isFile = headers.has('Content-Disposition');
  const isJson = !isFile && (headers.get('Content-Type') ?? '').startsWith('application/json');
  const none = { status: 'none', meta: { timestamp: '', version: '', requestId: '' } };
  return { status, headers, text, body: isJson ? (JSON.parse(text) as Envelope) : none };
}

/** The `data` of an answer, letter by letter as it came. */
export const dataText = ({ text }: Reply): string => text.slice(text.indexOf('"data":'), text.lastIndexOf(',"meta":'));
