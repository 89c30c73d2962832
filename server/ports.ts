import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/**
 * What the server takes from the world: time, chance, and the way out. Given to the composition root, so that a test
 * can run the clinic on a clock of its own.
 */
export type Ports = Readonly<{
  /** ms since 1970. */
  now: () => number;
  /** A UUIDv7 for a row made now. */
  id: () => string;
  random: (bytes: number) => Buffer;
  /** Runs later, once; the answer cancels it. */
  after: (ms: number, run: () => void) => () => void;
  /** Runs when what has already arrived was read. */
  soon: (run: () => void) => void;
  /** Stops the process at once: the only safe answer to a disk that lost a write. */
  die: (why: string) => never;
}>;

export const realPorts: Ports = {
  now: () => Date.now(),
  id: () => v7(),
  random: randomBytes,
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
