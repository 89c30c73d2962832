import { v7 as uuidv7 } from 'uuid';
import {
  type CallOptions,
  type Client,
  createClient,
  type Download,
  openReply,
  type Reply,
  type Transport,
} from '../contract/client.ts';
import type { DesktopPayload } from '../contract/desktop.ts';
import { httpTransport } from '../contract/http.ts';
import { type MedlaneApi, api as operations } from '../contract/index.ts';
import { ApiError, type Output } from '../contract/kit.ts';
import { type PrintingApi, printing } from '../contract/printing.ts';
import type { KeyAnswer } from '../contract/second-factor.ts';
import { createStore, type Store } from './store.ts';

/** What the desktop's preload puts on the page. */
export type Bridge = Readonly<{
  call: (
    name: string,
    input: unknown,
    options: { commandId?: string; inPage?: boolean; callId?: string },
  ) => Promise<Reply>;
  on: (event: string, listener: (payload: unknown) => void) => () => void;
}>;
declare global {
  interface Window {
    readonly medlane?: Bridge;
  }
}

export type User = Output<MedlaneApi['auth']['login']>['user'];
export type Session =
  | Readonly<{ status: 'starting' }>
  | Readonly<{ status: 'out'; ended: boolean }>
  | Readonly<{ status: 'in'; user: User }>;
export type Medlane = Client<MedlaneApi>;

export type Connection = Readonly<{
  api: Medlane;
  session: Store<Session>;
  /** The access token, for the socket; null in the desktop app, where the main process holds it. */
  token: () => string | null;
  /** Renews the sign-in; whether it worked. Several askers share one request. */
  renew: () => Promise<boolean>;
  /** Something about an account changed: if it is that of whoever is here, their roles and rights are read again. */
  lookAgain: (userId: string) => Promise<void>;
  /** Takes up the sign-in that this browser or desk still has. */
  resume: () => Promise<void>;
  /** @throws `second_factor` with a ticket, when a code is needed as well. */
  signIn: (identifier: string, password: string) => Promise<void>;
  secondFactor: (ticket: string, proof: { code: string } | { key: KeyAnswer }) => Promise<void>;
  /** Set while the server wants to hear once more who is there; told how that went. */
  proving: Store<((proved: boolean) => void) | null>;
  /** Whoever is signed in says again who they are. */
  unlock: (secret: { pin: string } | { password: string }) => Promise<void>;
  /** Somebody else goes on at this desk, by PIN; a refusal leaves the one who is there. */
  switchTo: (userId: string, pin: string) => Promise<void>;
  /** This browser was made a screen: its sign-in begins. */
  enterScreen: (screenId: string) => Promise<void>;
  /** `handOver`: somebody else goes on at this desk, and one's PIN still works here. */
  signOut: (handOver?: boolean) => Promise<void>;
  bridge: Bridge | null;
  /** This computer's printers; a browser leaves them to its own dialog. */
  desk: Client<PrintingApi> | null;
}>;

const ENDED: readonly string[] = ['unauthenticated', 'session_ended', 'csrf'];
export const isAway = (error: unknown): boolean => error instanceof ApiError && error.code === 'unavailable';

