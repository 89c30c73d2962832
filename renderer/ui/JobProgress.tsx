import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import type { Job } from '../live.ts';
import { jobNow } from '../queries.ts';
import { useApi, useServices } from '../services.ts';

/** A job as it stands: told by the socket, asked for when the socket is away. */
export function useJob(id: string | null): Job | undefined {
  const api = useApi();
  const { live } = useServices();
  const client = useQueryClient();
  useEffect(() => live.onJob((job) => client.setQueryData(['job', job.id], job)), [live, client]);
  return useQuery({ ...jobNow(api, id ?? ''), enabled: id !== null }).data;
}

type ProgressingProps = Readonly<{
  label: string;
  done: number;
  total: number | null;
  stop: () => void;
  stopping?: boolean;
}>;

/** How far long work is, with a way to stop it. */
export function Progressing({ label, done, total, stop, stopping = false }: ProgressingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = total ? Math.min(100, Math.round((100 * done) / total)) : 100;
  return (
    <Stack gap="xs" aria-live="polite">
      <Group justify="space-between">
        <Text size="sm">
          {total
            ? t('job.progress', { done: format.number(done), total: format.number(total) })
            : t('job.running', { done: format.number(done) })}
        </Text>
        <Button size="xs" variant="default" loading={stopping} onClick={stop}>
          {t('job.cancel')}
        </Button>
      </Group>
      <Progress value={share} animated={!total} aria-label={label} />
    </Stack>
  );
}

/** A job: how far it is, and what came of it. */
export function JobProgress({ job, children }: { job: Job; children?: ReactNode }) {
  const { t } = useTranslation();
  const api = useApi();
  const cancel = useCommand(api.jobs.cancel);
  if (job.state === 'running') {
    return (
      <Progressing
        {...job}
        label={t(`job.kind.${job.kind}`)}
        stopping={cancel.busy}
        stop={() => void cancel.run({ id: job.id })}
      />
    );
  }
  // A verification that ended well may have found something bad.
  const good = job.state === 'done' && !job.problem && job.result?.whole !== false;
  return (
    <Alert
      color={good ? 'lane' : 'red'}
      title={t(job.state === 'done' && !good ? 'job.problem' : `job.state.${job.state}`)}
      role="status"
    >
      {job.problem && <Text size="sm">{t(`errors.${job.result?.['refusal']}`, { defaultValue: job.problem })}</Text>}
      {children}
    </Alert>
  );
}
