import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReopened } from '../form-drafts.ts';
import { useFormat } from '../format.ts';
import { type Queue, queueList, type Room, roomList } from '../queries.ts';
import { useApi } from '../services.ts';
import { QueueStateBadge } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { QueueForm } from './QueueForm.tsx';
import { QueueStateButtons } from './QueueStateButtons.tsx';
import { RoomForm } from './RoomForm.tsx';

type Editing = { what: 'queue'; queue: Queue | null } | { what: 'room'; room: Room | null } | null;

/** What people wait for, and where they are called to. */
export function Queues() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queues = useQuery(queueList(api));
  const rooms = useQuery(roomList(api));
  const [editing, setEditing] = useState<Editing>(null);
  const close = () => setEditing(null);
  useReopened('queue', queues.data?.items, (queue) => setEditing({ what: 'queue', queue }));
  useReopened('room', rooms.data?.items, (room) => setEditing({ what: 'room', room }));
  const comma = t('common.listComma');

  const queueColumns: Column<Queue>[] = [
    { key: 'code', header: t('queue.code'), cell: ({ code }) => <b>{code}</b>, sort: ({ code }) => code },
    { key: 'name', header: t('queue.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    { key: 'state', header: t('queue.state'), cell: ({ state }) => <QueueStateBadge state={state} /> },
    {
      key: 'policy',
      header: t('policy.title'),
      cell: ({ policy }) => t(`policy.${policy.kind}Short`, { n: format.number(policy.ratio) }),
      minor: true,
    },
    {
      key: 'rooms',
      header: t('queue.rooms'),
      cell: (queue) =>
        rooms.data?.items
          .filter(({ id }) => queue.rooms.includes(id))
          .map(({ name }) => name)
          .join(comma) || t('queue.noRoom'),
      minor: true,
    },
    { key: 'stateButtons', header: t('queue.change'), end: true, cell: (queue) => <QueueStateButtons queue={queue} /> },
    {
      key: 'edit',
      header: t('common.actions'),
      end: true,
      cell: (queue) => <Edit name={queue.name} edit={() => setEditing({ what: 'queue', queue })} />,
    },
  ];
  const roomColumns: Column<Room>[] = [
    { key: 'name', header: t('room.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    { key: 'capacity', header: t('room.capacity'), end: true, cell: ({ capacity }) => format.number(capacity) },
    {
      key: 'queues',
      header: t('room.serves'),
      cell: ({ queueIds }) =>
        queueIds.map((id) => queues.data?.items.find((queue) => queue.id === id)?.code ?? '').join(comma) || '–',
    },
    {
      key: 'workers',
      header: t('room.workers'),
      cell: ({ workers }) => workers.map(({ name }) => name).join(comma) || '–',
    },
    {
      key: 'edit',
      header: t('common.actions'),
      end: true,
      cell: (room) => <Edit name={room.name} edit={() => setEditing({ what: 'room', room })} />,
    },
  ];

  return (
    <Page title={t('admin.tab.queues')}>
      <Panel
        title={t('queue.title')}
        actions={
          <Button size="xs" onClick={() => setEditing({ what: 'queue', queue: null })}>
            {t('queue.new')}
          </Button>
        }
      >
        <DataTable
          label={t('queue.title')}
          columns={queueColumns}
          rows={queues.data?.items}
          rowKey={({ id }) => id}
          empty={t('queue.none')}
          error={queues.isError}
        />
      </Panel>
      <Panel
        title={t('room.title')}
        actions={
          <Button size="xs" onClick={() => setEditing({ what: 'room', room: null })}>
            {t('room.new')}
          </Button>
        }
      >
        <DataTable
          label={t('room.title')}
          columns={roomColumns}
          rows={rooms.data?.items}
          rowKey={({ id }) => id}
          empty={t('room.none')}
          error={rooms.isError}
        />
      </Panel>
      {editing?.what === 'queue' && <QueueForm queue={editing.queue} close={close} />}
      {editing?.what === 'room' && <RoomForm room={editing.room} queues={queues.data?.items ?? []} close={close} />}
    </Page>
  );
}

/** The button that opens a row, with the row's name for those who cannot see which row it stands in. */
export function Edit({ name, edit }: { name: string; edit: () => void }) {
  const { t } = useTranslation();
  return (
    <Button size="compact-sm" variant="default" onClick={edit} aria-label={`${t('common.edit')} ${name}`}>
      {t('common.edit')}
    </Button>
  );
}
