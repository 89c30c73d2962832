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

/** How far long work is, with a way to stop it, and what came of it. */
export function JobProgress({ job, children }: { job: Job; children?: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const cancel = useCommand(api.jobs.cancel);
  const share = job.total ? Math.min(100, Math.round((100 * job.done) / job.total)) : 100;
  if (job.state === 'running') {
    return (
      <Stack gap="xs" aria-live="polite">
        <Group justify="space-between">
          <Text size="sm">
            {job.total
              ? t('job.progress', { done: format.number(job.done), total: format.number(job.total) })
              : t('job.running', { done: format.number(job.done) })}
          </Text>
          <Button size="xs" variant="default" loading={cancel.busy} onClick={() => cancel.run({ id: job.id })}>
            {t('job.cancel')}
          </Button>
        </Group>
        <Progress value={share} animated={!job.total} aria-label={t(`job.kind.${job.kind}`)} />
      </Stack>
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
