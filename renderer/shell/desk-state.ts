import { useQuery } from '@tanstack/react-query';
import type { DeskState } from '../../contract/desktop.ts';
import type { Bridge } from '../api.ts';
import { askDesktop } from '../desktop.ts';

/** How it stands with this computer as a desk, asked again and again while somebody wants to know; a browser has none. */
export const useDeskState = (bridge: Bridge | null, wanted = true): DeskState | undefined =>
  useQuery({
    queryKey: ['desk-state'],
    queryFn: () => askDesktop(bridge as Bridge, 'desk.state', {}),
    enabled: bridge !== null && wanted,
    refetchInterval: 2000,
    gcTime: 0,
  }).data;

/** What only an administrator can end: this desk must be added again. */
export const isOver = ({ keychain, trouble }: DeskState): boolean =>
  keychain === 'changed' || trouble === 'revoked' || trouble === 'expired';
