import { existsSync } from 'node:fs';
import * as z from 'zod';
import { STATION_PLACES } from '../../domain/station.ts';
import { keyFor, sealedFile } from './sealing.ts';

/** Who this desk is in which clinic, and how it proves it. */
const identity = z.object({
  clinicId: z.string(),
  clinic: z.string(),
  /** The clinic's root certificate, pinned when the desk was added. */
  root: z.string(),
  key: z.string(),
  certificate: z.string(),
  deviceId: z.string(),
  stationCode: z.string(),
  name: z.string(),
  place: z.enum(STATION_PLACES),
  /** The newest life of the clinic's database that this desk has met: a restore begins another one. */
  epoch: z.string(),
  /** Where the server was, the last one first: `host:port`. */
  addresses: z.array(z.string()),
});
export type Identity = Readonly<z.output<typeof identity>>;

/** What the keychain answers; main's keychain is one. */
export type Secrets = Readonly<{
  read: () => Promise<Secret>;
  readOrCreate: () => Promise<Secret>;
}>;
type Secret =
  | Readonly<{ state: 'available'; secret: Buffer }>
  | Readonly<{ state: 'locked' }>
  | Readonly<{ state: 'absent' }>;

/**
 * `none`: this computer is no desk of a clinic. `locked`: it is one, and its keychain does not open now. `absent`: the
 * computer has no keychain, so that it can be none. `changed`: the keychain is there, and holds another secret than the
 * one that sealed the file (a new user, a system set up anew): the desk must be added again.
 */
export type Held =
  | Readonly<{ state: 'joined'; identity: Identity }>
  | Readonly<{ state: 'none' | 'locked' | 'absent' | 'changed' }>;

export type Identities = Readonly<{
  open: () => Promise<Held>;
  /** Whether this desk could keep an identity. Asked before pairing, so that no code is compared for nothing. */
  canKeep: () => Promise<'yes' | 'locked' | 'absent'>;
  /** Keys for whatever else this desk keeps. @throws when the keychain does not open. */
  keys: () => Promise<(purpose: string) => Buffer>;
  /** @throws when the keychain does not take it: nothing is written in the clear. */
  keep: (identity: Identity) => Promise<void>;
}>;

const PURPOSE = 'desk identity';

/** The sealed file in which a desk keeps who it is. Without a keychain nothing is written at all. */
export function createIdentities(file: string, keychain: Secrets): Identities {
  const sealed = (secret: Buffer) => sealedFile(file, keyFor(secret, PURPOSE), PURPOSE);
  async function mine(): Promise<Buffer> {
    const known = await keychain.readOrCreate();
    if (known.state !== 'available') throw new Error(`The keychain of this computer is ${known.state}.`);
    return known.secret;
  }
  return {
    async open() {
      if (!existsSync(file)) return { state: 'none' };
      const known = await keychain.read();
      if (known.state === 'locked') return { state: 'locked' };
      // The file says that there was a secret once: a keychain that does not know it is another one.
      if (known.state === 'absent') return { state: 'changed' };
      try {
        const found = identity.safeParse(JSON.parse(String(sealed(known.secret).read())));
        return found.success ? { state: 'joined', identity: found.data } : { state: 'changed' };
      } catch {
        return { state: 'changed' };
      }
    },
    async canKeep() {
      const { state } = await keychain.readOrCreate();
      return state === 'available' ? 'yes' : state;
    },
    async keys() {
      const secret = await mine();
      return (purpose) => keyFor(secret, purpose);
    },
    async keep(next) {
      sealed(await mine()).write(Buffer.from(JSON.stringify(next)));
    },
  };
}
