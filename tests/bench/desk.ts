import { randomBytes } from 'node:crypto';
import { createClient } from '../../contract/client.ts';
import { api } from '../../contract/index.ts';
import type { Identity } from '../../main/workstation/identity.ts';
import { introduce } from '../../main/workstation/pairing.ts';
import { keyFor } from '../../main/workstation/sealing.ts';
import { createSecure } from '../../main/workstation/secure.ts';
import { createWorkstation, type Workstation } from '../../main/workstation/workstation.ts';
import { realPorts } from '../../server/ports.ts';
import type { Clinic } from './clinic-folder.ts';

/** Paired as people do it. */
export async function pairedWith({ admin }: Clinic, address: string): Promise<Identity> {
  await admin.pairing.open();
  const introduced = await introduce({ address, appVersion: '1.0.0', random: randomBytes });
  const { desk } = await admin.pairing.pending();
  const { answer } = await admin.pairing.confirm({
    ...{ pairingId: desk?.pairingId ?? '', code: introduced.code, name: 'Bench', place: 'reception' },
  });
  const identity = await introduced.answer(answer);
  await introduced.close();
  return identity;
}

export type Desk = ReturnType<typeof openDesk>;
type Stands = Readonly<{ link: string; filled: boolean; unsent: number; known: ReturnType<Workstation['known']> }>;

/** A desk with files of its own in this process: all of one but its windows. */
export function openDesk(identity: Identity, address: string, folder: string) {
  const secure = createSecure(identity);
  const listeners = new Set<() => void>();
  const workstation = createWorkstation({
    ...{ fetch: secure.fetch, name: 'Bench', appVersion: '1.0.0', tls: () => secure.tls },
    tell: () => {
      for (const listener of listeners) listener();
    },
    now: Date.now,
    after: realPorts.after,
  });
  const secret = Buffer.alloc(32, 7);
  workstation.pair({ station: identity.stationCode, folder, keyOf: (purpose) => keyFor(secret, purpose) });
  workstation.serverAt(`https://${address}`);
  return {
    api: createClient(api, workstation),
    until: (met: (stands: Stands) => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const link = workstation.link();
          const [unsent, known] = [workstation.unsent(), workstation.known()];
          const filled = known !== null && link.state === 'online' && link.filling === null;
          const stands = { link: link.state, filled, unsent, known };
          if (!met(stands)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    async close() {
      workstation.close();
      await secure.close();
    },
  };
}
