import type { CallOptions } from '../../contract/client.ts';
import { type Fetch, httpTransport } from '../../contract/http.ts';
import { ApiError, type Operation } from '../../contract/kit.ts';
import { createLive, type Tell } from './live.ts';
import { createSession } from './session.ts';

type Options = Readonly<{
  fetch: Fetch;
  /** What this desk calls itself. */
  name: string;
  /** How a paired desk's socket proves itself; null for a server on this computer. */
  tls?: () => object | null;
  /** Told that the server does not answer where it was. */
  lost?: () => void;
  tell: Tell;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
}>;

export type Workstation = Readonly<{
  /** Answers an operation. A download comes back as a stream. @throws ApiError */
  call: (name: string, operation: Operation, input: Record<string, unknown>, options: CallOptions) => Promise<unknown>;
  /** Where the server is; null while there is none. */
  serverAt: (url: string | null) => void;
  close: () => void;
}>;

const nothing = () => null;

/** A desk: holds the sign-in, carries the pages' calls to the server, and hears what happens there. */
export function createWorkstation({
  fetch,
  name,
  tls = nothing,
  lost = nothing,
  tell,
  now,
  after,
}: Options): Workstation {
  let server: string | null = null;

  const toServer: Fetch = (path, init) => {
    if (!server) return Promise.reject(new Error('There is no server.'));
    return fetch(server + path, init);
  };
  const session = createSession(httpTransport({ base: '', fetch: toServer, headers: () => ({}) }), listen);
  const { headers, renew, token } = session;
  const http = httpTransport({ base: '', fetch: toServer, headers, renew });
  const live = createLive({ desk: name, token, renew, tls, lost, tell, now, after });

  function listen() {
    if (server && token()) live.listen(server);
    else live.stop();
  }

  async function signOut(operation: Operation): Promise<unknown> {
    try {
      return await sessionCall('auth.logout', operation, {});
    } finally {
      // The person leaves this desk even when the server cannot be told.
      session.forget();
    }
  }

  /** Calls about the sign-in itself are not repeated by the transport: only a token that is too old is renewed. */
  async function sessionCall(name: string, operation: Operation, input: Record<string, unknown>): Promise<unknown> {
    try {
      return await http.call(name, operation, input, {});
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'unauthenticated' || !(await renew())) throw error;
      return http.call(name, operation, input, {});
    }
  }

  return {
    call(name, operation, input, options) {
      if (name === 'auth.login') return session.signIn(input);
      if (name === 'auth.switch') return sessionCall(name, operation, input).then(session.take);
      if (name === 'auth.refresh') return session.refresh();
      if (name === 'auth.logout') return signOut(operation);
      if (operation.kind === 'session') return sessionCall(name, operation, input);
      return http.call(name, operation, input, options);
    },
    serverAt(url) {
      if (url === server) return;
      server = url;
      // One elsewhere needs another socket.
      if (url) listen();
      else live.restarting();
    },
    close: live.stop,
  };
}
