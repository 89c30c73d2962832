import { createClient } from '../../contract/client.ts';
import type { FoundStep } from '../../contract/desktop.ts';
import { type Fetch, httpTransport } from '../../contract/http.ts';
import { api } from '../../contract/index.ts';
import type { Identity } from './identity.ts';
import { troubleOf } from './secure.ts';

/** A server that says of itself on the network where it is. Nothing of it is believed. */
export type Advert = Readonly<{ address: string; root: string }>;
/** Listens for adverts for so long, in ms. */
export type Browse = (ms: number) => Promise<readonly Advert[]>;

type Search = Readonly<{
  identity: Identity;
  fetch: Fetch;
  browse: Browse;
  fingerprint: string;
  typed?: string | undefined;
  tell?: (step: FoundStep) => void;
}>;

/** How long is listened, in ms; and how long one address may take. */
const LISTEN = 1500;
const ANSWER_WITHIN = 5000;

export type Found = Readonly<{
  address: string;
  epoch: string;
  clinic: string;
  name: string;
  place: Identity['place'];
}>;

/**
 * Finds this desk's own server, by who it is: where it was the last time, by its advert, where it was before, where a
 * person says. Each step is told, so that whoever looks for the fault sees which one failed.
 */
export async function findServer(search: Search): Promise<Found | null> {
  const { identity, typed, tell = () => undefined } = search;
  const [last, ...before] = identity.addresses;
  const tried = new Set<string>();

  async function attempt(step: FoundStep['step'], addresses: readonly string[]): Promise<Found | null> {
    const fresh = addresses.filter((address) => !tried.has(address));
    if (fresh.length === 0) tell({ step, address: null, outcome: 'nobody' });
    for (const address of fresh) {
      tried.add(address);
      const found = await ask(address, search);
      if (typeof found !== 'string') {
        tell({ step, address, outcome: 'found' });
        return found;
      }
      tell({ step, address, outcome: found });
    }
    return null;
  }

  return (
    (typed ? await attempt('typed', [typed]) : null) ??
    (last ? await attempt('last', [last]) : null) ??
    (await attempt('network', await heard(search))) ??
    (before.length > 0 ? await attempt('known', before) : null)
  );
}

async function heard({ browse, fingerprint }: Search): Promise<string[]> {
  const adverts = await browse(LISTEN);
  // Another clinic's server on the same network is not worth asking.
  return adverts.filter(({ root }) => root !== '' && fingerprint.startsWith(root)).map(({ address }) => address);
}

/** Whether our server answers at an address; else why not. */
async function ask(address: string, { identity, fetch }: Search): Promise<Found | FoundStep['outcome']> {
  const within: Fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN) });
  const client = createClient(api, httpTransport({ base: `https://${address}`, fetch: within, headers: () => ({}) }));
  try {
    const { epoch, clinic, name, place } = await client.devices.me();
    // Epochs are ids that grow with time: a smaller one is a copy from before a restore, switched on again.
    return epoch < identity.epoch ? 'older' : { address, epoch, clinic, name, place };
  } catch (error) {
    return troubleOf(error);
  }
}
