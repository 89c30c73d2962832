import { eq } from 'drizzle-orm';
import { systemActor } from '../actor.ts';
import type { Committer } from '../db/commit.ts';
import type { Ports } from '../ports.ts';

/** What a desk last said of itself. `clock` is its own, `at` the server's, both ms since 1970. */
export type Said = Readonly<{ appVersion: string; unsent: number; clock: number; at: number }>;

/** Who was heard of and what they said. Desks say it often: it is written down now and then, and without an audit entry. */
export type Presence = Readonly<{
  heard: (deviceId: string, said: Said) => void;
  of: (deviceId: string) => Said | null;
  flush: () => Promise<void>;
}>;

export function createPresence(committer: Committer, ports: Ports): Presence {
  const said = new Map<string, Said>();
  const unwritten = new Set<string>();
  return {
    heard(deviceId, what) {
      said.set(deviceId, what);
      unwritten.add(deviceId);
    },
    of: (deviceId) => said.get(deviceId) ?? null,
    async flush() {
      const due = [...unwritten].flatMap((id) => {
        const what = said.get(id);
        return what ? [{ id, what }] : [];
      });
      unwritten.clear();
      if (due.length === 0) return;
      const commandId = ports.id();
      await committer.submit({
        ...{ actor: systemActor(null), commandId, requestId: commandId, operation: 'desks.heard' },
        ...{ bodyHash: null, confidential: false, quiet: true },
        async run({ t, db }) {
          for (const { id, what } of due) {
            const { appVersion, unsent, at } = what;
            await db.update(t.stations).set({ appVersion, unsent, updatedAt: at }).where(eq(t.stations.deviceId, id));
            await db.update(t.devices).set({ lastSeenAt: at }).where(eq(t.devices.id, id));
          }
        },
      });
    },
  };
}
