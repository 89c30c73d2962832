import { Button, Group, Stack, Text } from '@mantine/core';
import { IconBellRinging } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { useNeedsServer } from '../own-desk.ts';
import { openVisits, type Queue, queueList, type Room, type VisitRow } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { useStable } from '../stable.ts';
import { QueueStateBadge } from '../ui/badges.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { Keys, useShortcuts } from '../ui/shortcuts.tsx';
import { useVisitActions } from '../visit/actions.tsx';
import { UndoBar } from '../visit/UndoBar.tsx';
import { useAloneRule } from './alone.ts';
import { CurrentPatient } from './CurrentPatient.tsx';
import { useCalling } from './calling.tsx';
import { WaitingList } from './WaitingList.tsx';

/** Whom this room may call: not those who wait for another room or another doctor. */
const callable = (row: VisitRow, roomId: string, userId: string) =>
  row.state === 'waiting' &&
  (row.forRoomId === null || row.forRoomId === roomId) &&
  (row.forStaffId === null || row.forStaffId === userId);

export function WorkingRoom({ room, change }: { room: Room; change: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const user = useUser();
  const open = useQuery(openVisits(api));
  const queues = useQuery(queueList(api)).data?.items;
  const actions = useVisitActions();
  const rows = open.data?.items ?? [];
  const here = rows.filter((row) => row.roomId === room.id && (row.state === 'called' || row.state === 'in_room'));
  const served = useMemo(
    () =>
      room.queueIds
        .map((id) => queues?.find((queue) => queue.id === id))
        .filter((queue): queue is Queue => queue !== undefined),
    [room.queueIds, queues],
  );
  // The patient who is here comes and goes first; the list follows in the next frame.
  const listed = useDeferredValue(open.data?.items);
  const canCall = useStable((row: VisitRow) => callable(row, room.id, user.id));
  const calling = useCalling(room, here, (visit) => actions.did('call', visit));
  const call = useStable(calling.call);

  const waitingIn = (queue: Queue) => rows.filter((row) => row.queueId === queue.id && callable(row, room.id, user.id));
  const needsServer = useNeedsServer();
  const { shared, mayCall } = useAloneRule(room, served);
  const mayCallNext = (queue: Queue) => {
    const [first] = waitingIn(queue).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    return queue.state !== 'paused' && first !== undefined && mayCall(first);
  };
  // The room's queues are served in their order; a paused one is passed over.
  const nextQueue = served.find(mayCallNext);
  const callNext = () => nextQueue && calling.next(nextQueue);
  useShortcuts([
    { keys: 'space', label: t('doctor.callNext'), run: callNext, off: !nextQueue || calling.busy },
    { keys: 'u', label: t('act.undo'), run: actions.undo, off: actions.last === null || needsServer },
  ]);

  return (
    <Page
      title={t('doctor.inRoom', { room: room.name })}
      actions={
        <ServerButton variant="default" size="xs" onClick={change}>
          {t('doctor.changeRoom')}
        </ServerButton>
      }
    >
      <div className="split" data-wide="first">
        <Stack>
          <Panel label={t('doctor.callNext')}>
            <Stack gap="xs">
              <Button
                size="xl"
                fullWidth
                // With somebody here the likely next thing is to finish.
                variant={here.length > 0 ? 'default' : 'filled'}
                className="wraps"
                leftSection={<IconBellRinging size={24} aria-hidden />}
                disabled={!nextQueue}
                loading={calling.busy}
                onClick={callNext}
              >
                {nextQueue
                  ? served.length > 1
                    ? t('doctor.callNextFrom', { queue: nextQueue.name })
                    : t('doctor.callNext')
                  : t(shared.some((queue) => waitingIn(queue).length > 0) ? 'doctor.callNext' : 'doctor.nobodyWaits')}
                {nextQueue && <Keys of="space" />}
              </Button>
              <Group gap="md">
                {served.map((queue) => (
                  <Group gap={6} key={queue.id}>
                    <Text size="sm" fw={550}>
                      {queue.name}
                    </Text>
                    {queue.state !== 'open' && <QueueStateBadge state={queue.state} />}
                    <Text size="sm" c="dimmed">
                      {t('queue.waiting', { count: queue.waiting })}
                    </Text>
                    {served.length > 1 && queue !== nextQueue && mayCallNext(queue) && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        onClick={() => calling.next(queue)}
                        aria-label={t('doctor.callNextFrom', { queue: queue.name })}
                      >
                        {t('doctor.call')}
                      </Button>
                    )}
                  </Group>
                ))}
                {served.length === 0 && (
                  <Text size="sm" className="hint">
                    {t('doctor.servesNothing')}
                  </Text>
                )}
              </Group>
              {shared.length > 0 && (
                <Text size="sm" className="hint" role="status">
                  {t('doctor.othersCall', { queue: format.list(shared.map(({ name }) => name)) })}
                </Text>
              )}
              <UndoBar actions={actions} />
            </Stack>
          </Panel>
          {here.map((row, index) => (
            <CurrentPatient key={row.id} row={row} actions={actions} keys={index === 0} />
          ))}
          {open.data && here.length === 0 && (
            <Panel>
              <Text c="dimmed">{t('doctor.roomEmpty')}</Text>
            </Panel>
          )}
        </Stack>
        <WaitingList
          rows={listed}
          error={open.isError}
          room={room}
          queues={served}
          canCall={canCall}
          call={call}
          mayCall={mayCall}
          act={actions.act}
        />
      </div>
      {calling.dialogs}
      {actions.dialogs}
    </Page>
  );
}
