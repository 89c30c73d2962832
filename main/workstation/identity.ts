import { copyFileSync, existsSync } from 'node:fs';
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
  | Readonly<{ state: 'empty' }>
  | Readonly<{ state: 'locked' | 'silent' | 'absent' }>;

/**
 * `none`: this computer is no desk of a clinic. It is one, but its keychain does not open now (`locked`), has not answered
 * yet (`silent`), or is not there (`absent`). `changed`: the keychain holds another secret than the one that sealed the
 * file, or none (a new user, a system set up anew): the desk must be added again.
 */
export type Held =
  | Readonly<{ state: 'joined'; identity: Identity }>
  | Readonly<{ state: 'none' | 'locked' | 'silent' | 'absent' | 'changed' }>;

export type Identities = Readonly<{
  /** Whether this computer is a desk of a clinic: known without the keychain, which may take its time. */
  isDesk: () => boolean;
  open: () => Promise<Held>;
  /** Whether this desk could keep an identity. Asked before pairing, so that no code is compared for nothing. */
  canKeep: () => Promise<'yes' | 'locked' | 'silent' | 'absent'>;
  /** This computer is that desk from now on. @throws when the keychain does not take it: nothing is written in the clear. */
  begin: (identity: Identity) => Promise<void>;
  /** Keys for whatever else this desk keeps. @throws unless it was opened or begun. */
  keys: () => (purpose: string) => Buffer;
  /** Keeps what is new about this desk. @throws unless it was opened or begun. */
  keep: (identity: Identity) => Promise<void>;
}>;

const PURPOSE = 'desk identity';

/** The sealed file in which a desk keeps who it is. Without a keychain nothing is written at all. */
export function createIdentities(file: string, keychain: Secrets, now: () => number): Identities {
  /** What sealed this desk's files. The keychain may change meanwhile, and then must not seal one of them anew. */
  let own: Buffer | null = null;
  const sealed = (secret: Buffer) => sealedFile(file, keyFor(secret, PURPOSE), PURPOSE);
  function mine(): Buffer {
    if (!own) throw new Error('This computer is no desk yet.');
    return own;
  }
  function readWith(secret: Buffer): Identity | null {
    try {
      return identity.parse(JSON.parse(String(sealed(secret).read())));
    } catch {
      return null;
    }
  }
  const isDesk = () => existsSync(file);
  const keep = async (next: Identity) => sealed(mine()).write(Buffer.from(JSON.stringify(next)));
  return {
    isDesk,
    async open() {
      if (!isDesk()) return { state: 'none' };
      const known = await keychain.read();
      // The file says that there was a secret once: a keychain that does not know it is another one.
      if (known.state === 'empty') return { state: 'changed' };
      if (known.state !== 'available') return known;
      const found = readWith(known.secret);
      if (!found) return { state: 'changed' };
      own = known.secret;
      return { state: 'joined', identity: found };
    },
    async canKeep() {
      const { state } = await keychain.readOrCreate();
      if (state === 'available') return 'yes';
      return state === 'empty' ? 'absent' : state;
    },
    async begin(next) {
      const known = await keychain.readOrCreate();
      if (known.state !== 'available') throw new Error(`The keychain of this computer is ${known.state}.`);
      // The secret that opens it may come back, and with it what this desk had not handed over.
      if (isDesk() && !readWith(known.secret)) copyFileSync(file, `${file}.changed-${now()}`);
      own = known.secret;
      await keep(next);
    },
    keys() {
      const secret = mine();
      return (purpose) => keyFor(secret, purpose);
    },
    keep,
  };
}
