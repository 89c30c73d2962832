import { ApiError } from '../../contract/kit.ts';
import type { Chance } from '../day/random.ts';
import { Gone, type Request, type SimServer } from './sim-server.ts';
import type { VirtualTime } from './virtual-time.ts';

/** After this long (ms) without an answer a caller gives up. */
const GIVES_UP = 12_000;

/**
 * How a desk's line is:
 * - `up`, or `away`: refused at once, as without a cable;
 * - `deaf`: what it sends arrives, what is answered does not;
 * - `mute`: what it sends is lost, what is sent to it arrives;
 * - `half`: the connection looks open, and nothing comes through.
 */
export type LineState = 'up' | 'away' | 'deaf' | 'mute' | 'half';

/** What may become of one message. */
export type Mishap = 'lost' | 'answer lost' | 'twice' | 'late';

export type Line = {
  state: LineState;
  /** How likely each mishap is. */
  odds: Readonly<Partial<Record<Mishap, number>>>;
  /** What happens to the next request for sure. */
  next: Mishap | null;
};

type Options = Readonly<{
  time: VirtualTime;
  chance: Chance;
  server: () => SimServer;
  /** Told of each mishap, and of each line that was not up, with what was under way. */
  happened: (what: Mishap | LineState, request: Request) => void;
  /** Everything that goes over the wire, for the digest. */
  log: (text: string) => void;
}>;

export function createNetwork({ time, chance, server, happened, log }: Options) {
  const travel = () => 1 + Math.floor(chance.next() * 40);

  function mishapOf(line: Line): Mishap | null {
    if (line.next) {
      const given = line.next;
      line.next = null;
      return given;
    }
    for (const [mishap, odds] of Object.entries(line.odds)) if (chance.happens(odds)) return mishap as Mishap;
    return null;
  }

  /** One request and its answer. @throws ApiError; `unavailable` is all that a desk learns of the line. */
  function request(line: Line, asked: Request): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let settled = false;
      const settle = (ms: number, run: () => void) =>
        time.after(ms, () => {
          if (settled) return;
          settled = true;
          giveUp();
          run();
        });
      const away = () => reject(new ApiError('unavailable'));
      const giveUp = time.after(GIVES_UP, () => {
        if (settled) return;
        settled = true;
        away();
      });

      if (line.state !== 'up') happened(line.state, asked);
      if (line.state === 'away') return void settle(travel(), away);
      if (line.state === 'half' || line.state === 'mute') return;
      const mishap = mishapOf(line);
      if (mishap) happened(mishap, asked);
      if (mishap === 'lost') return;
      const bring = (ms: number, ofValue: boolean) =>
        time.after(ms, async () => {
          const outcome = await server()
            .serve(asked)
            .then(
              (value) => ({ value }),
              (error: unknown) => ({ error }),
            );
          log(`${asked.name} ${asked.commandId ?? ''} ${'value' in outcome ? 'ok' : codeOf(outcome.error)}`);
          if (!ofValue) return;
          if (line.state === 'deaf' || line.state === 'half') return happened(line.state, asked);
          if ('error' in outcome && outcome.error instanceof Gone) return void settle(travel(), away);
          if (mishap === 'answer lost') return;
          settle(travel(), () => ('value' in outcome ? resolve(outcome.value) : reject(outcome.error)));
        });
      // Late is later than a person waits, and than what their desk sends next.
      const first = mishap === 'late' ? 2500 + Math.floor(chance.next() * 8000) : travel();
      bring(first, true);
      if (mishap === 'twice') bring(first + travel() + (chance.happens(0.5) ? 4000 : 0), false);
    });
  }

  /** The server says that something changed. */
  function poke(line: Line, hear: () => void): void {
    time.after(travel(), () => {
      if (line.state === 'up' && !chance.happens(line.odds.lost ?? 0)) hear();
    });
  }

  return { request, poke };
}
export type Network = ReturnType<typeof createNetwork>;

const codeOf = (error: unknown): string => (error instanceof ApiError ? error.code : 'gone');
