import path from 'node:path';
import type { Download } from '../../contract/client.ts';
import { ApiError } from '../../contract/kit.ts';
import { commandIdFrom } from '../../domain/numbered.ts';
import type { Paper } from '../../paper/paper.ts';
import { answerHere, isPersonal, isRemembered } from './answers.ts';
import { createCache } from './cache.ts';
import { type Core, type CoreState, createCore, type Send } from './core.ts';
import { beginOf, noteLoss, signLoss } from './loss.ts';
import { openOrBegin } from './memory.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createPatience } from './patience.ts';
import { createSlips } from './slips.ts';
import { createWork, type Work } from './work.ts';

type Options = Readonly<{
  /** Where this desk's two files are. */
  folder: string;
  /** A key for one purpose, from the desk's secret. */
  keyOf: (purpose: string) => Buffer;
  station: string;
  appVersion: string;
  send: Send;
  newId: () => string;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
  /** How it stands with the server, or what this desk knows, is another now. */
  changed: () => void;
  /** What draws papers, loaded when the first one is asked for. */
  paper: () => Promise<Paper>;
  /** Something that nobody expected; never with what it was about. */
  fault: (error: unknown) => void;
}>;

type Question = Readonly<{ name: string; input: Readonly<Record<string, unknown>>; who: string | null }>;

export type Paired = Readonly<{
  state: () => CoreState;
  /** The time, by this desk's clock as it is corrected by the server's. */
  clock: () => number;
  /** Whether it can go on without the server: everything that it keeps has arrived once. */
  isFilled: () => boolean;
  /** What a person can see of this desk's work, and do about it. */
  work: Work;
  /** How many records of the clinic this desk has. */
  known: () => Readonly<{ visits: number; patients: number }>;
  command: Core['command'];
  /** The server's answer, or this desk's own when the server is away. @throws ApiError */
  ask: (question: Question, server: () => Promise<unknown>) => Promise<unknown>;
  /** What only the server can do: while it is away, nobody waits long to hear that. @throws ApiError */
  only: (server: () => Promise<unknown>) => Promise<unknown>;
  /** A slip: the server's, or drawn here when the server is away. @throws ApiError */
  slip: (asked: Parameters<ReturnType<typeof createSlips>>[0], server: () => Promise<Download>) => Promise<Download>;
  /** Something happened at the server. */
  stir: () => void;
  /** The server is there, or it is not: whoever talks to it says so. */
  heard: (online: boolean) => void;
  close: () => void;
}>;

/** How long between two rounds with the server (ms): while it is there, while it is away, after something happened. */
const CALM = 30_000;
const EAGER = 3000;
const SOON = 1000;

