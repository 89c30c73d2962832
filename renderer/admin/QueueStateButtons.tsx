import { Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import type { Queue } from '../queries.ts';
import { useApi } from '../services.ts';
import { ServerButton } from '../ui/ServerButton.tsx';

const TO = { open: ['paused', 'closed'], paused: ['open', 'closed'], closed: ['open'] } as const;

/** Open, pause (tokens, but no calls), close (no new tokens). */
export function QueueStateButtons({ queue }: { queue: Queue }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const change = useCommand(api.queues.setState, {
    onDone: () => void client.invalidateQueries({ queryKey: ['queues'] }),
  });
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {TO[queue.state].map((state) => (
        <ServerButton
          key={state}
          size="compact-sm"
          variant="default"
          loading={change.busy}
          onClick={() => void change.run({ id: queue.id, state })}
          aria-label={`${t(`queue.to.${state}`)} ${queue.code}`}
        >
          {t(`queue.to.${state}`)}
        </ServerButton>
      ))}
    </Group>
  );
}
