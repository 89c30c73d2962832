import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import * as z from 'zod';
import { type CallOptions, type Reply, refusalReply } from '../contract/client.ts';
import { callId, type DesktopCall, type DesktopHandlers, desktopCalls } from '../contract/desktop.ts';
import { api } from '../contract/index.ts';
import { ApiError, fieldErrors, listOperations, type Operation, parseInput } from '../contract/kit.ts';
import { printing } from '../contract/printing.ts';
import { APP_ORIGIN, isOurPage } from './protocol.ts';

type Options = Readonly<{
  windows: () => readonly BrowserWindow[];
  call: (name: string, operation: Operation, input: Record<string, unknown>, options: PageOptions) => Promise<unknown>;
  /** What concerns this computer alone. */
  desktop: DesktopHandlers;
}>;

/** What a page may add to a call. What cannot cross, a signal and a function, goes by the call's id instead. */
export type PageOptions = Pick<CallOptions, 'commandId' | 'inPage'> & Readonly<{ callId?: string }>;

/** Tells every page of ours. */
export type Push = (event: string, payload: unknown) => void;

// The two names that preload.ts knows as well.
const CALL = 'medlane:call';
const EVENT = 'medlane:event';
const LARGEST_FILE = 256 * 1024 * 1024;

/** A map, a set and a buffer look like an object without fields to a parser, which also drops `__proto__` in silence. */
const plain = z.custom<Record<string, unknown>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value)) &&
    !Object.hasOwn(value, '__proto__'),
);
const options = z.strictObject({
  inPage: z.boolean().optional(),
  callId: callId.optional(),
  commandId: callId.optional(),
});
const request = z.tuple([z.string().max(100), plain.optional(), plain.pipe(options).optional()]);

/**
 * The only door between the pages and this process: one call, by the name of an operation of the contract. A page may be
 * in anybody's hands; so every call is checked for who asks and what, and gets an answer, never an exception.
 */
export function openIpc({ windows, call, desktop }: Options): Push {
  const operations = new Map<string, Operation>(
    listOperations({ ...api, printing }).map(({ name, operation }) => [name, operation]),
  );

  async function answer(event: IpcMainInvokeEvent, given: unknown[]): Promise<Reply> {
    try {
      if (!isOurs(event, windows())) throw new ApiError('forbidden');
      const parsed = request.safeParse([given[0], given[1] ?? undefined, given[2] ?? undefined]);
      if (!parsed.success || given.length > 3) throw new ApiError('validation_failed');
      const [name, input = {}, more = {}] = parsed.data;
      if (isDesktopCall(name)) return { ok: true, value: await runDesktop(desktop, name, input) };
      const operation = operations.get(name);
      if (!operation) throw new ApiError('not_found', { message: 'There is no such operation.' });
      return { ok: true, value: await call(name, operation, checked(operation, input), optionsOf(more)) };
    } catch (error) {
      return refusalReply(error instanceof ApiError ? error : new ApiError('internal', { cause: error }));
    }
  }

  ipcMain.handle(CALL, (event, ...given: unknown[]) => answer(event, given));
  return (event, payload) => {
    for (const { webContents } of windows()) if (!webContents.isDestroyed()) webContents.send(EVENT, event, payload);
  };
}

/** The main frame of one of our windows, still showing our own page. */
function isOurs({ sender, senderFrame }: IpcMainInvokeEvent, windows: readonly BrowserWindow[]): boolean {
  return (
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame.origin === APP_ORIGIN &&
    isOurPage(senderFrame.url) &&
    windows.some(({ webContents }) => webContents === sender)
  );
}

const isDesktopCall = (name: string): name is DesktopCall => Object.hasOwn(desktopCalls, name);

async function runDesktop(desktop: DesktopHandlers, name: DesktopCall, input: Record<string, unknown>) {
  const parsed = desktopCalls[name].input.safeParse(input);
  if (!parsed.success) throw new ApiError('validation_failed', { fields: fieldErrors(parsed.error) });
  const handler = desktop[name] as (input: unknown) => unknown;
  return desktopCalls[name].output.parse(await handler(parsed.data));
}

const optionsOf = ({ commandId, inPage, callId }: z.output<typeof options>): PageOptions => ({
  ...(commandId ? { commandId } : {}),
  ...(inPage ? { inPage } : {}),
  ...(callId ? { callId } : {}),
});

/** What the operation takes, and no more: only what was checked leaves for the server. A file arrives as its bytes. */
function checked(operation: Operation, input: Record<string, unknown>): Record<string, unknown> {
  if (operation.kind !== 'upload') return parseInput(operation, input);
  const { file, ...rest } = input;
  if (typeof file !== 'string' && !(file instanceof Uint8Array)) throw new ApiError('validation_failed');
  if (file.length > LARGEST_FILE) throw new ApiError('too_large');
  return { ...parseInput(operation, rest), file: new Blob([file as Uint8Array<ArrayBuffer>]) };
}
