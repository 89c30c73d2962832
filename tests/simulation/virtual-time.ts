import { v7 } from 'uuid';
import type { Chance } from '../day/random.ts';

/** Time that passes only when everything due has happened. In ms since 1970. */
export type VirtualTime = Readonly<{
  now: () => number;
  /** Runs later, once; the answer cancels it. */
  after: (ms: number, run: () => void) => () => void;
  sleep: (ms: number) => Promise<void>;
  /** Lets everything happen that is due up to then, one thing after the other. */
  until: (instant: number) => Promise<void>;
}>;

type Due = { at: number; run: (() => void) | null };

export function createTime(start: number): VirtualTime {
  let now = start;
  /** In the order in which it is due; what is due at the same time in the order in which it was asked for. */
  const due: Due[] = [];
  const after: VirtualTime['after'] = (ms, run) => {
    const entry: Due = { at: now + Math.max(0, Math.round(ms)), run };
    let [low, high] = [0, due.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((due[middle] as Due).at <= entry.at) low = middle + 1;
      else high = middle;
    }
    due.splice(low, 0, entry);
    return () => {
      entry.run = null;
    };
  };
  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async until(instant) {
      for (let next = due[0]; next && next.at <= instant; next = due[0]) {
        due.shift();
        now = next.at;
        if (!next.run) continue;
        next.run();
        // Whatever follows from it without waiting for anything has happened by then.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      now = instant;
    },
  };
}

export function randomBytes({ next }: Chance, many: number): Buffer {
  const bytes = Buffer.alloc(many);
  for (let at = 0; at < many; at += 1) bytes[at] = Math.floor(next() * 256);
  return bytes;
}

/** UUIDv7s of a seed: the same ids in the same run. */
export function createIds(chance: Chance, now: () => number): () => string {
  let seq = 0;
  return () => {
    seq += 1;
    return v7({ msecs: now(), seq, random: randomBytes(chance, 16) });
  };
}
