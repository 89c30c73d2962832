import { after } from '../clock.ts';
import type { BoardView } from '../live.ts';

export type BoardCall = BoardView['calls'][number];
type Announcement = Readonly<{ call: BoardCall; time: 1 | 2 }>;

/** How long one announcement stands in front, and how long a call stays on the board at least (ms). */
const EACH = 6000;
export const MINIMUM = 20_000;

type Stage = Readonly<{
  /** Gives the calls of a new view; those not announced yet are announced one after the other, each twice. */
  take: (calls: readonly BoardCall[]) => void;
  close: () => void;
}>;

/** Announcements never overlap; what the board was switched on with is not announced again. */
export function createStage(announce: (current: Announcement | null) => void, known: number): Stage {
  let highest = known;
  let line: Announcement[] = [];
  let off: (() => void) | null = null;

  function step() {
    const current = line.shift() ?? null;
    announce(current);
    off = current ? after(EACH, step) : null;
  }

  return {
    take(calls) {
      const fresh = calls
        .filter((call) => call.state === 'called' && call.callSeq > highest)
        .sort((a, b) => a.callSeq - b.callSeq);
      if (fresh.length === 0) return;
      highest = Math.max(highest, ...fresh.map(({ callSeq }) => callSeq));
      // Every call once before any is repeated: nobody waits for another's second time.
      line = [
        ...line.filter(({ time }) => time === 1),
        ...fresh.map((call) => ({ call, time: 1 as const })),
        ...line.filter(({ time }) => time === 2),
        ...fresh.map((call) => ({ call, time: 2 as const })),
      ];
      if (!off) step();
    },
    close: () => off?.(),
  };
}

/** The calls that are shown, by their number, and since when. */
export type Shown = ReadonlyMap<number, Readonly<{ call: BoardCall; since: number }>>;

/** The calls to show: those of the view, and those that left it before anybody had time to read them. */
export function lasting(before: Shown, calls: readonly BoardCall[], now: number) {
  const next = new Map<number, { call: BoardCall; since: number }>();
  for (const call of calls) next.set(call.callSeq, { call, since: before.get(call.callSeq)?.since ?? now });
  for (const [seq, { call, since }] of before) {
    const replaced = calls.some((other) => other.visitId === call.visitId || other.token === call.token);
    if (!next.has(seq) && !replaced && now - since < MINIMUM) next.set(seq, { call, since });
  }
  return next;
}
