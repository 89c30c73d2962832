import { Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../clock.ts';
import { useFormat } from '../format.ts';
import { PatientFacts, usePatientName } from '../patient/PatientLine.tsx';
import { type Queue, type Room, type VisitRow, visitsIn } from '../queries.ts';
import { useApi } from '../services.ts';
import { PriorityBadge, StateBadge, Token } from '../ui/badges.tsx';
import { type Column, DataTable, pagesOf } from '../ui/DataTable.tsx';
import { InLine } from '../ui/InLine.tsx';
import { Panel } from '../ui/Page.tsx';
import { HinderedButton } from '../ui/ServerButton.tsx';
import { useAllowed, type VisitActions } from '../visit/actions.tsx';
import { WhyDialog } from '../visit/Why.tsx';

type Props = {
  rows: readonly VisitRow[] | undefined;
  error: boolean;
  room: Room;
  queues: readonly Queue[];
  /** Each always the same function, so that a press elsewhere draws nothing here. */
  canCall: (row: VisitRow) => boolean;
  call: (row: VisitRow) => void;
  /** Whether this desk may call them now, without knowing what other rooms do. */
  mayCall: (row: VisitRow) => boolean;
  act: VisitActions['act'];
};

/** Who waits for this room, in the order they will be called; and those set aside or away. */
export const WaitingList = memo(function WaitingList({
  rows,
  error,
  room,
  queues,
  canCall,
  call,
  mayCall,
  act,
}: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const nameOf = usePatientName();
  const allowed = useAllowed();
  const [why, setWhy] = useState<VisitRow | null>(null);
  const away = pagesOf(useInfiniteQuery(visitsIn(useApi(), ['no_show']))).rows ?? [];
  const mine = (row: VisitRow) => room.queueIds.includes(row.queueId);
  const order = (row: VisitRow) => room.queueIds.indexOf(row.queueId) * 10_000 + (row.place ?? 0);
  const waiting = rows?.filter((row) => row.state === 'waiting' && mine(row)).sort((a, b) => order(a) - order(b));
  const aside = [...(rows ?? []).filter((row) => row.state === 'parked' && mine(row)), ...away.filter(mine)];
  const codeOf = (id: string) => queues.find((queue) => queue.id === id)?.code ?? '';
  const nameOfQueue = (id: string) => queues.find((queue) => queue.id === id)?.name ?? '';

  const person = (row: VisitRow) => (
    <>
      <Group gap={6}>
        <Token of={row.token} />
        <Text size="sm" fw={550}>
          {nameOf(row.patient)}
        </Text>
        <PriorityBadge priority={row.priority} />
      </Group>
      <PatientFacts patient={row.patient} without="phone" />
    </>
  );
  const columns: Column<VisitRow>[] = [
    {
      key: 'place',
      header: t('visit.place'),
      cell: (row) =>
        queues.length > 1 ? `${codeOf(row.queueId)} ${format.number(row.place ?? 0)}` : format.number(row.place ?? 0),
    },
    {
      key: 'patient',
      header: t('visit.patient'),
      cell: (row) => (
        <>
          {person(row)}
          <Text size="xs" title={format.time(row.waitingSince)}>
            <InLine>
              {[
                t('doctor.waitsSince', { duration: format.since(row.waitingSince, now) }),
                row.expected && (
                  <Text component="span" size="xs" c="dimmed">
                    {t('visit.stillExpected', { range: format.range(row.expected) })}
                  </Text>
                ),
              ]}
            </InLine>
          </Text>
        </>
      ),
    },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (row) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => setWhy(row)}
            aria-label={`${t('why.open')} ${row.token}`}
          >
            {t('why.short')}
          </Button>
          {canCall(row) ? (
            <HinderedButton
              size="compact-sm"
              variant="default"
              hindered={mayCall(row) ? null : t('doctor.othersCall', { queue: nameOfQueue(row.queueId) })}
              onClick={() => call(row)}
              aria-label={`${t('doctor.call')} ${row.token}`}
            >
              {t('doctor.call')}
            </HinderedButton>
          ) : (
            <Text size="xs" c="dimmed">
              {t('doctor.boundElsewhere')}
            </Text>
          )}
        </Group>
      ),
    },
  ];
  const asideColumns: Column<VisitRow>[] = [
    { key: 'patient', header: t('visit.patient'), cell: person },
    { key: 'state', header: t('visit.state'), cell: (row) => <StateBadge state={row.state} /> },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (row) =>
        (['resume', 'rejoin'] as const)
          .filter((back) => allowed(row.state).has(back))
          .map((back) => (
            <Button
              key={back}
              size="compact-sm"
              variant="default"
              onClick={() => act(back, row)}
              aria-label={`${t(`act.${back}`)} ${row.token}`}
            >
              {t(`act.${back}`)}
            </Button>
          )),
    },
  ];

  return (
    <Stack>
      <Panel title={t('doctor.waitingList')}>
        <DataTable
          label={t('doctor.waitingList')}
          columns={columns}
          rows={waiting}
          rowKey={(row) => row.id}
          empty={t('doctor.nobodyWaits')}
          error={error}
        />
      </Panel>
      {aside.length > 0 && (
        <Panel title={t('doctor.aside')}>
          <DataTable label={t('doctor.aside')} columns={asideColumns} rows={aside} rowKey={(row) => row.id} empty="" />
        </Panel>
      )}
      {why && <WhyDialog visit={why} close={() => setWhy(null)} />}
    </Stack>
  );
});
