import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../../contract/kit.ts';
import type { Ports } from '../ports.ts';

/** Argon2id (RFC 9106; 2 is its number), one lane. */
const KIND = { algorithm: 2 as const, parallelism: 1 };
/** Hashing is heavy: this many at once, this many waiting, then "try again". */
const AT_ONCE = 2;
const WAITING = 20;

export type Passwords = Readonly<{
  hash: (password: string) => Promise<string>;
  /** Takes as long for an account that does not exist (null). */
  verify: (stored: string | null, password: string) => Promise<boolean>;
  /** The hash of a password that fits, as it is made today; null where the stored one already is. */
  renewed: (stored: string, password: string) => Promise<string | null>;
}>;

/** Passwords with the clinic's pepper: a stolen database alone cannot be tried against. */
export function createPasswords(pepper: Buffer, cost: Ports['hashing']): Passwords {
  let running = 0;
  const queue: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE) {
      if (queue.length >= WAITING) throw new ApiError('rate_limited');
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  }

  const options = { ...KIND, ...cost, secret: pepper };
  const today = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${KIND.parallelism}$`;
  const hashed = (password: string) => inTurn(() => hash(password, options));
  let dummy: Promise<string> | undefined;
  return {
    hash: hashed,
    async verify(stored, password) {
      dummy ??= hash('nobody has this password', options);
      const against = stored ?? (await dummy);
      const fits = await inTurn(() => verify(against, password, options));
      return fits && stored !== null;
    },
    renewed: async (stored, password) => (stored.startsWith(today) ? null : hashed(password)),
  };
}
