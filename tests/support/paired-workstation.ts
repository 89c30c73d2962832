import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '../../contract/client.ts';
import { api } from '../../contract/index.ts';
import type { Link } from '../../main/workstation/link.ts';
import { keyFor } from '../../main/workstation/sealing.ts';
import { createSecure } from '../../main/workstation/secure.ts';
import { createWorkstation } from '../../main/workstation/workstation.ts';
import { realPorts } from '../../server/ports.ts';
import { openCable } from './cable.ts';
import type { World } from './clinic.ts';
import { addressOf, pairDesk } from './desk.ts';

type Place = Parameters<typeof pairDesk>[1] extends { place?: infer P } | undefined ? P : never;

/** A paired desk as the desktop program has it, all of it real: its certificate, its files, its socket; and its cable. */
export async function openPairedWorkstation(
  clinic: World,
  {
    place,
    folder = mkdtempSync(path.join(tmpdir(), 'medlane-paired-')),
    now = Date.now,
  }: { place?: Place; folder?: string; now?: () => number } = {},
) {
  const { identity, secure: unused } = await pairDesk(clinic, place ? { place } : {});
  await unused.close();
  const cable = await openCable(addressOf(clinic));
  const secret = Buffer.alloc(32, 7);
  const secure = createSecure(identity);
  const told: { event: string; payload: unknown }[] = [];
  const faults: unknown[] = [];
  const listeners = new Set<() => void>();

  const start = () => {
    const workstation = createWorkstation({
      fetch: secure.fetch,
      name: 'Front desk',
      appVersion: '1.2.3',
      tls: () => secure.tls,
      tell(event, payload) {
        told.push({ event, payload });
        for (const listener of listeners) listener();
      },
      paper: async () =>
        (await import('../../paper/paper.ts')).createPaper(new URL('../../resources/', import.meta.url)),
      fault: (error) => void faults.push(error),
      now,
      after: realPorts.after,
    });
    workstation.pair({ station: identity.stationCode, folder, keyOf: (purpose) => keyFor(secret, purpose) });
    workstation.serverAt(`https://${cable.address}`);
    return workstation;
  };
  let running = start();

  /** Resolves when the pages are told what is waited for. */
  const until = (met: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (!met()) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });

  return {
    identity,
    cable,
    folder,
    told,
    faults,
    /** As a page calls it. */
    api: createClient(api, { call: (...given) => running.call(...given) }),
    workstation: () => running,
    /** Waits until the pages are told that it stands so with the server. */
    link: (met: (link: Link) => boolean) => until(() => met(running.link())),
    online: () => until(() => running.link().state === 'online' && running.unsent() === 0),
    offline: () => until(() => running.link().state === 'offline'),
    /** The program ends, and is started again. */
    restart(meanwhile = () => {}) {
      running.close();
      meanwhile();
      running = start();
    },
    async close() {
      running.close();
      await secure.close();
      await cable.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type PairedWorkstation = Awaited<ReturnType<typeof openPairedWorkstation>>;
