import { eq } from 'drizzle-orm';
import type { Committer } from '../db/commit.ts';
import { ownWork } from '../db/own-work.ts';
import type { Tx } from '../db/scope.ts';
import type { Ports } from '../ports.ts';

/** What a desk says of itself with each request. */
export type Seen = Readonly<{ at: number; appVersion: string | null; unsent: number | null }>;

/** When each desk was last here, and what it said of itself: kept in memory, and written down once a minute. */
export function createPresence(committer: Committer, ports: Ports) {
  const seen = new Map<string, Seen>();
  let fresh = new Set<string>();

  return {
    note(deviceId: string, { appVersion, unsent }: Omit<Seen, 'at'>): void {
      const before = seen.get(deviceId);
      seen.set(deviceId, {
        at: ports.now(),
        appVersion: appVersion ?? before?.appVersion ?? null,
        unsent: unsent ?? before?.unsent ?? null,
      });
      fresh.add(deviceId);
    },
    of: (deviceId: string): Seen | undefined => seen.get(deviceId),
    async flush(): Promise<void> {
      if (fresh.size === 0) return;
      const written = [...fresh];
      fresh = new Set();
      const write = async ({ t, db }: Tx) => {
        for (const deviceId of written) {
          const { at, appVersion, unsent } = seen.get(deviceId) as Seen;
          await db.update(t.devices).set({ lastSeenAt: at }).where(eq(t.devices.id, deviceId));
          const said = { ...(appVersion === null ? {} : { appVersion }), ...(unsent === null ? {} : { unsent }) };
          if (Object.keys(said).length > 0)
            await db.update(t.stations).set(said).where(eq(t.stations.deviceId, deviceId));
        }
      };
      await committer.submit(ownWork(ports, 'devices.seen', write));
    },
  };
}
export type Presence = ReturnType<typeof createPresence>;
