import { Button, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { ownSessions } from '../queries.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { showDone } from '../ui/errors.tsx';
import { Panel } from '../ui/Page.tsx';

type Session = Awaited<ReturnType<ReturnType<typeof useApi>['sessions']['list']>>['items'][number];

/** Where one is signed in, and an end to it. */
export function Sessions() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const sessions = useQuery(ownSessions(api));
  const rows = sessions.data?.items ?? [];
  const look = () => void client.invalidateQueries({ queryKey: ['sessions'] });
  const end = useCommand(api.sessions.end, { onDone: look });
  const endOthers = useCommand(api.sessions.endOthers, {
    onDone: ({ ended }) => {
      showDone(t('account.ended', { count: ended }));
      look();
    },
  });
  const columns: Column<Session>[] = [
    {
      key: 'device',
      header: t('account.device'),
      cell: ({ device, own }) => (
        <>
          <bdi>{device}</bdi> {own && <span className="badge">{t('account.here')}</span>}
        </>
      ),
    },
    {
      key: 'origin',
      header: t('account.origin'),
      cell: ({ origin }) => (origin === 'local' ? t('account.local') : <bdi dir="ltr">{origin || '–'}</bdi>),
      minor: true,
    },
    { key: 'since', header: t('account.since'), cell: ({ since }) => format.moment(since), minor: true },
    { key: 'last', header: t('account.lastUsed'), cell: ({ lastUsedAt }) => format.moment(lastUsedAt) },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: ({ id, device, own }) =>
        !own && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t('account.end')} ${device}`}
            onClick={() => void end.run({ id })}
          >
            {t('account.end')}
          </Button>
        ),
    },
  ];
  return (
    <Panel
      title={t('account.sessions')}
      actions={
        rows.length > 1 && (
          <Button size="xs" variant="default" loading={endOthers.busy} onClick={() => void endOthers.run({})}>
            {t('account.endOthers')}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed" mb="sm">
        {t('account.sessionsText')}
      </Text>
      <DataTable
        label={t('account.sessions')}
        columns={columns}
        rows={sessions.data?.items}
        rowKey={({ id }) => id}
        empty={t('common.nothingFound')}
        error={sessions.isError}
      />
    </Panel>
  );
}
