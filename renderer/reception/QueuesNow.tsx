import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { queueList } from '../queries.ts';
import { useApi } from '../services.ts';
import { QueueStateBadge } from '../ui/badges.tsx';
import { InLine } from '../ui/InLine.tsx';
import { Panel } from '../ui/Page.tsx';

/** What people at the desk ask: how many wait, and how long it will take whoever comes now. */
export function QueuesNow() {
  const { t } = useTranslation();
  const format = useFormat();
  const queues = useQuery(queueList(useApi())).data?.items ?? [];
  if (queues.length === 0) return null;
  return (
    <Panel title={t('reception.queuesNow')}>
      <ul className="plain-list rows">
        {queues.map((queue) => (
          <li key={queue.id}>
            <Group justify="space-between" gap="xs">
              <Text size="sm">
                <b>{queue.code}</b> {queue.name} {queue.state !== 'open' && <QueueStateBadge state={queue.state} />}
              </Text>
              <Text size="sm" c="dimmed">
                <InLine>
                  {[
                    t('queue.waiting', { count: queue.waiting }),
                    queue.state !== 'closed' && format.range(queue.newcomerWait),
                  ]}
                </InLine>
              </Text>
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
