import { Readable } from 'node:stream';
import { type Client, createClient, type Transport } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api, type MedlaneApi } from '../../contract/index.ts';
import { operator } from '../actor.ts';
import { openClinic, type ServerOptions } from '../clinic-server.ts';
import { runningServer } from '../data-folder.ts';
import type { Dispatch, FileAnswer } from '../dispatch.ts';
import { metaOf } from '../feed/feed.ts';

/** The clinic as the command line reaches it: through the server while one runs, else by opening it itself. */
export type Session = Readonly<{
  clinic: Client<MedlaneApi>;
  through: 'server' | 'folder';
  close: () => Promise<void>;
}>;

export async function openSession(options: ServerOptions): Promise<Session> {
  const running = runningServer(options.folder);
  if (running) {
    const headers = () => ({ Authorization: `Operator ${running.token}` });
    return {
      clinic: createClient(api, httpTransport({ base: running.url, fetch, headers })),
      through: 'server',
      close: async () => {},
    };
  }
  const { app, close } = await openClinic(options);
  const branchId = await metaOf(app.reader, 'setUp');
  return { clinic: createClient(api, inProcess(app.dispatch, branchId, options)), through: 'folder', close };
}

/** The contract without a wire: the same operations, the same checks. */
function inProcess(dispatch: Dispatch, branchId: string | null, { ports }: ServerOptions): Transport {
  const web = {
    cookies: {},
    csrf: undefined,
    origin: 'http://127.0.0.1',
    userAgent: 'command line',
    setCookie: () => {},
  };
  return {
    async call(name, operation, given, { commandId, signal }) {
      const { file, ...input } = given as { file?: Blob };
      const call = {
        name,
        input,
        actor: operator(branchId),
        requestId: ports.id(),
        commandId,
        web,
        signal: signal ?? new AbortController().signal,
      };
      const value = await dispatch({ ...call, file: file ? Readable.fromWeb(file.stream() as never) : undefined });
      if (operation.kind !== 'download') return value;
      const { filename, media, body } = value as FileAnswer;
      return { filename, media, body: Readable.toWeb(Readable.from(owned(body))) };
    },
  };
}

/** What is only lent, copied for whoever keeps it. */
async function* owned(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of body) yield Uint8Array.from(piece);
}
