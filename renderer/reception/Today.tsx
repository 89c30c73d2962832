import { ActionIcon, Group, Menu, NativeSelect, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OPEN_STATES, type StepState } from '../../domain/visit.ts';
import { useNow } from '../clock.ts';
import { useFormat } from '../format.ts';
import { useNeedsServer } from '../own-desk.ts';
import { PatientFacts, usePatientName } from '../patient/PatientLine.tsx';
import { PreviewDialog } from '../printing/PreviewDialog.tsx';
import { type Sheet, slipOf, summaryOf } from '../printing/papers.ts';
import { openVisits, queueList, type VisitRow, visitsIn } from '../queries.ts';
import { useApi, useServices } from '../services.ts';
import { PriorityBadge, StateBadge, Token } from '../ui/badges.tsx';
import { type Column, DataTable, pagesOf } from '../ui/DataTable.tsx';
import { Panel } from '../ui/Page.tsx';
import { ServerItem } from '../ui/ServerButton.tsx';
import { useShortcuts } from '../ui/shortcuts.tsx';
import { type Act, useAllowed, useVisitActions } from '../visit/actions.tsx';
import { UndoBar } from '../visit/UndoBar.tsx';
import { WhyDialog } from '../visit/Why.tsx';

const FILTERS = {
  open: OPEN_STATES,
  waiting: ['waiting'],
  called: ['called', 'in_room'],
  parked: ['parked'],
  no_show: ['no_show'],
  ended: ['done', 'cancelled', 'transferred'],
} as const satisfies Record<string, readonly StepState[]>;
type Filter = keyof typeof FILTERS;
const OFFERED: readonly Act[] = ['no-show', 'rejoin', 'resume', 'transfer', 'cancel'];
const isOpenFilter = (filter: Filter) => filter !== 'no_show' && filter !== 'ended';

/** Everyone of today, and what the front desk can do for them. */
export function Today() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const now = useNow();
  const nameOf = usePatientName();
  const allowed = useAllowed();
  const actions = useVisitActions();
  const needsServer = useNeedsServer();
  const [queueId, setQueueId] = useState('');
  const [filter, setFilter] = useState<Filter>('open');
  const [why, setWhy] = useState<VisitRow | null>(null);
  const [summary, setSummary] = useState<Sheet | null>(null);
  const { printing } = useServices();
  const queues = useQuery(queueList(api)).data?.items ?? [];
  const open = useQuery(openVisits(api));
  const others = useInfiniteQuery({ ...visitsIn(api, FILTERS[filter]), enabled: !isOpenFilter(filter) });
  useShortcuts([{ keys: 'u', label: t('act.undo'), run: actions.undo, off: actions.last === null || needsServer }]);

  const source = isOpenFilter(filter)
    ? { rows: open.data?.items, error: open.isError, more: undefined }
    : pagesOf(others);
  const states: readonly StepState[] = FILTERS[filter];
  const rows = source.rows?.filter((row) => states.includes(row.state) && (queueId === '' || row.queueId === queueId));
  const codeOf = (id: string) => queues.find((queue) => queue.id === id)?.code ?? '';

  const columns: Column<VisitRow>[] = [
    { key: 'token', header: t('visit.token'), cell: (row) => <Token of={row.token} />, sort: (row) => row.token },
    {
      key: 'patient',
      header: t('visit.patient'),
      sort: (row) => row.patient.name,
      cell: (row) => (
        <>
          <Group gap={6}>
            <Text size="sm" fw={550}>
              {nameOf(row.patient)}
            </Text>
            <PriorityBadge priority={row.priority} />
          </Group>
          <PatientFacts patient={row.patient} without="phone" />
        </>
      ),
    },
    { key: 'queue', header: t('visit.queue'), cell: (row) => codeOf(row.queueId), minor: true },
    {
      key: 'state',
      header: t('visit.state'),
      cell: (row) => <StateBadge state={row.state} />,
      sort: (row) => row.state,
    },
    {
      key: 'place',
      header: t('visit.place'),
      end: true,
      cell: (row) => (row.place === null ? '–' : format.number(row.place)),
      sort: (row) => row.place ?? 9999,
    },
    {
      key: 'wait',
      header: t('visit.wait'),
      sort: (row) => Date.parse(row.waitingSince),
      cell: (row) => (
        <>
          {row.state === 'waiting' && (
            <Text size="sm" className="nowrap">
              {format.since(row.waitingSince, now)}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="nowrap">
            {row.state !== 'waiting' && t('visit.arrived', { time: format.time(row.arrivedAt) })}
            {row.state === 'waiting' && row.expected && t('visit.stillExpected', { range: format.range(row.expected) })}
          </Text>
        </>
      ),
    },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (row) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('visit.actionsFor', { token: row.token })}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {OFFERED.filter((act) => allowed(row.state).has(act)).map((act) => (
              <Menu.Item key={act} onClick={() => actions.act(act, row)}>
                {t(`act.${act}`)}
              </Menu.Item>
            ))}
            <Menu.Item onClick={() => setWhy(row)}>{t('why.open')}</Menu.Item>
            <Menu.Item onClick={() => printing.print(slipOf(api, t, row))}>{t('slip.print')}</Menu.Item>
            <ServerItem onClick={() => setSummary(summaryOf(api, t, row))}>{t('print.summaryShort')}</ServerItem>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ];

  return (
    <Panel
      title={t('reception.today')}
      actions={
        <>
          <NativeSelect
            size="xs"
            aria-label={t('visit.queue')}
            value={queueId}
            onChange={(event) => setQueueId(event.currentTarget.value)}
            data={[
              { value: '', label: t('reception.allQueues') },
              ...queues.map(({ id, code, name }) => ({ value: id, label: `${code} · ${name}` })),
            ]}
          />
          <NativeSelect
            size="xs"
            aria-label={t('visit.state')}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value as Filter)}
            data={Object.keys(FILTERS).map((value) => ({ value, label: t(`filter.${value}`) }))}
          />
        </>
      }
    >
      <UndoBar actions={actions} />
      <DataTable
        label={t('reception.today')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        empty={t('reception.nobodyToday')}
        more={source.more}
        error={source.error}
      />
      {actions.dialogs}
      {why && <WhyDialog visit={why} close={() => setWhy(null)} />}
      {summary && <PreviewDialog sheet={summary} close={() => setSummary(null)} />}
    </Panel>
  );
}