/** What a paired desk goes on with when its server is away: its files, its mind, and its answers. */
export function openPaired(options: Options): Paired {
  const { folder, keyOf, station, appVersion, send, newId, now, after, changed, paper, fault } = options;
  const file = (name: string) => path.join(folder, name);
  const { memory: cacheFile } = openOrBegin(file('cache.db'), keyOf('cache'), file('cache.db.damaged'));
  // What nobody can make again is kept, each time under a name of its own.
  const aside = `outbox.db.damaged-${now()}`;
  const { memory: outboxFile, begun } = openOrBegin(file('outbox.db'), keyOf('outbox'), file(aside));
  const cache = createCache(cacheFile);
  const outbox: Outbox = createOutbox(
    outboxFile,
    beginOf(cache, () => outbox, station),
  );
  const core = createCore({ cache, outbox, send: whileOpen, station, appVersion, newId, now, after, changed });
  if (begun) noteLoss(outbox, { file: aside, at: core.clock(), newId });
  const inTime = createPatience(after);
  let cancel = () => {};
  let closed = false;
  let due = Number.POSITIVE_INFINITY;

  /** A desk that was closed hears nothing more: its files are shut. */
  function whileOpen(...call: Parameters<Send>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      send(...call).then(
        (answer) => closed || resolve(answer),
        (error) => closed || reject(error),
      );
    });
  }

  function plan(ms: number): void {
    if (closed || now() + ms >= due) return;
    cancel();
    due = now() + ms;
    cancel = after(ms, () => {
      due = Number.POSITIVE_INFINITY;
      void core
        .beat()
        .catch(fault)
        .finally(() => plan(isAway(core.state()) || !core.state().online ? EAGER : CALM));
    });
  }
  plan(0);

  const isFilled = () => {
    const mark = cache.mark();
    return mark !== null && mark.cursor === null;
  };
  const isAway = ({ online, since, unsent, trouble }: CoreState) =>
    trouble !== null || unsent > 0 || (!online && since !== null);

  async function ask({ name, input, who }: Question, server: () => Promise<unknown>): Promise<unknown> {
    if (who) signLoss(outbox, who);
    const question = isPersonal(name) ? `${name} ${who ?? ''}` : name;
    if (!isAway(core.state()) || !isFilled()) {
      try {
        const answer = await inTime(server());
        if (isRemembered(name)) cache.remember(question, answer);
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'unavailable') throw error;
        core.heard(false);
        plan(EAGER);
      }
    }
    if (isRemembered(name)) return cache.remembered(question) ?? refuse('unavailable');
    if (!isFilled()) return refuse('unavailable');
    if (name === 'patients.get' && who) opened(String(input['id']), who);
    const picture = core.picture();
    return answerHere(name, { picture, cache, now: core.clock() }, input) ?? refuse('needs_server');
  }

  const drawn = createSlips({ cache, core, paper });
  async function slip(asked: Parameters<typeof drawn>[0], server: () => Promise<Download>): Promise<Download> {
    if (!isAway(core.state())) {
      try {
        return await inTime(server());
      } catch (error) {
        if (!(error instanceof ApiError) || !NOT_THERE_YET.includes(error.code)) throw error;
      }
    }
    const file = (await drawn(asked)) ?? refuse('needs_server');
    return { filename: file.name, media: file.type, body: file.stream() };
  }

  /** Somebody looked at a record: the audit log hears of it when the server is back. */
  function opened(id: string, userId: string): void {
    const said = outbox
      .all()
      .some(
        (item) =>
          item.operation === 'patients.opened' &&
          item.input['id'] === id &&
          item.userId === userId &&
          item.state === 'waiting',
      );
    if (said || !core.picture().patient(id)) return;
    const commandId = commandIdFrom(newId());
    outbox.add({ commandId, operation: 'patients.opened', input: { id }, userId, madeAt: core.clock(), shown: true });
  }

  return {
    state: core.state,
    clock: core.clock,
    isFilled,
    work: createWork({ cache, outbox, core, send: whileOpen, newId, stir: () => plan(0) }),
    known: cache.counts,
    command: (...given) => core.command(...given).catch(saidPlainly),
    ask,
    only: (server) => (core.state().online ? server() : inTime(server())),
    slip,
    stir: () => plan(SOON),
    heard(online) {
      if (online === core.state().online) return;
      if (online) return plan(0);
      core.heard(false);
      plan(EAGER);
    },
    close() {
      closed = true;
      cancel();
      cacheFile.close();
      outboxFile.close();
    },
  };
}

/** The server is away, or has not heard of this copy. */
const NOT_THERE_YET: readonly string[] = ['unavailable', 'copy_not_counted', 'not_found'];

/** @throws what it was given, in words for a person where the disk said it. */
const saidPlainly = (error: unknown): never => {
  throw (error as { code?: unknown }).code === 'SQLITE_FULL' ? new ApiError('disk_full', { cause: error }) : error;
};

const refuse = (code: 'unavailable' | 'needs_server'): never => {
  throw new ApiError(code, code === 'needs_server' ? { facts: { problem: 'unknown_here' } } : {});
};
