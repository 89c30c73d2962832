import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { DeskWork } from '../../contract/desktop.ts';
import type { Bridge } from '../api.ts';
import { askDesktop } from '../desktop.ts';
import { useServices } from '../services.ts';
import { useStore } from '../store.ts';

export const WORK = ['work'];
/** How often it is asked again, ms: of what a desk reads while all is well nobody is told. */
const EVERY = 5000;

/** What was done at this desk and what it has; null when this is no paired desk, undefined until that is known. */
export function useDeskWork(): DeskWork | null | undefined {
  const { connection, live } = useServices();
  const { bridge } = connection;
  const client = useQueryClient();
  const link = useStore(live.link);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it stands otherwise with the server, the items do as well
  useEffect(() => void client.invalidateQueries({ queryKey: WORK }), [link, client]);
  const { data } = useQuery({
    queryKey: WORK,
    queryFn: () => askDesktop(bridge as Bridge, 'work.list', {}),
    enabled: bridge !== null,
    refetchInterval: EVERY,
  });
  return bridge === null ? null : data;
}
