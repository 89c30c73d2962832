import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { SocketMessages } from '../../contract/events.ts';
import { API_PREFIX } from '../../contract/http.ts';
import { isStaff } from '../../domain/people.ts';
import type { Actor } from '../actor.ts';
import type { BoardView } from '../board/board.ts';
import type { FeedEntry } from '../db/commit.ts';
import { mayHear } from '../feed/feed.ts';
import type { JobView } from '../jobs/jobs.ts';
import { originOf } from './http.ts';

/** A dead link is noticed within ten seconds: a beat every 3 s, lost when none came for 6 s more. */
const BEAT = { pingInterval: 3000, pingTimeout: 6000 };
/** Boards are pushed at once, and then at most this often while changes keep coming, in ms. */
const BOARD_PACE = 150;
/** What a desk is for that hangs on a wall. */
const WALLS: readonly string[] = ['board', 'kiosk'];

/** Who listens on a door by what they showed there, asked again whenever that may have changed; null: nobody. */
export type Listener = (request: IncomingMessage, origin: string, token: string) => Promise<Actor | null>;

type Held = { actor: Actor; still: () => Promise<Actor | null>; boardId: string | null; desk: string; since: number };
type LiveSocket = Socket<Record<string, never>, SocketMessages, Record<string, never>, Held>;

type Options = Readonly<{
  viewBoard: (boardId: string) => Promise<(BoardView & { branchId: string }) | null>;
  epoch: () => string;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
  onBug: (error: unknown) => void;
}>;

/** A screen that listens. `desk` is what it calls itself, and only that: nothing follows from it. */
export type Connection = Readonly<{ userId: string; desk: string; origin: string; since: number }>;

export type Sockets = Readonly<{
  attach: (server: HttpServer, listener: Listener) => void;
  announce: (entries: readonly FeedEntry[]) => void;
  announceJob: (branchId: string, job: JobView) => void;
  connected: (branchId: string) => number;
  connections: (branchId: string) => readonly Connection[];
  close: () => Promise<void>;
}>;