/** Chooses how calls travel, once: through the desktop's bridge where there is one, else over HTTP to the page's own origin. */
export function createConnection(page: Window): Connection {
  const bridge = page.medlane ?? null;
  const session = createStore<Session>({ status: 'starting' });
  // In memory only: a page that is closed forgets it, and the httpOnly cookie gives a new one.
  let accessToken: string | null = null;
  let renewing: Promise<boolean> | null = null;

  const csrf = () => /(?:^|;\s*)medlane_csrf=([^;]+)/.exec(page.document.cookie)?.[1] ?? null;
  const over: Transport = bridge
    ? ipcTransport(bridge)
    : httpTransport({ base: '', fetch: (url, init) => page.fetch(url, init), headers, renew });
  const proving = createStore<((proved: boolean) => void) | null>(null);
  const api = createClient(
    operations,
    proved(
      watched(over, (error) => ENDED.includes(error.code) && end()),
      prove,
    ),
  );

  function headers(): Record<string, string> {
    const token = csrf();
    return {
      ...(accessToken ? { Authorization: `Bearer ${accessToken}` } : {}),
      ...(token ? { 'X-CSRF-Token': decodeURIComponent(token) } : {}),
    };
  }

  function end() {
    accessToken = null;
    if (session.get().status === 'in') session.set({ status: 'out', ended: true });
  }

  let asked: Promise<boolean> | null = null;
  /** Several that need it at once ask once. */
  function prove(): Promise<boolean> {
    asked ??= new Promise<boolean>((answer) => {
      proving.set(answer);
    }).finally(() => {
      proving.set(null);
      asked = null;
    });
    return asked;
  }

  const isHere = (id: string) => {
    const now = session.get();
    return now.status === 'in' && now.user.id === id ? now.user : null;
  };
  const show = (user: User) => {
    if (isHere(user.id)?.version !== user.version) session.set({ status: 'in', user });
  };
  const enter = ({ accessToken: token, user }: { accessToken: string; user: User }) => {
    accessToken = token;
    show(user);
  };

  function renew(): Promise<boolean> {
    renewing ??= api.auth
      .refresh()
      .then((answer) => {
        enter(answer);
        return true;
      })
      .catch((error: unknown) => {
        if (isAway(error)) throw error;
        return false;
      })
      .finally(() => {
        renewing = null;
      });
    return renewing;
  }

  return {
    api,
    session,
    bridge,
    desk: bridge && createClient({ printing }, ipcTransport(bridge)),
    renew,
    token: () => accessToken,
    async resume() {
      const known = bridge ? await api.auth.me().then((user) => user, onlyAway) : csrf() && (await renew());
      if (bridge && known) session.set({ status: 'in', user: known as User });
      if (!known) session.set({ status: 'out', ended: false });
    },
    async lookAgain(userId) {
      if (!isHere(userId)) return;
      const user = await api.auth.me();
      if (isHere(user.id)) show(user);
    },
    proving,
    async signIn(identifier, password) {
      enter(await api.auth.login({ identifier, password }));
    },
    async secondFactor(ticket, proof) {
      enter(await api.auth.secondFactor({ ticket, ...proof }));
    },
    async unlock(secret) {
      // It may have been hours: the access token is too old by then.
      if (await renew()) await api.auth.unlock(secret);
      else end();
    },
    async switchTo(userId, pin) {
      const answer = await api.auth.switch({ userId, pin });
      // Out and in again: nothing of what the one before saw is left.
      session.set({ status: 'out', ended: true });
      enter(answer);
    },
    async enterScreen(screenId) {
      enter(await api.screens.enter({ screenId }));
    },
    async signOut(handOver = false) {
      // The person leaves this screen even when the server cannot be told.
      await api.auth.logout({ handOver }).catch(() => undefined);
      accessToken = null;
      session.set({ status: 'out', ended: false });
    },
  };
}

const onlyAway = (error: unknown) => {
  if (isAway(error)) throw error;
  return null;
};

const ipcTransport = (bridge: Bridge): Transport => ({
  async call(name, operation, { file, ...input }, { commandId, inPage, ...watch }) {
    // A Blob does not cross into the main process; its bytes do.
    const bytes = file instanceof Blob ? { file: new Uint8Array(await file.arrayBuffer()) } : {};
    const call = (callId?: string) =>
      bridge.call(
        name,
        { ...input, ...bytes },
        { ...(commandId ? { commandId } : {}), ...(inPage ? { inPage } : {}), ...(callId ? { callId } : {}) },
      );
    // Nothing else takes long enough to be watched.
    const watched = operation.kind === 'download' && (watch.signal || watch.progress);
    const value = openReply(await (watched ? watching(bridge, watch, call) : call()));
    return operation.kind === 'download' && inPage ? streamed(value as Lent) : value;
  },
});

/** A signal and a function stay in the page: the desktop is told and tells by the id of the call. */
async function watching<T>(
  bridge: Bridge,
  { signal, progress }: CallOptions,
  call: (callId: string) => Promise<T>,
): Promise<T> {
  const callId = uuidv7();
  const stop = () => void bridge.call('desktop.stop', { callId }, {});
  const off = bridge.on('download', (payload) => {
    const told = payload as DesktopPayload<'download'>;
    if (told.callId === callId) progress?.(told.done, told.total);
  });
  signal?.addEventListener('abort', stop);
  try {
    return await call(callId);
  } finally {
    off();
    signal?.removeEventListener('abort', stop);
  }
}

type Lent = Readonly<{ filename: string; media: string; bytes: Uint8Array<ArrayBuffer> }>;
/** A file that the desktop handed over, as it would come over the network. */
const streamed = ({ bytes, ...file }: Lent): Download => ({ ...file, body: new Blob([bytes]).stream() });

/** The same transport, with every refusal shown to one watcher. */
const watched = (transport: Transport, tell: (error: ApiError) => void): Transport => ({
  call: (name, operation, input, options) =>
    transport.call(name, operation, input, options).catch((error: unknown) => {
      if (error instanceof ApiError && name !== 'auth.login' && name !== 'auth.changePassword') tell(error);
      throw error;
    }),
});

/** The same transport: what needs to know that it is still the same person is sent again once they have said so. */
const proved = (transport: Transport, prove: () => Promise<boolean>): Transport => ({
  call: (name, operation, input, options) =>
    transport.call(name, operation, input, options).catch(async (error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== 'step_up' || !(await prove())) throw error;
      return transport.call(name, operation, input, options);
    }),
});
