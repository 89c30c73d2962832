import { useQuery } from '@tanstack/react-query';
import type { DeskState } from '../contract/desktop.ts';
import type { Bridge } from './api.ts';
import { askDesktop } from './desktop.ts';
import { useServices } from './services.ts';
import { useStore } from './store.ts';

type OwnDesk = NonNullable<DeskState['joined']>;

/** Of which clinic this computer is a desk; null in a browser, and where the clinic's server is this program's own. */
export function useOwnDesk(): OwnDesk | null {
  const { bridge } = useServices().connection;
  const state = useQuery({
    queryKey: ['own-desk'],
    queryFn: () => askDesktop(bridge as Bridge, 'desk.state', {}),
    enabled: bridge !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return state.data?.joined ?? null;
}

/** Whether people go on by PIN here: in a browser, and at a paired desk; not on the server's own computer. */
export function usePins(): boolean {
  const { bridge } = useServices().connection;
  return useOwnDesk() !== null || bridge === null;
}

/** True while a paired desk is without its server: what it cannot do alone says so before anybody begins it. */
export function useNeedsServer(): boolean {
  const paired = useOwnDesk() !== null;
  return useStore(useServices().live.link).state === 'offline' && paired;
}
