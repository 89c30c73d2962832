import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../../contract/kit.ts';

/** Argon2id (RFC 9106; 2 is its number): 64 MiB, three passes, one lane; 85 ms on the slowest PC that was measured. */
const PARAMETERS = { algorithm: 2 as const, memoryCost: 65_536, timeCost: 3, parallelism: 1 };
/** Hashing is heavy: this many at once, this many waiting, then "try again". */
const AT_ONCE = 2;
const WAITING = 20;

export type Passwords = Readonly<{
  hash: (password: string) => Promise<string>;
  /** Takes as long for an account that does not exist (null). */
  verify: (stored: string | null, password: string) => Promise<boolean>;
}>;

/** Passwords with the clinic's pepper: a stolen database alone cannot be tried against. */
export function createPasswords(pepper: Buffer): Passwords {
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

  const options = { ...PARAMETERS, secret: pepper };
  let dummy: Promise<string> | undefined;
  return {
    hash: (password) => inTurn(() => hash(password, options)),
    async verify(stored, password) {
      dummy ??= hash('nobody has this password', options);
      const against = stored ?? (await dummy);
      const fits = await inTurn(() => verify(against, password, options));
      return fits && stored !== null;
    },
  };
}
