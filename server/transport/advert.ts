import type { EventEmitter } from 'node:events';
import type { Ports } from '../ports.ts';

/**
 * Tells the network where the desks' door is: by a random name and the first half of the root's fingerprint, so that a
 * desk knows which advert is worth asking. Who listens learns no name of a clinic, a person or a computer; and nobody
 * believes it, since the certificate alone says who answers.
 */
export async function advertise(ports: Ports, port: number, fingerprint: string): Promise<() => void> {
  // The library's types are its CommonJS ones; only what is used here is named.
  const { Bonjour } = await import('bonjour-service');
  const name = ports.random(8).toString('hex');
  const bonjour = new Bonjour({}, () => undefined);
  // A port that another program holds, a network without multicast: then desks find the server in their other ways.
  (bonjour as unknown as { server: { mdns: EventEmitter } }).server.mdns.on('error', () => undefined);
  bonjour.publish({
    ...{ name, type: 'medlane', port, host: `${name}.local`, probe: false },
    txt: { v: '1', root: fingerprint.slice(0, 32) },
  });
  return () => bonjour.unpublishAll(() => bonjour.destroy());
}
