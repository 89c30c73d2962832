import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { USUAL_REASONS } from '../../domain/reasons.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { slipOf } from '../printing/papers.ts';
import { queueList, type Visit } from '../queries.ts';
import { useApi, useServices } from '../services.ts';
import { PriorityBadge, Token } from '../ui/badges.tsx';
import { ReasonDialog } from '../ui/Dialog.tsx';
import { showDone } from '../ui/errors.tsx';
import { Panel } from '../ui/Page.tsx';
import { Keys, useShortcuts } from '../ui/shortcuts.tsx';

/** The token, large enough to be read across the desk. A number given by mistake is cancelled, and never used again. */
export function Issued({ visit, patientName, next }: { visit: Visit; patientName: string; next: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const format = useFormat();
  const queue = useQuery(queueList(api)).data?.items.find(({ id }) => id === visit.queueId);
  const button = useRef<HTMLButtonElement>(null);
  const { printing } = useServices();
  const [asking, setAsking] = useState(false);
  const cancel = useCommand(api.visits.cancel, {
    onDone: () => {
      showDone(t('reception.cancelled', { token: visit.token }));
      next();
    },
  });
  useEffect(() => button.current?.focus(), []);
  const print = () => printing.print(slipOf(api, t, visit));
  useShortcuts([
    { keys: 'p', label: t('slip.print'), run: print },
    { keys: 'c', label: t('reception.cancelToken'), run: () => setAsking(true) },
    { keys: 'escape', label: t('reception.next'), run: next },
    { keys: 'enter', label: t('reception.next'), run: next },
  ]);
  return (
    <Panel label={t('reception.issuedLabel')}>
      <Stack align="center" gap="sm">
        <div role="status" aria-atomic="true">
          <Stack align="center" gap={4}>
            <Text>{patientName}</Text>
            <span className="token-huge" data-testid="issued-token">
              <Token of={visit.token} />
            </span>
            <Group gap="xs">
              <Text fw={550}>{queue?.name}</Text>
              <PriorityBadge priority={visit.priority} />
            </Group>
            <Text c="dimmed">
              {visit.place !== null && `${t('visit.placeN', { place: format.number(visit.place) })} · `}
              {t('visit.expected', { range: format.range(visit.estimate) })}
            </Text>
          </Stack>
        </div>
        <Group justify="center" mt="sm">
          <Button ref={button} size="md" onClick={next}>
            {t('reception.next')}
            <Keys of="enter" />
          </Button>
          <Button size="md" variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={print}>
            {t('slip.print')}
            <Keys of="p" />
          </Button>
          <Button size="md" variant="default" onClick={() => setAsking(true)}>
            {t('reception.cancelToken')}
            <Keys of="c" />
          </Button>
        </Group>
      </Stack>
      {asking && (
        <ReasonDialog
          title={t('act.cancelTitle', { token: visit.token })}
          action={t('act.cancel')}
          usual={USUAL_REASONS.cancel}
          likely="mistake"
          danger
          busy={cancel.busy}
          close={() => setAsking(false)}
          done={(reason) =>
            void cancel.run({ id: visit.id, stepId: visit.stepId, expectedVersion: visit.version, reason })
          }
        />
      )}
    </Panel>
  );
}
