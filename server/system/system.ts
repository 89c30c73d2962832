import { inArray } from 'drizzle-orm';
import { ApiError } from '../../contract/kit.ts';
import type { Backups } from '../backup/backups.ts';
import type { GroupHandlers } from '../dispatch.ts';
import { metaOf } from '../feed/feed.ts';
import type { MasterKey } from '../keys.ts';
import { iso } from '../ports.ts';
import { clinicNow } from './now.ts';

type Services = Readonly<{
  backups: Backups;
  master: MasterKey;
  startedAt: number;
  version: string;
  /** Who listens. Named here, since a capability knows nothing of the transport. */
  sockets: Readonly<{
    connected: (branchId: string) => number;
    connections: (branchId: string) => readonly Listener[];
  }>;
}>;
type Listener = Readonly<{ userId: string; desk: string; origin: string; since: number }>;

export function createSystemHandlers({
  backups,
  master,
  startedAt,
  version,
  sockets,
}: Services): GroupHandlers<'system'> {
  return {
    async health(ctx) {
      try {
        const setUp = (await metaOf(ctx.db, 'setUp')) !== null;
        const uptimeSeconds = Math.max(0, Math.floor((ctx.now - startedAt) / 1000));
        return {
          status: 'ok',
          service: 'medlane',
          version,
          database: ctx.db.dialect,
          time: iso(ctx.now),
          setUp,
          uptimeSeconds,
        };
      } catch (cause) {
        throw new ApiError('unavailable', { cause, message: 'The database cannot be used right now.' });
      }
    },

    now: (ctx) => clinicNow(ctx, { backups, master, connected: sockets.connected }),

    async connections(ctx) {
      const { t, db } = ctx.db;
      const listeners = sockets.connections(ctx.branchId);
      const ids = [...new Set(listeners.map(({ userId }) => userId))];
      const users = await db
        .select({ id: t.users.id, name: t.users.name })
        .from(t.users)
        .where(inArray(t.users.id, ids));
      const names = new Map(users.map(({ id, name }) => [id, name]));
      // Two windows of one person at one place are one screen to whoever asks.
      const screens = new Map(listeners.map((one) => [`${one.userId} ${one.origin} ${one.desk}`, one]));
      return {
        connections: [...screens.values()].map(({ userId, desk, origin, since }) => ({
          name: names.get(userId) ?? '',
          place: desk || (origin === 'local' ? '' : origin),
          here: origin === 'local',
          since: iso(since),
        })),
      };
    },
  };
}
