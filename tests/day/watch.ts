import { io, type Socket } from 'socket.io-client';
import type { SocketMessages } from '../../contract/events.ts';
import { API_PREFIX } from '../../contract/http.ts';
import type { MedlaneApi } from '../../contract/index.ts';
import type { Output } from '../../contract/kit.ts';
import type { Ledger } from './ledger.ts';
import type { Person } from './person.ts';

export type FeedEntry = Output<MedlaneApi['changes']['since']>['entries'][number];
export type BoardView = Output<MedlaneApi['boards']['get']>;

type Live = Socket<SocketMessages, Record<string, never>>;

const connect = (url: string, token: string, query: Record<string, string>): Live =>
  io(url, {
    path: `${API_PREFIX}/live`,
    transports: ['websocket'],
    auth: { token },
    query,
    reconnectionDelay: 100,
    reconnectionDelayMax: 300,
    randomizationFactor: 0.2,
  });

export type Follower = Readonly<{
  /** Everything heard so far, by number. */
  heard: ReadonlyMap<number, FeedEntry>;
  reconnects: () => number;
  caughtUp: () => number;
  /** Asks for the rest and stops. */
  finish: () => Promise<void>;
}>;

/** A screen that keeps itself up to date: pushed changes, and `GET /changes` for what it missed while it was away. */
export function followFeed(url: string, { ask, token }: Person, since: number): Follower {
  const heard = new Map<number, FeedEntry>();
  let [last, connects, fetched] = [since, 0, 0];
  let catching: Promise<void> | null = null;
  const socket = connect(url, token, {});

  const take = (entries: readonly FeedEntry[]) => {
    for (const entry of entries) heard.set(entry.seq, entry);
    while (heard.has(last + 1)) last += 1;
  };
  const catchUp = async () => {
    for (;;) {
      const page = await ask.changes.since({ since: last, limit: 1000 });
      fetched += page.entries.filter(({ seq }) => !heard.has(seq)).length;
      take(page.entries);
      if (!page.more) return;
    }
  };
  const catchUpOnce = () => {
    catching ??= catchUp().finally(() => {
      catching = null;
    });
    return catching;
  };
  socket.on('connect', () => {
    connects += 1;
    void catchUpOnce();
  });
  socket.on('changed', ({ entries }) => {
    take(entries);
    if ((entries.at(-1)?.seq ?? 0) > last) void catchUpOnce();
  });
  return {
    heard,
    reconnects: () => Math.max(0, connects - 1),
    caughtUp: () => fetched,
    async finish() {
      await catching;
      await catchUp();
      socket.close();
    },
  };
}

export type BoardWatch = Readonly<{
  latest: () => BoardView | null;
  pushes: () => number;
  /** How long after each call's own time the board showed it, in ms. */
  delays: readonly number[];
  finish: () => void;
}>;

/** The screen in the hall: shows what it is pushed, and must hear nothing about people. */
export function watchBoard(url: string, token: string, boardId: string, ledger: Ledger): BoardWatch {
  const socket = connect(url, token, { boardId });
  let latest: BoardView | null = null;
  let pushes = 0;
  const delays: number[] = [];
  const shown = new Set<number>();
  socket.on('board', (view) => {
    pushes += 1;
    if (latest && view.seq < latest.seq)
      ledger.violation(`The board was pushed ${view.seq} after ${latest.seq}: it went back in time`);
    latest = view;
    for (const { callSeq, calledAt } of view.calls) {
      // Calls that were there when the board connected tell nothing of how fast it is.
      if (!shown.has(callSeq) && pushes > 1) delays.push(Date.now() - Date.parse(calledAt));
      shown.add(callSeq);
    }
  });
  socket.on('changed', ({ entries }) => {
    const people = entries.filter(
      ({ event }) => event.startsWith('visit.') || event.startsWith('patient.') || event.startsWith('call.'),
    );
    if (people.length > 0) ledger.violation(`A board heard of people: ${people.map(({ event }) => event).join(', ')}`);
  });
  return { latest: () => latest, pushes: () => pushes, delays, finish: () => void socket.close() };
}