/** Announces what was committed. Rooms follow from who is connected, never from what they ask for; clients send nothing. */
export function createSockets(options: Options): Sockets {
  const io = new Server<Record<string, never>, SocketMessages, Record<string, never>, Held>({
    path: `${API_PREFIX}/live`,
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: 256 * 1024,
    ...BEAT,
    // Another page's script must not ride on this network position: a browser says where it comes from.
    allowRequest: (request, decide) =>
      decide(null, !request.headers.origin || sameHost(request.headers.origin, request.headers.host)),
  });
  const listeners = new WeakMap<IncomingMessage, Listener>();
  let attached = false;
  const staffRoom = (branchId: string) => `staff:${branchId}`;
  const boardRoom = (boardId: string) => `board:${boardId}`;

  io.use(async (socket, next) => {
    try {
      const token = String(socket.handshake.auth['token'] ?? '');
      const { request } = socket;
      const listener = listeners.get(request);
      const still = async () => listener?.(request, originOf(request as never), token) ?? null;
      const actor = await still();
      if (!actor?.branchId) return next(new Error('unauthenticated'));
      const asked = socket.handshake.query['boardId'];
      const isDisplay = displays(actor);
      const boardId = isDisplay ? actor.boardId : typeof asked === 'string' ? asked : null;
      const desk = String(socket.handshake.auth['desk'] ?? '').slice(0, 60);
      Object.assign(socket.data, { actor, still, boardId, desk, since: options.now() } satisfies Held);
      next();
    } catch (error) {
      options.onBug(error);
      // What is given here goes out as it stands.
      next(new Error('unavailable'));
    }
  });

  io.on('connection', async (socket: LiveSocket) => {
    const { actor, boardId } = socket.data;
    await socket.join(displays(actor) ? `displays:${actor.branchId}` : staffRoom(actor.branchId ?? ''));
    const view = boardId ? await options.viewBoard(boardId).catch(options.onBug) : null;
    if (view && view.branchId === actor.branchId) {
      await socket.join(boardRoom(view.id));
      socket.emit('board', view);
    }
  });

  const boards = createPushes(BOARD_PACE, options.after, async (boardId) => {
    const view = await options.viewBoard(boardId).catch(options.onBug);
    if (view) io.to(boardRoom(boardId)).emit('board', view);
  });

  function tell(entries: readonly FeedEntry[], branchId: string): void {
    const epoch = options.epoch();
    const seq = entries.at(-1)?.seq ?? 0;
    const wire = (some: readonly FeedEntry[]) => ({
      epoch,
      seq,
      entries: some.map(({ seq: own, event, payload, commandId }) => ({ seq: own, event, payload, commandId })),
    });
    io.to(staffRoom(branchId)).emit('changed', wire(entries));
    const display = { roles: ['display'], branchId } as unknown as Actor;
    io.to(`displays:${branchId}`).emit('changed', wire(entries.filter((entry) => mayHear(display, entry))));
  }

  /** Whose account or device changed is asked again who they are: within a second they are out, if they are. */
  async function recheck(isMeant: (actor: Actor) => boolean): Promise<void> {
    for (const socket of io.sockets.sockets.values()) {
      const { actor, still } = socket.data;
      if (!isMeant(actor)) continue;
      const now = await still();
      const same = now && JSON.stringify(heardBy(now)) === JSON.stringify(heardBy(actor));
      if (!same) socket.disconnect(true);
    }
  }

  return {
    attach(server, listener) {
      attached = true;
      // Before the library's own: which door a socket came through is known by the request that opened it.
      server.prependListener('upgrade', (request: IncomingMessage) => void listeners.set(request, listener));
      io.attach(server);
    },
    announce(entries) {
      for (const branchId of new Set(entries.map((entry) => entry.branchId))) {
        tell(
          entries.filter((entry) => entry.branchId === branchId),
          branchId,
        );
      }
      for (const { event, payload } of entries) {
        if (event === 'user.changed') recheck(({ id }) => id === payload['userId']).catch(options.onBug);
        if (event === 'device.changed')
          recheck(({ deviceId }) => deviceId === payload['deviceId']).catch(options.onBug);
      }
      // Every board with somebody before it may show what changed; working out which would cost as much as showing it.
      for (const room of io.sockets.adapter.rooms.keys()) if (room.startsWith('board:')) boards.push(room.slice(6));
    },
    announceJob: (branchId, job) =>
      void io.to(staffRoom(branchId)).emit('job', job as Parameters<SocketMessages['job']>[0]),
    connected: (branchId) =>
      (io.sockets.adapter.rooms.get(staffRoom(branchId))?.size ?? 0) +
      (io.sockets.adapter.rooms.get(`displays:${branchId}`)?.size ?? 0),
    connections(branchId) {
      const held = [...io.sockets.sockets.values()].map(({ data }) => data as Held);
      return held
        .filter(({ actor }) => actor.branchId === branchId)
        .map(({ actor, desk, since }) => ({ userId: actor.id, desk, origin: actor.origin, since }));
    },
    close: async () => {
      boards.stop();
      // Without a door there is no server to let go of.
      if (attached) await io.close();
    },
  };
}

/** A screen on a wall, or a desk that is one: it hears of its board and of no one. */
const displays = ({ roles, station }: Actor): boolean =>
  !isStaff(roles) && !(station && roles.length === 0 && !WALLS.includes(station.place));

/** What decides what somebody hears of. */
const heardBy = ({ roles, boardId, branchId }: Actor) => [roles, boardId, branchId];

const sameHost = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host;

/** Pushes by key: the first at once, later ones gathered until the pace allows. */
function createPushes(pace: number, after: Options['after'], push: (key: string) => Promise<void>) {
  const resting = new Map<string, { again: boolean; cancel: () => void }>();
  const go = (key: string) => {
    const rest = {
      again: false,
      cancel: after(pace, () => {
        resting.delete(key);
        if (rest.again) go(key);
      }),
    };
    resting.set(key, rest);
    void push(key);
  };
  return {
    push(key: string) {
      const rest = resting.get(key);
      if (rest) rest.again = true;
      else go(key);
    },
    stop() {
      for (const { cancel } of resting.values()) cancel();
      resting.clear();
    },
  };
}
