import { api, type MedlaneApi } from '../../contract/index.ts';
import { ApiError, type Output } from '../../contract/kit.ts';
import { PROTOCOL } from '../../contract/sync.ts';
import { commandIdFrom } from '../../domain/numbered.ts';
import { provisionalNumber } from '../../domain/station.ts';
import { tokenNumberOf } from '../../domain/token.ts';
import { ALONE, doAlone } from './alone.ts';
import type { Cache, Mark } from './cache.ts';
import { createDrain, isPassing } from './drain.ts';
import { type Item, isReport, type Outbox } from './outbox.ts';
import { pictureOf } from './overlay.ts';
import { createPatience } from './patience.ts';
import { answerOf, type Picture } from './picture.ts';

/** One call to the server, as this paired desk. `forUser` names whose command it is. @throws ApiError */
export type Send = (
  name: string,
  input: Readonly<Record<string, unknown>>,
  as?: Readonly<{ commandId: string; madeAt: number; forUser: string }>,
) => Promise<unknown>;

type Options = Readonly<{
  cache: Cache;
  outbox: Outbox;
  send: Send;
  /** This desk's code, as the server gave it at pairing. */
  station: string;
  appVersion: string;
  newId: () => string;
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
  /** Something changed that a screen may show. */
  changed: () => void;
}>;

export type CoreState = Readonly<{
  online: boolean;
  /** Since when the server does not answer, by this desk's clock. */
  since: number | null;
  unsent: number;
  /** How far the first fill is, 0–1; null when it is done. */
  filling: number | null;
  /** How far this desk's clock is ahead of the server's, ms. */
  skew: number;
  /** What keeps this desk from its server although it answers. */
  trouble: CoreTrouble | null;
}>;

/** Answers after which a desk works alone until somebody has done something about it. */
const TROUBLES = [
  'protocol_too_old',
  'protocol_too_new',
  'older_server',
  'device_revoked',
  'certificate_expired',
  'not_this_clinic',
] as const;
export type CoreTrouble = (typeof TROUBLES)[number];
const troubleIn = (error: unknown): CoreTrouble | null =>
  error instanceof ApiError ? (TROUBLES.find((code) => code === error.code) ?? null) : null;

export type Core = Readonly<{
  state: () => CoreState;
  /** Does a command, with the server or without. Sent twice under one id, it is done once. @throws ApiError */
  command: (
    operation: string,
    input: Readonly<Record<string, unknown>>,
    userId: string,
    commandId?: string,
  ) => Promise<unknown>;
  picture: () => Picture;
  /** Asks the server what is new, sends what waits; resolves when that was tried. Several askers share one round. */
  beat: () => Promise<void>;
  /** The server answered, or did not: whoever talks to it says so. */
  heard: (online: boolean) => void;
  /** The desk's clock, corrected by what it knows of the server's. */
  clock: () => number;
}>;

/** For how long (ms) a confirmed command is kept, to be offered again to a server that was restored. */
export const KEPT = 7 * 86_400_000;

type Hello = Output<MedlaneApi['sync']['hello']>;
type Fill = Output<MedlaneApi['sync']['fill']>;
type Since = Output<MedlaneApi['sync']['since']>;

