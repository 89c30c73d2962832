import { hash, verify } from '@node-rs/argon2';
import * as z from 'zod';
import type { signedIn } from '../../contract/auth.ts';
import type { Problem } from '../../contract/errors.ts';
import { ApiError } from '../../contract/kit.ts';
import { user } from '../../contract/shapes.ts';
import { keysOf, namesOf } from '../../domain/people.ts';
import type { sealedFile } from './sealing.ts';

type SignedIn = z.output<typeof signedIn>;
/** Somebody who is in without the server having seen it yet: what it will be told when it is back. */
export type OfflineSignIn = Readonly<{
  user: SignedIn['user'];
  vouch: string;
  at: number;
  how: 'password' | 'pin';
}>;

/** Who signed in here with the server lately, and how they prove it again. */
const person = z.object({
  /** What an older version kept does not say this. */
  user: user.extend({
    code: z.string().default(''),
    email: z.string().nullable().default(null),
    phone: z.string().nullable().default(null),
    secondFactor: z.boolean().default(false),
  }),
  vouch: z.string(),
  /** When the server last let them in here by password, ms since 1970. */
  at: z.int(),
  password: z.string(),
  pin: z.string().nullable(),
  /** Wrong tries since something was right. */
  failures: z.int(),
});
type Person = z.output<typeof person>;

type Options = Readonly<{
  file: ReturnType<typeof sealedFile>;
  /** Without it a stolen file could not even be tried against. */
  pepper: Buffer;
  now: () => number;
}>;

export type People = Readonly<{
  /** The server let somebody in by this password. */
  proved: (answer: SignedIn, password: string) => Promise<void>;
  /** The server took this PIN for theirs; null: they have none any more. */
  pinProved: (userId: string, pin: string | null) => Promise<void>;
  /** @throws ApiError */
  byPassword: (identifier: string, password: string) => Promise<OfflineSignIn>;
  byPin: (userId: string, pin: string) => Promise<OfflineSignIn>;
  /** Whoever is in says again who they are. @throws ApiError */
  unlock: (userId: string, secret: Readonly<{ pin?: string; password?: string }>) => Promise<void>;
  /** Who may go on here by PIN. */
  withPin: (userId: string | null) => Readonly<{ hasPin: boolean; people: { id: string; name: string }[] }>;
  /** Nobody may any more: this desk was taken out of the clinic. */
  forget: () => void;
}>;

/** For how long (ms) after the server let somebody in the desk does so by itself; and how many wrong tries end that. */
export const LATELY = 72 * 3_600_000;
export const TRIES = 5;
/** Argon2id (RFC 9106; 2 is its number), as on the server. */
const COST = { algorithm: 2 as const, memoryCost: 65_536, timeCost: 3, parallelism: 1 };

const refuse = (problem: Problem<'needs_server'>): never => {
  throw new ApiError('needs_server', { facts: { problem } });
};

/** Who may sign in at this desk while the server is away. Verifiers only, in a sealed file. */
export function createPeople({ file, pepper, now }: Options): People {
  const cost = { ...COST, secret: pepper };
  let people = read();

  function read(): Map<string, Person> {
    try {
      const found = z.array(person).safeParse(JSON.parse(String(file.read() ?? '[]')));
      return new Map((found.data ?? []).map((one) => [one.user.id, one]));
    } catch {
      // Sealed by another secret, or damaged: the server lets them in again.
      return new Map();
    }
  }
  function keep(next: Person): void {
    people = new Map(people).set(next.user.id, next);
    file.write(Buffer.from(JSON.stringify([...people.values()])));
  }
  const isLate = ({ at }: Person) => now() - at > LATELY;

  /** Counts the try before it is tried: whoever ends the program in the middle has had it. */
  async function check(of: Person, verifier: string | null, secret: string): Promise<void> {
    if (isLate(of)) refuse('not_lately');
    if (of.failures >= TRIES) refuse('too_many_tries');
    if (verifier === null) throw new ApiError('pin_not_here');
    keep({ ...of, failures: of.failures + 1 });
    if (!(await verify(verifier, secret, cost))) throw new ApiError('bad_credentials');
    keep({ ...(people.get(of.user.id) ?? of), failures: 0 });
  }
  const found = (userId: string): Person => people.get(userId) ?? refuse('not_lately');
  const asIn = ({ user: who, vouch }: Person, how: OfflineSignIn['how']): OfflineSignIn => ({
    ...{ user: who, vouch, how },
    at: now(),
  });

  return {
    async proved({ user: who, vouch }, password) {
      if (vouch === null) return;
      const pin = people.get(who.id)?.pin ?? null;
      const proof = { vouch, at: now(), password: await hash(password, cost), pin, failures: 0 };
      // An older server does not say all of it.
      keep(person.parse({ user: who, ...proof }));
    },
    async pinProved(userId, pin) {
      const of = people.get(userId);
      if (of) keep({ ...of, pin: pin === null ? null : await hash(pin, cost), failures: 0 });
    },
    async byPassword(identifier, password) {
      const typed = keysOf(identifier);
      const isMeant = ({ user: who }: Person) => namesOf(who).some(({ key }) => typed.includes(key));
      const of = [...people.values()].find(isMeant) ?? refuse('not_lately');
      await check(of, of.password, password);
      return asIn(of, 'password');
    },
    async byPin(userId, pin) {
      const of = found(userId);
      await check(of, of.pin, pin);
      return asIn(of, 'pin');
    },
    async unlock(userId, { pin, password }) {
      const of = found(userId);
      await (password === undefined ? check(of, of.pin, pin ?? '') : check(of, of.password, password));
    },
    withPin(userId) {
      const others = [...people.values()].filter((one) => one.pin !== null && !isLate(one) && one.failures < TRIES);
      return {
        hasPin: others.some(({ user: { id } }) => id === userId),
        people: others.filter(({ user: { id } }) => id !== userId).map(({ user: { id, name } }) => ({ id, name })),
      };
    },
    forget() {
      people = new Map();
      file.remove();
    },
  };
}
