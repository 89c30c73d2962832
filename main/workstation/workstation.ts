import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { CallOptions, Download } from '../../contract/client.ts';
import { type Fetch, httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { listOperations, type Operation } from '../../contract/kit.ts';
import type { Paper } from '../../paper/paper.ts';
import { isAnswered } from './answers.ts';
import { isOffline, type Send } from './core.ts';
import { type Link, linkOf } from './link.ts';
import { createLive, type Tell } from './live.ts';
import { openPaired, type Paired } from './paired.ts';
import { createPeople, type People } from './people.ts';
import { sealedFile } from './sealing.ts';
import { createSession } from './session.ts';
import { createSignIn } from './sign-in.ts';

type Options = Readonly<{
  fetch: Fetch;
  /** What this desk calls itself. */
  name: string;
  appVersion: string;
  /** How a paired desk's socket proves itself; null for a server on this computer. */
  tls?: () => object | null;
  /** Told that the server does not answer where it was. */
  lost?: () => void;
  tell: Tell;
  /** What draws papers, loaded when the first one is asked for. */
  paper?: () => Promise<Paper>;
  /** Something that nobody expected. */
  fault?: (error: unknown) => void;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
}>;

/** What makes this computer a desk of a clinic: its code there, and where and under which keys it keeps what it knows. */
export type Pairing = Readonly<{ station: string; folder: string; keyOf: (purpose: string) => Buffer }>;

export type Workstation = Readonly<{
  /** Answers an operation. A download comes back as a stream. @throws ApiError */
  call: (name: string, operation: Operation, input: Record<string, unknown>, options: CallOptions) => Promise<unknown>;
  /** Where the server is; null while there is none. */
  serverAt: (url: string | null) => void;
  /** From now on it goes on without the server as well. @throws when its files do not open. */
  pair: (pairing: Pairing) => void;
  /** How it stands with the server, as the pages were told last. */
  link: () => Link;
  /** What this desk has done without the server and not handed over yet. */
  unsent: () => number;
  /** What this desk has of the clinic; null when it is no paired one. */
  known: () => ReturnType<Paired['known']> | null;
  /** A paired desk's own work, for whoever is signed in; null without one. */
  work: () => Paired['work'] | null;
  close: () => void;
}>;

const nothing = () => null;
const noPaper = () => Promise.reject(new Error('Nothing here draws papers.'));
const operations = new Map(listOperations(api).map(({ name, operation }) => [name as string, operation]));
/** So many changes (ms) are told to the pages at once. */
const GATHER = 150;

/** A desk: holds the sign-in, carries the pages' calls to the server or answers them itself, and hears what happens there. */
export function createWorkstation(options: Options): Workstation {
  const {
    fetch,
    name: desk,
    appVersion,
    tls = nothing,
    lost = nothing,
    tell,
    paper = noPaper,
    fault = nothing,
    now,
    after,
  } = options;
  let server: string | null = null;
  let paired: Paired | null = null;
  let people: People | null = null;
  let link: Link = { state: 'connecting' };
  let wasAlone = false;
  let telling = false;

  const toServer: Fetch = (path, init) => {
    if (!server) return Promise.reject(new Error('There is no server.'));
    return fetch(server + path, init);
  };
  const over = (headers: () => Record<string, string>, renew?: () => Promise<boolean>) =>
    httpTransport({ base: '', fetch: toServer, headers, ...(renew ? { renew } : {}) });
  const session = createSession(
    over(() => ({})),
    listen,
    async (answer, password) => people?.proved(answer, password).catch(fault),
  );
  const { headers, renew, token } = session;
  const http = over(headers, renew);
  const signIn = createSignIn({
    ...{ session, http, after },
    people: () => people,
    isAway: () => paired?.state().online === false,
  });
  const live = createLive({
    ...{ desk, token, renew, tls, lost, now, after },
    listening: () => paired?.stir(),
    tell: hear,
  });

  const send: Send = (name, input, as) => {
    const transport = over(
      (): Record<string, string> => (as ? { 'Medlane-For': as.forUser, 'Medlane-Made-At': String(as.madeAt) } : {}),
    );
    const given = as ? { commandId: as.commandId } : {};
    return transport.call(name, operations.get(name) as Operation, { ...input }, given);
  };

  function listen() {
    // A paired desk hears what it must know also while nobody is signed in.
    if (server && (token() || paired)) live.listen(server);
    else live.stop();
  }

  /** What the socket says. A paired desk finds out by itself how it stands with the server. */
  function hear(event: Parameters<Tell>[0], payload: unknown): void {
    if (paired && event === 'link') {
      paired.heard((payload as Link).state === 'online');
      tellLink(linkOf(paired.state(), paired.isFilled()));
    } else if (event === 'link') tellLink(payload as Link);
    else {
      if (event === 'changed') paired?.stir();
      tell(event, payload);
    }
  }
  function tellLink(now: Link): void {
    // A desk may notice it long before its socket does: where the server was, it is not heard any more.
    if (now.state === 'offline' && link.state !== 'offline') lost();
    link = now;
    tell('link', link);
  }

  /** The pages hear at once how it stands, and in a moment that there is something to ask again. */
  function changed(): void {
    if (!paired) return;
    tellLink(linkOf(paired.state(), paired.isFilled()));
    const { online, unsent, trouble } = paired.state();
    // What it knows of the clinic is gone by now: nobody works here any more.
    if (trouble === 'device_revoked') {
      people?.forget();
      session.forget();
    }
    const alone = !online || unsent > 0;
    if (telling || !(alone || wasAlone)) return;
    telling = true;
    after(GATHER, () => {
      telling = false;
      wasAlone = alone;
      tell('local', {});
    });
  }

  return {
    async call(name, operation, input, asked) {
      if (signIn.handles(name, operation)) return signIn.call(name, operation, input);
      const who = session.user()?.id ?? null;
      const server = () => http.call(name, operation, input, asked);
      if (paired && who && isOffline(name)) return paired.command(name, input, who, asked.commandId);
      if (paired && name === 'paper.slip') return paired.slip(input as never, server as () => Promise<Download>);
      if (paired && isAnswered(name)) return paired.ask({ name, input, who }, server);
      return paired ? paired.only(server) : server();
    },
    serverAt(url) {
      if (url === server) return;
      server = url;
      // One elsewhere needs another socket.
      if (url) listen();
      else live.restarting();
    },
    pair({ station, folder, keyOf }) {
      paired?.close();
      paired = openPaired({
        station,
        folder,
        keyOf,
        appVersion,
        send,
        newId: uuidv7,
        now,
        after,
        changed,
        paper,
        fault,
      });
      people = createPeople({
        file: sealedFile(path.join(folder, 'people.sealed'), keyOf('people'), 'people'),
        pepper: keyOf('pepper'),
        now: paired.clock,
      });
      listen();
    },
    link: () => link,
    work: () => (session.user() && paired?.work) ?? null,
    known: () => paired?.known() ?? null,
    unsent: () => paired?.state().unsent ?? 0,
    close() {
      live.stop();
      paired?.close();
    },
  };
}