/** A desk's own mind: what it knows, what it owes, and what it may do when nobody answers. */
export function createCore(options: Options): Core {
  const { cache, outbox, send, station, appVersion, newId, now, after, changed } = options;
  // What was known of this desk's clock is still true when the program begins again without its server.
  const skew = cache.mark()?.skew ?? 0;
  let state: CoreState = { online: false, since: null, unsent: unsent(), filling: null, skew, trouble: null };
  let beating: Promise<void> | null = null;
  let again = false;
  let best: { skew: number; error: number } | null = null;
  /** As it was at the last greeting, ms since 1970. */
  let serverTime = 0;
  let epoch = '';
  const clock = () => now() - state.skew;
  const drain = createDrain({ outbox, send, clock, newId });

  // The program ended before anybody was told of these: they are not done, and the next reading shows what the server did.
  for (const { n, state: of, shown } of outbox.all()) if (of === 'waiting' && !shown) outbox.remove(n);

  function unsent(): number {
    return outbox.all().filter((item) => item.state === 'waiting' && item.shown && !isReport(item)).length;
  }
  function set(part: Partial<CoreState>): void {
    const next = { ...state, ...part, unsent: unsent() };
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    changed();
  }
  const away = (trouble: CoreTrouble) => set({ trouble, online: false, since: state.since ?? now() });
  const heard = (online: boolean) => set(online ? { online, since: null } : { online, since: state.since ?? now() });

  const inTime = createPatience(after);
  const picture = () => pictureOf(cache, outbox.all(), station, clock());

  async function command(
    operation: string,
    given: Readonly<Record<string, unknown>>,
    userId: string,
    asked = newId(),
  ): Promise<unknown> {
    const commandId = commandIdFrom(asked);
    const before = outbox.all().find((item) => item.commandId === commandId);
    if (before) return before.shown ? outcomeOf(before) : Promise.reject(new ApiError('unavailable'));
    const input = operation === 'patients.register' ? numbered(given) : given;
    let item = outbox.add({ commandId, operation, input, userId, madeAt: clock() });
    const inLine = outbox.all().some(({ n, state: of, shown }) => n < item.n && of === 'waiting' && shown);
    if (state.online && !inLine && !state.trouble) {
      item = outbox.change(item.n, { attempts: 1 });
      try {
        const { madeAt } = item;
        const answer = await inTime(send(operation, input, { commandId, madeAt, forUser: userId }));
        drain.confirm(item, answer);
        set({});
        stir();
        return answer;
      } catch (error) {
        if (!isPassing(error)) {
          outbox.remove(item.n);
          set({});
          throw error;
        }
        heard(false);
      }
    }
    try {
      const answer = outbox.together(() => doAlone({ outbox, station, newId, now: clock }, item, picture()));
      set({});
      if (state.online) stir();
      return answer;
    } catch (error) {
      // Its person was told that it is not done. If the server did it after all, the next reading shows it; it is never
      // sent again, so that nobody is called whom nobody waits for.
      outbox.remove(item.n);
      set({});
      throw error;
    }
  }

  /** What became of something that was done here before. */
  function outcomeOf({ operation, visitId, patientId, answer }: Item): unknown {
    if (answer) return answer;
    const now = picture();
    return operation === 'patients.register' ? now.patient(String(patientId)) : answerOf(now, String(visitId), clock());
  }

  /** The number under which a patient goes until the server gives another; it goes on finding them. */
  const numbered = (input: Readonly<Record<string, unknown>>) => ({
    ...input,
    provisionalNumber: provisionalNumber(station, outbox.next('patient')),
  });

  function beat(): Promise<void> {
    again = true;
    beating ??= (async () => {
      while (again) {
        again = false;
        await round();
      }
    })().finally(() => {
      beating = null;
    });
    return beating;
  }

  /** A round that nobody waits for: what keeps it from its end is met by the next one as well, whose asker hears of it. */
  const stir = () => void beat().catch(() => undefined);

  async function round(): Promise<void> {
    try {
      if (!(await greet())) return;
      await catchUp();
      if (await drain.run()) await catchUp();
      outbox.forget(serverTime - KEPT);
      set({});
    } catch (error) {
      const trouble = troubleIn(error);
      // Somebody took this desk out of the clinic: what it kept of the clinic goes, what it owes stays.
      if (trouble === 'device_revoked') cache.clear();
      if (trouble) return away(trouble);
      if (!isPassing(error)) throw error;
      heard(false);
    }
  }

  /** Whether this is the server to go on with. */
  async function greet(): Promise<boolean> {
    const began = now();
    const hello = (await inTime(send('sync.hello', { protocol: PROTOCOL, appVersion, unsent: unsent() }))) as Hello;
    const known = cache.mark()?.epoch ?? outbox.epoch();
    // Ids of timelines grow with time: an earlier one is a copy from before.
    if (known && hello.epoch < known) {
      away('older_server');
      return false;
    }
    serverTime = hello.time;
    epoch = hello.epoch;
    set({ skew: skewBy(began, hello.time), trouble: null, online: true, since: null });
    if (known && hello.epoch > known) offerAgain();
    if (outbox.epoch() !== epoch) outbox.setEpoch(epoch);
    return true;
  }

  /** How far this clock is ahead: by the quickest answer so far, until one says that the clock was changed. */
  function skewBy(began: number, serverTime: number): number {
    const sample = { skew: Math.round((began + now()) / 2) - serverTime, error: (now() - began) / 2 };
    const agrees = best && Math.abs(sample.skew - best.skew) <= sample.error + best.error;
    if (!best || !agrees || sample.error < best.error) best = sample;
    return best.skew;
  }

  /** Reads on from where this desk stands; from the beginning when that is no longer known. */
  async function catchUp(): Promise<void> {
    const answered = outbox.all().filter(({ state: of, seen }) => of === 'confirmed' && !seen);
    let mark = cache.mark();
    if (!mark || mark.cursor !== null) mark = await fill(mark);
    for (let more = true; more; ) {
      const from: Mark = mark;
      try {
        const page = (await send('sync.since', { since: from.seq, epoch: from.epoch })) as Since;
        mark = { epoch: page.epoch, seq: page.seq, cursor: null, at: now(), skew: state.skew };
        take(page.rows, mark, page.commandIds);
        more = page.more;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'feed_gap') throw error;
        // It may have been restored since it was greeted: that has to be noticed before what this desk knew is gone.
        if (!(await greet())) return;
        mark = await fill(null);
      }
    }
    // It is in what was read, also when the server had done it long before and only repeated its answer.
    for (const { n } of answered) if (outbox.get(n)?.seen === false) saw(n);
  }

  /** The cache holds it. When that was is for the server's clock to say: this desk's may jump by years. */
  const saw = (n: number) => outbox.change(n, { seen: true, settledAt: serverTime });

  /** The first fill, or what is left of it: each page is kept, so that a line that breaks costs one page. */
  async function fill(from: Mark | null): Promise<Mark> {
    let mark = from;
    let taken = 0;
    for (;;) {
      const page = (await send('sync.fill', mark?.cursor ? { cursor: mark.cursor } : {})) as Fill;
      // Another than was greeted: the next round begins with that.
      if (page.epoch !== epoch) throw new ApiError('unavailable');
      if (!mark) cache.clear();
      taken += page.rows.length;
      mark = { epoch: page.epoch, seq: mark?.seq ?? page.seq, cursor: page.cursor, at: now(), skew: state.skew };
      take(page.rows, mark, []);
      set({ filling: page.cursor ? Math.min(0.99, taken / Math.max(1, page.total)) : null });
      if (!page.cursor) break;
    }
    // Everything that the server had done by then is in it.
    for (const item of outbox.all()) if (item.state === 'confirmed' && !item.seen) saw(item.n);
    return mark;
  }

  function take(rows: Since['rows'], mark: Mark, commandIds: readonly string[]): void {
    cache.take(rows, mark);
    const done = new Set(commandIds);
    // Also when its own answer is still on the way.
    for (const item of outbox.all()) if (!item.seen && done.has(item.commandId)) saw(item.n);
    if (rows.length > 0) changed();
  }

  /**
   * The server was restored from a backup: what it had confirmed since then it may have forgotten. All of it is offered
   * again, in the order in which it was done; what it still knows it answers as before.
   */
  function offerAgain(): void {
    const since = serverTime - KEPT;
    for (const item of outbox.all()) {
      if (item.state !== 'confirmed' || (item.seen && Number(item.settledAt) < since)) continue;
      const fresh = { state: 'waiting', shown: true, seen: false, settledAt: null, offered: true } as const;
      outbox.change(item.n, { ...fresh, ...asGiven(item) });
    }
    cache.clear();
  }

  /** A token keeps the number that it was given, whatever the restored counter says; who was called is called. */
  function asGiven(item: Item): Partial<Item> {
    if (item.operation === 'queues.callNext' && item.visitId) {
      const { roomId, current } = item.input;
      const input = { id: item.visitId, roomId, reason: ALONE, ...(current === undefined ? {} : { current }) };
      return { operation: 'visits.call', input };
    }
    if (item.operation !== 'visits.issue' || !item.label) return {};
    const { patientId, queueId, priority, reason } = item.input;
    const input = { patientId, queueId, priority, reason, number: tokenNumberOf(item.label), series: 'clinic' };
    const known = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    return {
      operation: 'visits.issueOffline',
      commandId: commandIdFrom(newId()),
      input: { ...known, supersedes: item.commandId },
    };
  }

  return { state: () => state, command, picture, beat, heard, clock };
}

/** Whether a desk can do this without the server. */
export const isOffline = (name: string): boolean => {
  const [group = '', own = ''] = name.split('.');
  const operations = api[group as keyof MedlaneApi] as Record<string, { offline?: string }> | undefined;
  return operations?.[own]?.offline !== undefined;
};
