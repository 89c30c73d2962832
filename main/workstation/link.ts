import type { DesktopPayload } from '../../contract/desktop.ts';
import type { CoreState } from './core.ts';

export type Link = DesktopPayload<'link'>;

const NO_WORK = { unsent: 0, filling: null, skew: 0 };
export const online: Link = { state: 'online', ...NO_WORK };
/** Without a memory of its own a page can only wait. */
export const offline = (since: number, restarting: boolean): Link => ({
  ...{ state: 'offline', since, restarting, alone: false },
  ...NO_WORK,
});

/** How it stands with the server of a paired desk. */
export function linkOf({ online: there, since, unsent, filling, skew }: CoreState, alone: boolean): Link {
  const work = { unsent, filling, skew };
  if (there) return { state: 'online', ...work };
  return since === null ? { state: 'connecting' } : { state: 'offline', since, restarting: false, alone, ...work };
}
