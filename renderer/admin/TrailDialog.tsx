import { Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { type AuditEntry, auditPages, type UserRow } from '../queries.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable, pagesOf } from '../ui/DataTable.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { ReportButtons } from './ReportButtons.tsx';

/** What one person did, the latest first; the last thirty days of it as a file. */
export function TrailDialog({ user, close }: { user: UserRow; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const pages = pagesOf(useInfiniteQuery(auditPages(api, { actorId: user.id })));
  const columns: Column<AuditEntry>[] = [
    { key: 'at', header: t('audit.at'), cell: ({ at }) => format.moment(at) },
    { key: 'action', header: t('audit.action'), cell: ({ action }) => <span className="mono">{action}</span> },
    { key: 'outcome', header: t('audit.outcome'), cell: ({ outcome }) => <span className="mono">{outcome}</span> },
    { key: 'resource', header: t('audit.resource'), cell: ({ resource }) => resource ?? '–', minor: true },
  ];
  return (
    <Dialog title={t('reports.trail', { name: user.name })} close={close} size="xl">
      <Stack>
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {t('reports.month')}
          </Text>
          <Group gap="xs">
            <ReportButtons
              about={t('reports.trail', { name: user.name })}
              ask={(wanted) => api.reports.person({ id: user.id, ...wanted })}
            />
          </Group>
        </Group>
        <DataTable
          label={t('reports.trail', { name: user.name })}
          columns={columns}
          rows={pages.rows}
          rowKey={({ seq }) => String(seq)}
          empty={t('common.nothingFound')}
          more={pages.more}
          error={pages.error}
        />
      </Stack>
    </Dialog>
  );
}
