import { Alert, Button, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { backupList, clinicNow } from '../queries.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { JobProgress, useJob } from '../ui/JobProgress.tsx';
import { KitText } from '../ui/KitText.tsx';
import { Panel } from '../ui/Page.tsx';

type Backup = Awaited<ReturnType<ReturnType<typeof useApi>['backups']['list']>>['items'][number];

/** The safety copies: made now or on time, each opened once to be sure of it. */
export function Backups({ folder }: { folder: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const backups = useQuery(backupList(api));
  const warning = useQuery(clinicNow(api)).data?.backupWarning;
  const [jobId, setJobId] = useState<string | null>(null);
  const [kit, setKit] = useState<string | null>(null);
  const job = useJob(jobId);
  const start = useCommand(api.backups.start, { onDone: ({ id }) => setJobId(id) });
  const showKit = useCommand(api.backups.recoveryKit, { onDone: ({ recoveryKit }) => setKit(recoveryKit) });
  const ended = job !== undefined && job.state !== 'running';
  useEffect(() => {
    if (ended) for (const name of ['backups', 'now']) void client.invalidateQueries({ queryKey: [name] });
  }, [ended, client]);
  const columns: Column<Backup>[] = [
    { key: 'at', header: t('backup.at'), cell: ({ at }) => format.moment(at) },
    { key: 'path', header: t('backup.path'), cell: ({ path }) => <span className="mono">{path}</span> },
    { key: 'bytes', header: t('backup.size'), end: true, cell: ({ bytes }) => format.bytes(bytes) },
    {
      key: 'verified',
      header: t('backup.checked'),
      cell: ({ verified, problem }) => (
        <span className="badge" data-state={verified ? 'done' : 'no_show'}>
          {verified ? t('backup.good') : (problem ?? t('backup.unchecked'))}
        </span>
      ),
    },
  ];
  return (
    <Panel
      title={t('backup.title')}
      actions={
        <>
          <Button size="xs" variant="default" loading={showKit.busy} onClick={() => void showKit.run({})}>
            {t('backup.kit')}
          </Button>
          <Button
            size="xs"
            loading={start.busy || job?.state === 'running'}
            onClick={() => void start.run(folder ? { folder } : {})}
          >
            {t('backup.start')}
          </Button>
        </>
      }
    >
      {warning && (
        <Alert color="yellow" mb="sm">
          <Text size="sm" c="var(--mantine-color-text)">
            {t(`now.backup_${warning}`, { defaultValue: warning })}
          </Text>
        </Alert>
      )}
      {job && <JobProgress job={job} />}
      <DataTable
        label={t('backup.title')}
        columns={columns}
        rows={backups.data?.items}
        rowKey={({ id }) => id}
        empty={t('backup.none')}
        error={backups.isError}
      />
      {kit && (
        <Dialog title={t('kit.heading')} close={() => setKit(null)}>
          <KitText kit={kit} />
        </Dialog>
      )}
    </Panel>
  );
}
