import * as z from 'zod';
import type { Role } from '../domain/people.ts';
import { type Level, type Rights, reaches } from '../domain/rights.ts';
import { type CommonError, type Details, type ErrorCode, messageOf, statusOf } from './errors.ts';

/**
 * Who may call an operation: everyone, anyone signed in, a paired desk (whoever sits at it, or nobody), or holders of one
 * of these roles.
 */
export type Who = 'public' | 'anyone' | 'station' | readonly Role[];

/**
 * What an operation is:
 * - `query` reads;
 * - `command` changes something, once per command id, in one transaction;
 * - `session` is about signing in: never stored, and may set cookies;
 * - `download` answers with a stream, `upload` receives one. Long work is a command that answers with a job.
 */
export type Kind = 'query' | 'command' | 'session' | 'download' | 'upload';

type Shape = z.ZodObject<z.ZodRawShape>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Route = `${Method} /${string}`;

export type Operation<
  K extends Kind = Kind,
  I extends Shape = Shape,
  O extends z.ZodType = z.ZodType,
  E extends ErrorCode = ErrorCode,
> = Readonly<{
  kind: K;
  route: Route;
  summary: string;
  who: Who;
  input: I;
  output: O;
  errors: readonly E[];
  /** HTTP status of success; 200 unless said. */
  status?: 200 | 201 | 202;
  /** Reading this leaves an audit entry: it shows a patient's record. */
  audited?: boolean;
  /** The answer holds text about a patient: it is remembered only under that patient's key. */
  confidential?: boolean;
  /** Media types of a download, or what an upload accepts. */
  media?: readonly string[];
  /** Also decided on a desk without the server, by the `decide` function of this name in `domain/`. */
  offline?: string;
  /**
   * Whoever calls it has proved who they are within the last five minutes, by all that they have and not by a PIN. `factor`: only
   * whoever signs in with a second factor; of others the password that it takes is as much.
   */
  fresh?: true | 'factor';
  /** How many calls a minute one device may make; a general limit applies unless said. */
  perMinute?: number;
}>;

type Declaration<I extends Shape, O extends z.ZodType, E extends ErrorCode> = Omit<Operation<Kind, I, O, E>, 'kind'>;

const declare =
  <K extends Kind>(kind: K) =>
  <I extends Shape, O extends z.ZodType, const E extends ErrorCode = never>(
    declaration: Declaration<I, O, E>,
  ): Operation<K, I, O, E> => ({ kind, ...declaration, input: declaration.input.strict() as unknown as I });

export const query = declare('query');
export const command = declare('command');
export const session = declare('session');
export const download = declare('download');
export const upload = declare('upload');

/** Operations by group and name: `visits.issue`. */
export type Api = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** What a caller gives, what a handler gets, and what comes back. */
export type Given<Op extends Operation> = z.input<Op['input']>;
export type Input<Op extends Operation> = z.output<Op['input']>;
export type Output<Op extends Operation> = z.output<Op['output']>;
export type ErrorOf<Op extends Operation> = Op['errors'][number] | CommonError;

/** Every operation's full name, as a type. */
export type OperationName<A extends Api> = { [G in keyof A & string]: `${G}.${keyof A[G] & string}` }[keyof A & string];
export type OperationNamed<A extends Api, N extends string> = N extends `${infer G}.${infer O}` ? A[G][O] : never;

export function listOperations<A extends Api>(api: A): { name: OperationName<A>; operation: Operation }[] {
  return Object.entries(api).flatMap(([group, operations]) =>
    Object.entries(operations).map(([name, operation]) => ({
      name: `${group}.${name}` as OperationName<A>,
      operation,
    })),
  );
}

/** The parts of a route: method, path with `{id}` in it, and the names of those parts. */
export function routeOf(operation: Operation): { method: Method; path: string; params: string[] } {
  const [method, path] = operation.route.split(' ') as [Method, string];
  return { method, path, params: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string) };
}

// --- who may ------------------------------------------------------------------------------------------------------

/** What an operation is a part of, as rights are given for it: its group. */
export const featureOf = (name: string): string => name.slice(0, name.indexOf('.'));

/** How much of its feature an operation is. */
export function levelOf({ kind, status }: Pick<Operation, 'kind' | 'status'>): Level {
  if (kind === 'query' || kind === 'download') return 'read';
  return status === 201 ? 'create' : 'full';
}

export type Caller = Readonly<{ signedIn: boolean; atDesk: boolean; roles: readonly Role[]; rights: Rights }>;

/** Whether this caller may call this operation at all, by role or by what was granted; rows have rules of their own. */
export function mayCall(name: string, operation: Pick<Operation, 'who' | 'kind' | 'status'>, caller: Caller): boolean {
  const { who } = operation;
  if (who === 'public') return true;
  if (who === 'station') return caller.atDesk;
  if (!caller.signedIn) return false;
  if (who === 'anyone') return true;
  const held = caller.rights[featureOf(name)];
  if (held === 'none') return false;
  return who.some((role) => caller.roles.includes(role)) || (held !== undefined && reaches(held, levelOf(operation)));
}

