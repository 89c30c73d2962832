import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconDeviceTv } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paper } from '../../contract/paper.ts';
import type { Role } from '../../domain/people.ts';
import { useFormat } from '../format.ts';
import { PatientFacts, usePatientName } from '../patient/PatientLine.tsx';
import { hasRole } from '../places.ts';
import { PreviewDialog } from '../printing/PreviewDialog.tsx';
import { type Sheet, summaryOf } from '../printing/papers.ts';
import { patientRecord, type VisitRow } from '../queries.ts';
import { useApi, useServices, useUser } from '../services.ts';
import { useStore } from '../store.ts';
import { PriorityBadge, StateBadge, Token } from '../ui/badges.tsx';
import { Panel } from '../ui/Page.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { Keys, useShortcuts } from '../ui/shortcuts.tsx';
import { type Act, useAllowed, type VisitActions } from '../visit/actions.tsx';
import { LastVisits } from './LastVisits.tsx';
import { Timer } from './Timer.tsx';
import { VisitNote } from './VisitNote.tsx';

/** Each command's key, in the order of the buttons; the first that the state allows is the likely one. */
const BUTTONS: readonly { act: Act; keys: string }[] = [
  { act: 'enter', keys: 'e' },
  { act: 'finish', keys: 'f' },
  { act: 'recall', keys: 'r' },
  { act: 'no-show', keys: 'n' },
  { act: 'return', keys: 'b' },
  { act: 'park', keys: 'p' },
  { act: 'transfer', keys: 't' },
];

type Props = {
  row: VisitRow;
  actions: VisitActions /** Only the first patient of a room has the keys. */;
  keys: boolean;
};

/** Who is here, since when, what to beware of, the last five visits; and what can be done now. */
export function CurrentPatient({ row, actions, keys }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const nameOf = usePatientName();
  const allowed = useAllowed()(row.state);
  const shown = useStore(useServices().live.calls).get(row.id);
  const record = useQuery(patientRecord(api, row.patientId));
  const user = useUser();
  const [summary, setSummary] = useState<Sheet | null>(null);
  const offered = BUTTONS.filter(({ act }) => allowed.has(act));
  useShortcuts(
    offered.map(({ act, keys: of }) => ({
      keys: of,
      label: t(`act.${act}`),
      run: () => actions.act(act, row),
      off: !keys || actions.busy,
    })),
  );
  const since = row.state === 'called' ? row.calledAt : row.enteredAt;

  return (
    <Panel label={t('doctor.current')}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <span className="token-large" data-testid="current-token">
              <Token of={row.token} />
            </span>
            <Title order={2}>{nameOf(row.patient)}</Title>
            <PatientFacts patient={row.patient} size="sm" />
          </div>
          <Stack gap={4} align="flex-end" role="status">
            <Group gap={4}>
              <PriorityBadge priority={row.priority} />
              <StateBadge state={row.state} />
            </Group>
            {since && (
              <Group gap="xs" align="baseline">
                <Text size="sm" c="dimmed">
                  {t(row.state === 'called' ? 'doctor.calledSince' : 'doctor.hereSince', { time: format.time(since) })}
                </Text>
                <Timer since={since} />
              </Group>
            )}
            {row.state === 'called' && (
              <Text size="sm" c="dimmed">
                {t('doctor.callCount', { count: row.callCount })}
              </Text>
            )}
            {row.state === 'called' && shown?.shown && (
              <Group gap={4}>
                <IconDeviceTv size={14} aria-hidden />
                <Text size="sm" c="dimmed">
                  {t('doctor.onBoard')}
                </Text>
              </Group>
            )}
          </Stack>
        </Group>
        {row.reason && (
          <Text size="sm">
            {t('visit.reason')}: {row.reason}
          </Text>
        )}
        {record.data ? (
          record.data.allergies.length > 0 ? (
            <Text className="allergy">
              {t('patient.allergies')}:{' '}
              {format.list(
                record.data.allergies.map(({ substance, reaction }) =>
                  reaction ? `${substance} (${reaction})` : substance,
                ),
              )}
            </Text>
          ) : (
            <Text size="sm" c="dimmed">
              {t('patient.noAllergies')}
            </Text>
          )
        ) : (
          <Skeleton height={36} />
        )}
        <Group gap="xs">
          {offered.map(({ act, keys: of }, index) => (
            <Button
              key={act}
              variant={index === 0 ? 'filled' : 'default'}
              loading={actions.busy}
              onClick={() => actions.act(act, row)}
            >
              {t(`act.${act}`)}
              {keys && <Keys of={of} />}
            </Button>
          ))}
          {hasRole(user, paper.summary.who as readonly Role[]) && (
            <ServerButton variant="subtle" onClick={() => setSummary(summaryOf(api, t, row))}>
              {t('print.summaryShort')}
            </ServerButton>
          )}
        </Group>
        {record.data?.notes && (
          <Text size="sm" dir="auto">
            {record.data.notes}
          </Text>
        )}
        <div className="beside">
          <VisitNote row={row} keys={keys} />
          {record.data && <LastVisits row={row} record={record.data} userId={user.id} />}
        </div>
      </Stack>
      {summary && <PreviewDialog sheet={summary} close={() => setSummary(null)} />}
    </Panel>
  );
}
