/**
 * The synchronous link between the page's world and the preload's, with contextBridge's rules: functions become
 * proxies, plain objects and arrays are copied, prototypes are dropped, errors keep their message only.
 * It is built on CustomEvents, whose details Chromium clones from world to world — hence text.
 */
import { parse, stringify } from 'devalue';

type Anything = (...args: unknown[]) => unknown;

type Note =
  | { kind: 'call'; id: number; target: string; args: string }
  | { kind: 'return'; id: number; value: string }
  | { kind: 'throw'; id: number; message: string }
  | { kind: 'settle'; id: number; value: string }
  | { kind: 'break'; id: number; message: string };

export interface Link {
  /** Calls a function of the other side by its name and waits for the answer. */
  call(target: string, args: readonly unknown[]): unknown;
}

export interface LinkOptions {
  readonly send: string;
  readonly receive: string;
  /** Functions the other side may call by name. */
  readonly offers: Readonly<Record<string, Anything>>;
  /** Changes text on its way out: addresses differ between the two worlds. */
  readonly mapText?: (text: string) => string;
}

class FunctionMark {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

class PromiseMark {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

class ErrorMark {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

const DEPTH_LIMIT = 1000;

export function createLink({ send, receive, offers, mapText = (text) => text }: LinkOptions): Link {
  // Taken now: a page that replaces these later must not be able to listen in.
  const dispatch = window.dispatchEvent.bind(window);
  const NoteEvent = CustomEvent;
  const functions = new Map<string, Anything>(Object.entries(offers));
  const answers = new Map<number, Note>();
  const promises = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;

  const tell = (note: Note) => dispatch(new NoteEvent(send, { detail: JSON.stringify(note) }));

  const call = (target: string, args: readonly unknown[]): unknown => {
    const id = ++lastId;
    tell({ kind: 'call', id, target, args: encode(args) });
    const answer = answers.get(id);
    answers.delete(id);
    if (answer?.kind === 'return') return decode(answer.value);
    throw new Error(answer?.kind === 'throw' ? answer.message : 'the other world did not answer');
  };

  const encode = (value: unknown): string => {
    const copy = copyAll(value, { mark, mapText, seen: new Map() }, 0);
    try {
      return stringify(copy, {
        call: (found) => found instanceof FunctionMark && found.id,
        promise: (found) => found instanceof PromiseMark && found.id,
        // In a list, since an empty message alone would read as "not this kind".
        error: (found) => found instanceof ErrorMark && [found.message],
      });
    } catch (cause) {
      throw new Error('An object could not be cloned.', { cause });
    }
  };

  const decode = (text: string): unknown =>
    parse(text, {
      call:
        (id: string) =>
        (...args: unknown[]) =>
          call(id, args),
      promise: (id: number) => {
        const promise = Promise.withResolvers<unknown>();
        promises.set(id, promise);
        return promise.promise;
      },
      error: ([message]: [string]) => new Error(message),
    });

  const mark = (value: unknown): unknown => {
    if (typeof value === 'function') {
      const id = `#${++lastId}`;
      functions.set(id, value as Anything);
      return new FunctionMark(id);
    }
    if (value instanceof Promise) {
      const id = ++lastId;
      // Told in a later task than the mark itself, so that the other side already has the promise.
      value.then(
        (result) => tell({ kind: 'settle', id, value: encode(result) }),
        (reason) => tell({ kind: 'break', id, message: messageOf(reason) }),
      );
      return new PromiseMark(id);
    }
    return value instanceof Error ? new ErrorMark(value.message) : undefined;
  };

  const answerCall = ({ id, target, args }: Extract<Note, { kind: 'call' }>) => {
    try {
      const result = functions.get(target)?.(...(decode(args) as unknown[]));
      tell({ kind: 'return', id, value: encode(result) });
    } catch (error) {
      tell({ kind: 'throw', id, message: messageOf(error) });
    }
  };

  window.addEventListener(receive, (event) => {
    event.stopImmediatePropagation();
    const note = JSON.parse((event as CustomEvent<string>).detail) as Note;
    if (note.kind === 'call') answerCall(note);
    else if (note.kind === 'settle') promises.get(note.id)?.resolve(decode(note.value));
    else if (note.kind === 'break') promises.get(note.id)?.reject(new Error(note.message));
    else answers.set(note.id, note);
  });

  return { call };
}

interface CopyRules {
  readonly mark: (value: unknown) => unknown;
  readonly mapText: (text: string) => string;
  readonly seen: Map<object, unknown>;
}

function copyAll(value: unknown, rules: CopyRules, depth: number): unknown {
  if (depth > DEPTH_LIMIT) throw new Error('Electron contextBridge recursion depth exceeded.');
  if (typeof value === 'string') return rules.mapText(value);
  if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  const known = rules.seen.get(value) ?? rules.mark(value);
  if (known !== undefined) {
    rules.seen.set(value, known);
    return known;
  }
  if (isSpecial(value)) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  rules.seen.set(value, copy);
  for (const [key, member] of Object.entries(value)) Reflect.set(copy, key, copyAll(member, rules, depth + 1));
  return copy;
}

/** Dates, maps, buffers and their like go through structured clone as they are. */
function isSpecial(value: object): boolean {
  return !Array.isArray(value) && Object.prototype.toString.call(value) !== '[object Object]';
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