// --- values in a query string ----------------------------------------------------------------------------------------

/** A whole number that may arrive as text. */
export const integer = (min: number, max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d+$/, 'A whole number')
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max))
    .meta({ override: { type: 'integer', minimum: min, maximum: max } });

/** A yes or no that may arrive as text. */
export const flag = () =>
  z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
    .meta({ override: { type: 'boolean' } });

/** One or several values, comma-separated in a query string. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value),
    z.array(item).max(200),
  );

/** A page of a list that is always newest first. */
export const newestFirst = {
  limit: integer(1, 500).default(50),
  cursor: z.string().max(500).optional(),
  fields: z.string().max(500).optional().meta({ description: 'Columns wanted, comma-separated; all when absent.' }),
};

/**
 * A page of a list. `cursor` is opaque: give back `nextCursor` to go on; null means the end.
 * `fields` names the columns wanted, comma-separated; `sort` a column, with `-` for descending.
 */
export const pageInput = <const S extends string>(sorts: readonly [S, ...S[]]) => ({
  limit: integer(1, 500).default(50),
  cursor: z.string().max(500).optional(),
  sort: z.enum(sorts.flatMap((sort) => [sort, `-${sort}`]) as [S | `-${S}`, ...(S | `-${S}`)[]]).optional(),
  fields: z.string().max(500).optional().meta({ description: 'Columns wanted, comma-separated; all when absent.' }),
});

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

// --- events ----------------------------------------------------------------------------------------------------------

/** Something that happened, told to those whose scope it is. Payloads carry ids, never text about a patient. */
export type Event<P extends z.ZodType = z.ZodType> = Readonly<{ summary: string; payload: P }>;
export const event = <P extends z.ZodType>(summary: string, payload: P): Event<P> => ({ summary, payload });
export type Events = Readonly<Record<string, Event>>;
export type Payload<E extends Event> = z.output<E['payload']>;

// --- refusals --------------------------------------------------------------------------------------------------------

export type FieldError = Readonly<{ field: string; message: string; code: string }>;

/** A refusal, on either side of the wire. Its message says what to do and never what broke inside. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly facts: Details;
  readonly fields: readonly FieldError[];
  readonly requestId: string | undefined;

  constructor(
    code: ErrorCode,
    more: {
      facts?: Details;
      fields?: readonly FieldError[];
      message?: string;
      requestId?: string;
      cause?: unknown;
    } = {},
  ) {
    super(more.message ?? messageOf(code, more.facts), { cause: more.cause });
    this.name = 'ApiError';
    this.code = code;
    this.facts = more.facts ?? {};
    this.fields = more.fields ?? [];
    this.requestId = more.requestId;
  }

  get status(): number {
    return statusOf(this.code);
  }
}

/** A parser's complaints as the envelope's `details`. */
export const fieldErrors = (error: z.ZodError): FieldError[] =>
  error.issues.map((issue) => ({
    field:
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => [...issue.path, key].join('.')).join(', ')
        : issue.path.join('.'),
    message: issue.code === 'unrecognized_keys' ? `Unknown field: ${issue.keys.join(', ')}.` : issue.message,
    code: issue.code,
  }));

/**
 * Reads an operation's input. Fields that the operation answers with but does not take are the server's own (a token, a
 * state, a version, sent back with a whole record) and are left out; any other unknown field is an error, since it is
 * most likely a misspelt one.
 */
export function parseInput<Op extends Operation>(operation: Op, given: Readonly<Record<string, unknown>>): Input<Op> {
  const serverOwned = operation.output instanceof z.ZodObject ? operation.output.shape : {};
  const known = operation.input.shape;
  const mine = Object.fromEntries(Object.entries(given).filter(([key]) => key in known || !(key in serverOwned)));
  // Also of what is left out: whether a command is the same again is told by all of it.
  const code = unreadable(given);
  if (code) {
    throw new ApiError('validation_failed', { fields: [{ field: 'body', code, message: UNREADABLE[code] }] });
  }
  const result = operation.input.safeParse(mine);
  if (!result.success) throw new ApiError('validation_failed', { fields: fieldErrors(result.error) });
  return result.data as Input<Op>;
}

const UNREADABLE = {
  nul: 'A text here has a NUL character in it, which nobody can have typed.',
  depth: 'This is nested deeper than anything that is asked for here.',
} as const;
/** No input has so many levels; each would be a step of every function that goes down them. */
const DEEPEST = 20;

/** What no database keeps and no person types, before anything else looks at it. */
function unreadable(value: unknown, depth = 0): keyof typeof UNREADABLE | null {
  if (depth > DEEPEST) return 'depth';
  if (typeof value === 'string') return value.includes('\0') ? 'nul' : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const inner of Object.values(value)) {
    const found = unreadable(inner, depth + 1);
    if (found) return found;
  }
  return null;
}
