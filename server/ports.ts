import { randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/**
 * What the server takes from the world: time, chance, effort, and the way out. Given to the composition root, so that a test
 * can run the clinic on a clock of its own.
 */
export type Ports = Readonly<{
  /** ms since 1970. */
  now: () => number;
  /** A UUIDv7 for a row made now. */
  id: () => string;
  random: (bytes: number) => Buffer;
  /** What a password's hash costs: memory (KiB) and passes over it. */
  hashing: Readonly<{ memoryCost: number; timeCost: number }>;
  /** Runs later, once; the answer cancels it. */
  after: (ms: number, run: () => void) => () => void;
  /** Runs when what has already arrived was read. */
  soon: (run: () => void) => void;
  /** Stops the process at once: the only safe answer to a disk that lost a write. */
  die: (why: string) => never;
}>;

/**
 * UUIDv7s that grow also within a millisecond (RFC 9562, method 1: a counter that begins at random). Chance comes by the
 * page: asking the system for 16 bytes at a time cost more than everything else about an id.
 */
function createIds(): () => string {
  const page = Buffer.alloc(4096);
  let [used, msecs, seq] = [page.length, 0, 0];
  const sixteen = () => {
    if (used === page.length) {
      randomFillSync(page);
      used = 0;
    }
    used += 16;
    return page.subarray(used - 16, used);
  };
  return () => {
    const [now, random] = [Date.now(), sixteen()];
    if (now > msecs) {
      msecs = now;
      seq = random.readUInt32BE(6) & 0x7fff_ffff;
    } else {
      seq = (seq + 1) | 0;
      if (seq === 0) msecs += 1;
    }
    return v7({ msecs, seq, random });
  };
}

export const realPorts: Ports = {
  now: () => Date.now(),
  id: createIds(),
  random: randomBytes,
  // 64 MiB, three passes: 85 ms on the slowest PC that was measured.
  hashing: { memoryCost: 65_536, timeCost: 3 },
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  soon: (run) => {
    setImmediate(run);
  },
  die: (why) => {
    process.stderr.write(`medlane: ${why}\n`);
    process.exit(70);
  },
};

/** An instant as the wire and the files write it. */
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
