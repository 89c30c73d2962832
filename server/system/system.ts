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
  connected: (branchId: string) => number;
}>;

export function createSystemHandlers({
  backups,
  master,
  startedAt,
  version,
  connected,
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

    now: (ctx) => clinicNow(ctx, { backups, master, connected }),
  };
}
