import type { Store } from '../db/open.ts';
import type { Authority } from '../devices/stations.ts';
import type { Ports } from '../ports.ts';
import type { Vault } from '../vault.ts';

/** The clinic's certificates. What makes them is loaded when the first one is asked for: a clinic without desks needs none. */
export function createAuthority(store: Store, vault: Vault, ports: Ports, clinicId: string): Authority {
  const parts = async () => {
    const tls = await import('./tls.ts');
    return { tls, root: await tls.loadRoot(store, vault, ports) };
  };
  return {
    async clinic() {
      const { root } = await parts();
      return { clinicId, root: root.certificate };
    },
    async certify(deviceId, publicKey) {
      const { tls, root } = await parts();
      return tls.certifyDevice(root, { clinicId, deviceId, publicKey, ports });
    },
  };
}
