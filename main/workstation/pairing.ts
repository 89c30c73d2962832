import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { createClient } from '../../contract/client.ts';
import { httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import { ApiError } from '../../contract/kit.ts';
import { codesOf, commitmentOf } from '../../contract/pairing-code.ts';
import type { Identity } from './identity.ts';
import { createSecure, createUnproved } from './secure.ts';

type Options = Readonly<{
  /** `host:port` of the desks' door. */
  address: string;
  appVersion: string;
  random: (bytes: number) => Buffer;
}>;

export type Introduced = Readonly<{
  /** Shown here, typed at the administrator's. */
  code: string;
  /** Until when, in ISO 8601. */
  until: string;
  /**
   * What the administrator's screen shows, typed here; then this desk is one of that clinic. @throws ApiError:
   * `wrong_code` when it is another code, `pairing_closed` when it is over.
   */
  answer: (typed: string) => Promise<Identity>;
  close: () => Promise<void>;
}>;

/** Wrong codes that are borne: each is a guess, and a person reads a code three times at most. */
const TRIES = 3;
// RSA, since what signs the certificates knows no other.
const newKeys = () =>
  promisify(generateKeyPair)('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

/** A new desk gets to know a server that it cannot trust yet. @throws ApiError */
export async function introduce({ address, appVersion, random }: Options): Promise<Introduced> {
  const { publicKey, privateKey } = await newKeys();
  const unproved = createUnproved();
  const clientBy = (fetch: typeof unproved.fetch) =>
    createClient(api, httpTransport({ base: `https://${address}`, fetch, headers: () => ({}) }));
  const server = clientBy(unproved.fetch);
  let wrong = 0;

  try {
    const deskNonce = random(32).toString('hex');
    const commitment = await commitmentOf({ deskNonce, publicKey });
    const { pairingId, clinicId, root, serverNonce, until } = await server.pairing.begin({
      commitment,
      publicKey,
      appVersion,
    });
    await server.pairing.reveal({ pairingId, deskNonce });
    const codes = await codesOf({ clinicId, root, publicKey, deskNonce, serverNonce });

    return {
      code: codes.desk,
      until,
      async answer(typed) {
        if (wrong >= TRIES) throw new ApiError('pairing_closed');
        if (typed.replace(/\D/g, '') !== codes.server) {
          wrong += 1;
          throw new ApiError('wrong_code');
        }
        const { desk } = await server.pairing.collect({ pairingId });
        // The right code is shown only after the desk was added.
        if (!desk) throw new ApiError('pairing_closed');
        const identity = { ...desk, clinicId, root, key: privateKey, addresses: [address] };
        const secure = createSecure(identity);
        try {
          // By the certificates alone now: whoever relayed the words so far cannot relay these.
          await clientBy(secure.fetch).devices.me();
        } finally {
          await secure.close();
        }
        return identity;
      },
      close: unproved.close,
    };
  } catch (error) {
    await unproved.close();
    throw error;
  }
}
