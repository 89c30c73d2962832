import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useNeedsServer } from '../own-desk.ts';
import { type Queue, type Room, roomList, type VisitRow } from '../queries.ts';
import { useApi } from '../services.ts';

/**
 * Whom a desk may call that does not hear what other rooms do: anybody in a queue that this room alone serves, and whoever
 * waits for this very room. With the server, everybody. The desk decides again (`main/workstation/alone.ts`).
 */
export function useAloneRule(room: Room, served: readonly Queue[]) {
  const alone = useNeedsServer();
  const rooms = useQuery(roomList(useApi())).data?.items;
  /** The queues of which it must be said. */
  const shared = useMemo(
    () =>
      alone
        ? served.filter(({ id }) => rooms?.some((other) => other.id !== room.id && other.queueIds.includes(id)))
        : [],
    [alone, served, rooms, room.id],
  );
  const mayCall = useCallback(
    (row: VisitRow) => row.forRoomId === room.id || !shared.some(({ id }) => id === row.queueId),
    [room.id, shared],
  );
  return { shared, mayCall };
}
