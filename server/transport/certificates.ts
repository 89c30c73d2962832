import type { Server } from 'node:https';
import type { Store } from '../db/open.ts';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';
import type { ServerIdentity } from './tls.ts';

type Parts = Readonly<{ store: Store; vault: Vault; ports: Ports; clinicId: string }>;
type More = Readonly<{ ca?: string[] }>;

/** How often it is looked at whether the certificate is still good and says where the server is, in ms. */
const LOOK = 3_600_000;

/**
 * The server's own certificate at its doors, renewed while they are open: whoever is connected stays so. Made when the
 * first door to the network opens; a clinic without one does not even load what makes certificates.
 */
export function createCertificates({ store, vault, ports, clinicId }: Parts, names: () => string[]) {
  const doors: { server: Server; more: More }[] = [];
  let held: Promise<ServerIdentity> | null = null;
  let stop = () => {};

  const load = async () => (await import('./tls.ts')).loadIdentity(store, vault, ports, clinicId, names());
  const identity = () => {
    held ??= load();
    return held;
  };
  const secure = ({ server: { certificate: cert, key } }: ServerIdentity) =>
    ({ cert, key, minVersion: 'TLSv1.2' }) as const;

  async function renew(): Promise<void> {
    const [before, now] = [await identity(), await load()];
    if (now.server.certificate === before.server.certificate) return;
    held = Promise.resolve(now);
    for (const { server, more } of doors) server.setSecureContext({ ...secure(now), ...more });
  }

  /** A disk that is full today has room tomorrow: what cannot be renewed now is tried again. */
  const look = () => {
    stop = ports.after(LOOK, () => void renew().then(look, look));
  };

  return {
    identity,
    options: async () => secure(await identity()),
    /** Keeps a door's certificate good for as long as it is open. */
    keep(server: Server, more: More = {}): void {
      if (doors.length === 0) look();
      doors.push({ server, more });
    },
    close: () => stop(),
  };
}
