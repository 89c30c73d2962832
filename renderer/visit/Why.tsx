import { List, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isUsualReason } from '../../domain/reasons.ts';
import { useFormat } from '../format.ts';
import { useNeedsServer } from '../own-desk.ts';
import { queueList, type VisitRow, visitHistory, visitWhy } from '../queries.ts';
import { useApi } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';

/** Why this person stands where they stand, and everything that happened in the visit. */
export function WhyDialog({ visit, close }: { visit: VisitRow; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const why = useQuery({ ...visitWhy(api, visit.id), enabled: visit.state === 'waiting' });
  const away = useNeedsServer();
  const history = useQuery({ ...visitHistory(api, visit.id), enabled: !away });
  const queues = useQuery(queueList(api)).data?.items ?? [];
  const codeOf = (id: string) => queues.find((queue) => queue.id === id)?.code ?? '';
  return (
    <Dialog title={t('why.title', { token: visit.token })} close={close}>
      <Stack>
        {why.data && (
          <Text fw={550}>
            {t(`why.${why.data.reason}`, {
              place: format.number(why.data.place ?? 0),
              ahead: format.number(why.data.ahead ?? 0),
              defaultValue: why.data.sentence,
            })}
          </Text>
        )}
        {!history.data &&
          (away ? (
            <Text size="sm">{t('why.historyAway')}</Text>
          ) : (
            <Loader size="sm" aria-label={t('common.loading')} />
          ))}
        <List size="sm" spacing="xs" listStyleType="none">
          {history.data?.entries.map((entry) => (
            <List.Item key={`${entry.at}${entry.command}${entry.to}`}>
              <Text size="sm">
                {format.time(entry.at)} · {t(`command.${entry.command}`, { defaultValue: entry.command })} (
                {codeOf(entry.queueId)}) · {entry.by}
                {entry.outOfOrder && ` · ${t('why.outOfOrder')}`}
              </Text>
              {entry.reason && (
                <Text size="sm" c="dimmed">
                  {isUsualReason(entry.reason) ? t(`reason.${entry.reason}`) : entry.reason}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      </Stack>
    </Dialog>
  );
}
