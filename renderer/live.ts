import type { QueryClient } from '@tanstack/react-query';
import type { io, Socket } from 'socket.io-client';
import type { DesktopPayload } from '../contract/desktop.ts';
import type { SocketMessages } from '../contract/events.ts';
import { ApiError } from '../contract/kit.ts';
import { type Connection, isAway } from './api.ts';
import { after, clock } from './clock.ts';
import { askDesktop } from './desktop.ts';
import { createInvalidator } from './feed.ts';
import { createStore, type Store } from './store.ts';

export type Link = Readonly<DesktopPayload<'link'>>;
type Changed = Parameters<SocketMessages['changed']>[0];
export type BoardView = Parameters<SocketMessages['board']>[0];
export type Job = Parameters<SocketMessages['job']>[0];
/** What a board said about a call. */
export type Shown = Readonly<{ callSeq: number; shown: boolean; spoken: boolean }>;

export type Live = Readonly<{
  link: Store<Link>;
  /** When something last came from the server, by the server's clock; 0 before anything did. */
  contact: Store<number>;
  /** The last call of each visit, and whether a board showed it. */
  calls: Store<ReadonlyMap<string, Shown>>;
  /** Listens; with a board, to that board too. The screens bring the socket, so that nobody waits for it before signing in. */
  start: (connect: typeof io, boardId?: string) => void;
  stop: () => void;
  onBoard: (listener: (view: BoardView) => void) => () => void;
  onJob: (listener: (job: Job) => void) => () => void;
}>;

/** A browser hands everything over at once. */
const NO_WORK = { unsent: 0, filling: null, skew: 0 };
/** Ids and numbers, in this tab. */
const CALLS = 'medlane.calls';

