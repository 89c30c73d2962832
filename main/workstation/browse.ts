import type { EventEmitter } from 'node:events';
import type { Service } from 'bonjour-service';
import type { Advert, Browse } from './discovery.ts';

/** Listens on the network for servers that say where they are (mDNS). */
export const createBrowse =
  (after: (ms: number, run: () => void) => () => void): Browse =>
  async (ms) => {
    const { Bonjour } = await import('bonjour-service');
    const bonjour = new Bonjour({}, () => undefined);
    const { mdns } = (bonjour as unknown as { server: { mdns: EventEmitter } }).server;
    const adverts = await new Promise<readonly Advert[]>((resolve) => {
      const browser = bonjour.find({ type: 'medlane' });
      const end = () => resolve(browser.services.flatMap(advertsOf));
      after(ms, end);
      // Another program holds the port, or this computer has no network: then nothing is heard.
      mdns.on('error', end);
    });
    bonjour.destroy();
    return adverts;
  };

/** Where a service says it is; IPv4 first, since that is what a clinic's router hands out. */
function advertsOf({ addresses = [], port, txt, referer }: Service): Advert[] {
  const root = String((txt as { root?: unknown } | undefined)?.root ?? '');
  const numbers = [...new Set([...addresses, ...(referer ? [referer.address] : [])])].filter((one) =>
    /^[\d.]+$/.test(one),
  );
  return numbers.map((number) => ({ address: `${number}:${port}`, root }));
}
