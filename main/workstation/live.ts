import { io, type Socket } from 'socket.io-client';
import type { SocketMessages } from '../../contract/events.ts';
import { API_PREFIX } from '../../contract/http.ts';
import * as link from './link.ts';

/** What the pages hear: the server's own messages, how it stands with the server, and that this desk knows more. */
export type Tell = (event: keyof SocketMessages | 'link' | 'local', payload: unknown) => void;

type Options = Readonly<{
  /** What this desk calls itself. */
  desk: string;
  token: () => string | null;
  renew: () => Promise<boolean>;
  /** How a paired desk proves itself; null for a server on this computer. */
  tls: () => object | null;
  /** Told that nobody answers there. */
  lost: () => void;
  /** Told that it listens, again: what happened before was not heard. */
  listening: () => void;
  tell: Tell;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
}>;

export type Live = Readonly<{
  listen: (url: string) => void;
  /** This computer's own server ended, and is started again. */
  restarting: () => void;
  stop: () => void;
}>;

const PAUSE = 500;

/** The desk's ear: one socket while somebody is signed in. It brings what changed; it never carries a command. */
export function createLive({ desk, token, renew, tls, lost: notify, listening, tell, now, after }: Options): Live {
  let stop: () => void = () => undefined;
  let since: number | null = null;
  let restarting = false;

  const online = () => {
    since = null;
    restarting = false;
    tell('link', link.online);
  };
  const offline = () => {
    since ??= now();
    tell('link', link.offline(since, restarting));
  };

  function listen(url: string): () => void {
    let stopped = false;
    let cancel: () => void = () => undefined;
    const socket: Socket<SocketMessages> = io(url, {
      path: `${API_PREFIX}/live`,
      transports: ['websocket'],
      forceNew: true,
      auth: (give) => give({ token: token(), desk }),
      ...tls(),
      reconnectionDelay: PAUSE,
      reconnectionDelayMax: 4000,
    });
    // A socket that was refused, not cut, is not tried again by itself: the token is too old, most likely.
    const signInAgain = () => {
      cancel = after(PAUSE, () => {
        renew().then(
          (renewed) => renewed && !stopped && socket.connect(),
          () => !stopped && signInAgain(),
        );
      });
    };
    const lost = () => {
      if (stopped) return;
      offline();
      notify();
      if (!socket.active) signInAgain();
    };
    socket.on('connect', () => {
      online();
      listening();
    });
    socket.on('disconnect', lost);
    socket.on('connect_error', lost);
    // Each beat of the server's heart, so that the pages know how old their truth is.
    socket.io.on('ping', online);
    // The certificate may have been renewed since.
    socket.io.on('reconnect_attempt', () => Object.assign(socket.io.opts, tls()));
    for (const message of ['changed', 'board', 'job'] as const) {
      socket.on(message, (payload: unknown) => tell(message, payload));
    }
    return () => {
      stopped = true;
      cancel();
      socket.disconnect();
    };
  }

  return {
    listen(url) {
      stop();
      stop = listen(url);
    },
    restarting() {
      restarting = true;
      offline();
    },
    stop() {
      stop();
      stop = () => undefined;
      since = null;
    },
  };
}