/** Keeps what is on the screen true: hears that something changed, catches up without a gap, says how old the truth is. */
export function createLive(connection: Connection, client: QueryClient, storage: Storage): Live {
  const link = createStore<Link>({ state: 'connecting' });
  const contact = createStore(0);
  const calls = createStore<ReadonlyMap<string, Shown>>(new Map(JSON.parse(storage.getItem(CALLS) ?? '[]')));
  // Through a reload, too: what a board has shown is announced once.
  calls.subscribe(() => storage.setItem(CALLS, JSON.stringify([...calls.get()])));
  const boardListeners = new Set<(view: BoardView) => void>();
  const jobListeners = new Set<(job: Job) => void>();
  const stale = createInvalidator(client);
  let last: { epoch: string; seq: number } | null = null;
  let close: () => void = () => undefined;
  let catching = false;
  let again = false;

  const heard = () => contact.set(clock.now());
  const offline = () =>
    link.get().state !== 'offline' &&
    link.set({ state: 'offline', since: clock.now(), restarting: false, alone: false, ...NO_WORK });

  function take({ epoch, seq, entries }: Changed) {
    heard();
    const first = entries[0];
    const gap = last && (last.epoch !== epoch || (first !== undefined && first.seq > last.seq + 1));
    if (gap) return void catchUp();
    apply(entries);
    // The first message says where the feed stands: everything before it was loaded after the socket had opened.
    if (!last || seq > last.seq) last = { epoch, seq };
  }

  function apply(entries: Changed['entries']) {
    for (const { event, payload } of entries) note(event, payload);
    stale.changed(entries);
  }

  function note(event: string, payload: Record<string, unknown>) {
    if (event === 'call.announced') {
      const { visitId, callSeq } = payload as { visitId: string; callSeq: number };
      calls.set(new Map(calls.get()).set(visitId, { callSeq, shown: false, spoken: false }));
    }
    // What cannot be read now is read with the next renewal.
    if (event === 'user.changed') connection.lookAgain(String(payload.userId)).catch(() => undefined);
    if (event === 'call.acknowledged') {
      const said = payload as Shown;
      const call = [...calls.get()].find(([, { callSeq }]) => callSeq === said.callSeq);
      if (call)
        calls.set(
          new Map(calls.get()).set(call[0], {
            callSeq: said.callSeq,
            shown: said.shown || call[1].shown,
            spoken: said.spoken || call[1].spoken,
          }),
        );
    }
  }

  /** Asks for what was missed; when that is no longer known, everything is loaded afresh. */
  async function catchUp(): Promise<void> {
    again = true;
    if (catching) return;
    catching = true;
    try {
      let more = false;
      while (more || again) {
        // What is announced from here on may be missing from the answer, and asks for another round.
        again = false;
        const known: { epoch: string; seq: number } | null = last;
        if (!known) return stale.everything();
        const answer = await connection.api.changes.since({ since: known.seq, epoch: known.epoch });
        heard();
        apply(answer.entries);
        last = { epoch: answer.epoch, seq: Math.max(answer.seq, known.seq) };
        more = answer.more;
      }
    } catch (error) {
      last = null;
      if (error instanceof ApiError && error.code === 'feed_gap') stale.everything();
      else if (isAway(error)) offline();
    } finally {
      catching = false;
    }
  }

  async function connected() {
    heard();
    void catchUp();
    const health = await connection.api.system.health().catch(() => null);
    if (health) clock.agree(Date.parse(health.time));
    heard();
  }

  function startSocket(connect: typeof io, boardId?: string): () => void {
    const socket: Socket<SocketMessages> = connect({
      path: '/api/v1/live',
      transports: ['websocket'],
      auth: (give) => give({ token: connection.token() }),
      query: boardId ? { boardId } : {},
      reconnectionDelay: 500,
      reconnectionDelayMax: 4000,
    });
    let stopped = false;
    socket.on('connect', () => {
      link.set({ state: 'online', ...NO_WORK });
      void connected();
    });
    socket.on('disconnect', () => {
      if (stopped) return;
      offline();
      if (!socket.active) reconnectSignedIn();
    });
    socket.on('connect_error', () => {
      offline();
      // Refused rather than unreachable: the token is too old, most likely.
      if (!socket.active) reconnectSignedIn();
    });
    socket.io.on('ping', heard);
    socket.on('changed', take);
    socket.on('board', (view) => tell(boardListeners, view));
    socket.on('job', (job) => tell(jobListeners, job));
    const reconnectSignedIn = () =>
      after(500, () => {
        if (stopped) return;
        connection.renew().then(
          (renewed) => renewed && !stopped && socket.connect(),
          () => !stopped && reconnectSignedIn(),
        );
      });
    return () => {
      stopped = true;
      socket.disconnect();
    };
  }

  const tell = <T>(listeners: Set<(value: T) => void>, value: T) => {
    heard();
    for (const listener of listeners) listener(value);
  };

  function startBridge(bridge: NonNullable<Connection['bridge']>): () => void {
    let begun = false;
    // Main says it every few seconds while the link lives: the first time after an outage is the time to catch up.
    const stands = (said: Link) => {
      const before = link.get();
      begun = true;
      link.set(said);
      if (said.state === 'online') before.state === 'online' ? heard() : void connected();
    };
    const offs = [
      bridge.on('changed', (message) => take(message as Changed)),
      bridge.on('board', (view) => tell(boardListeners, view as BoardView)),
      bridge.on('job', (job) => tell(jobListeners, job as Job)),
      bridge.on('local', () => stale.everything()),
      bridge.on('link', (said) => stands(said as Link)),
    ];
    void askDesktop(bridge, 'desktop.link', {}).then((said) => begun || stands(said));
    return () => {
      for (const off of offs) off();
    };
  }

  const listen =
    <T>(listeners: Set<T>) =>
    (listener: T) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };

  return {
    link,
    contact,
    calls,
    start(connect, boardId) {
      close();
      close = connection.bridge ? startBridge(connection.bridge) : startSocket(connect, boardId);
    },
    stop() {
      close();
      close = () => undefined;
      last = null;
      calls.set(new Map());
      link.set({ state: 'connecting' });
    },
    onBoard: listen(boardListeners),
    onJob: listen(jobListeners),
  };
}
