import { Alert, Anchor, Loader, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../clock.ts';
import { useFormat } from '../format.ts';
import { clinicNow, type Queue, queueList, roomList } from '../queries.ts';
import { useApi } from '../services.ts';
import { useSheetOpen } from '../sheet/open.ts';
import { QueueStateBadge } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { DayReport } from './DayReport.tsx';
import { QueueStateButtons } from './QueueStateButtons.tsx';

// The charts' library is asked for after the figures are there.
const HoursChart = lazy(() => import('./HoursChart.tsx').then(({ HoursChart }) => ({ default: HoursChart })));

/** What is happening at this moment, and what needs somebody. */
export function Now() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const api = useApi();
  const state = useQuery(clinicNow(api)).data;
  const queues = useQuery(queueList(api));
  const toSettle = useSheetOpen();
  const rooms = useQuery(roomList(api)).data?.items ?? [];

  const figures: [string, string][] = state
    ? [
        ['waiting', format.number(state.waiting)],
        ['inRooms', format.number(state.inRooms)],
        ['seenToday', format.number(state.seenToday)],
        ['issuedToday', format.number(state.issuedToday)],
        ['noShowsToday', format.number(state.noShowsToday)],
        ['longestWait', state.longestWaitSince ? format.since(state.longestWaitSince, now) : '–'],
        ['connectedScreens', format.number(state.connectedScreens)],
        ['lastBackup', state.lastBackupAt ? format.since(state.lastBackupAt, now) : t('now.never')],
      ]
    : [];
  const columns: Column<Queue>[] = [
    { key: 'code', header: t('queue.code'), cell: ({ code }) => <b>{code}</b>, sort: ({ code }) => code },
    { key: 'name', header: t('queue.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    { key: 'state', header: t('queue.state'), cell: ({ state: of }) => <QueueStateBadge state={of} /> },
    {
      key: 'waiting',
      header: t('now.waiting'),
      end: true,
      cell: ({ waiting }) => format.number(waiting),
      sort: ({ waiting }) => waiting,
    },
    {
      key: 'longest',
      header: t('now.longestWait'),
      end: true,
      cell: ({ longestWaitSince }) => (longestWaitSince ? format.since(longestWaitSince, now) : '–'),
    },
    {
      key: 'newcomer',
      header: t('now.newcomer'),
      end: true,
      cell: ({ newcomerWait }) => format.range(newcomerWait),
      minor: true,
    },
    {
      key: 'rooms',
      header: t('queue.rooms'),
      cell: (queue) =>
        rooms
          .filter(({ id }) => queue.rooms.includes(id))
          .map(({ name, workers }) =>
            workers.length > 0 ? `${name} (${workers.map((worker) => worker.name).join(t('common.listComma'))})` : name,
          )
          .join(t('common.listComma')),
      minor: true,
    },
    { key: 'actions', header: t('common.actions'), end: true, cell: (queue) => <QueueStateButtons queue={queue} /> },
  ];

  return (
    <Page title={t('admin.tab.now')} actions={state && <DayReport today={state.clinicDay} />}>
      {state?.keyWarning && (
        <Alert color="yellow" py="xs" title={t('now.keyWarning')}>
          <Text size="sm" c="var(--mantine-color-text)">
            {t(`now.key_${state.keyWarning}`, { defaultValue: state.keyWarning })}
          </Text>
        </Alert>
      )}
      {state?.backupWarning && (
        <Alert color="yellow" py="xs" title={t('now.backupWarning')}>
          <Text size="sm" c="var(--mantine-color-text)">
            {t(`now.backup_${state.backupWarning}`, { defaultValue: state.backupWarning })}
          </Text>
        </Alert>
      )}
      {toSettle && (
        <Alert color="yellow" py="xs" title={t('place.sheet')}>
          <Text size="sm" c="var(--mantine-color-text)">
            {t('sheet.needs', { count: toSettle.count, n: toSettle.shown })}{' '}
            <Anchor component={Link} to="/sheet" inherit underline="always">
              {t('sheet.look')}
            </Anchor>
          </Text>
        </Alert>
      )}
      <Panel title={state ? t('now.day', { day: format.day(state.clinicDay) }) : t('common.loading')}>
        <dl className="figures">
          {figures.map(([key, value]) => (
            <div key={key} className="figure">
              <dt>{t(`now.${key}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title={t('now.hours')}>
        {state && (
          <Stack gap="xs">
            <Text>
              {state.usual
                ? t(state.usual.sameWeekday ? 'now.againstWeekday' : 'now.againstDays', {
                    issued: format.number(state.issuedToday),
                    usual: format.number(state.usual.issuedByNow),
                    days: format.number(state.usual.days),
                  })
                : t('now.noUsual')}
            </Text>
            {state.hours.length > 0 && (
              <Suspense fallback={<Loader size="sm" aria-label={t('common.loading')} h={190} />}>
                <HoursChart hours={state.hours} />
              </Suspense>
            )}
          </Stack>
        )}
      </Panel>
      <Panel title={t('now.queues')}>
        <DataTable
          label={t('now.queues')}
          columns={columns}
          rows={queues.data?.items}
          rowKey={({ id }) => id}
          empty={t('queue.none')}
          error={queues.isError}
        />
      </Panel>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Panel title={t('now.promises')}>
          {state?.accuracy ? (
            <Stack gap={4}>
              <Text>
                {t('now.kept', {
                  share: format.percent(state.accuracy.promised ? state.accuracy.kept / state.accuracy.promised : 0),
                  kept: format.number(state.accuracy.kept),
                  promised: format.number(state.accuracy.promised),
                  day: format.day(state.accuracy.day),
                })}
              </Text>
              <Text size="sm" c="dimmed">
                {t('now.pinball', {
                  ours: format.duration(state.accuracy.pinball),
                  mean: format.duration(state.accuracy.pinballOfMean),
                })}
              </Text>
            </Stack>
          ) : (
            <Text c="dimmed">{t('now.noPromises')}</Text>
          )}
        </Panel>
        <Panel title={t('now.days')}>
          {state?.days.length === 0 && <Text c="dimmed">{t('now.noDays')}</Text>}
          <ul className="plain-list">
            {state?.days.map(({ day, noShows, cancelled }) => (
              <li key={day}>
                <Text size="sm">
                  {t('now.dayClosed', {
                    day: format.day(day),
                    noShows: format.number(noShows),
                    cancelled: format.number(cancelled),
                  })}
                </Text>
              </li>
            ))}
          </ul>
        </Panel>
      </SimpleGrid>
    </Page>
  );
}
