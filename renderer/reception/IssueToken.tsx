import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import { PRIORITIES, type Priority } from '../../domain/visit.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { PatientDocuments, useAsksPatients } from '../patient/PatientDocuments.tsx';
import { PatientForm } from '../patient/PatientForm.tsx';
import { PatientFacts, usePatientName } from '../patient/PatientLine.tsx';
import { PreviewDialog } from '../printing/PreviewDialog.tsx';
import { cardOf, type Sheet, slipOf } from '../printing/papers.ts';
import { patientRecord, type Queue, queueList, type Visit } from '../queries.ts';
import { useApi, useServices } from '../services.ts';
import { Token } from '../ui/badges.tsx';
import { Choices } from '../ui/Choices.tsx';
import { pressHeldKeys, takeHeldKeys } from '../ui/keys-ahead.ts';
import { Panel } from '../ui/Page.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { Keys, useShortcuts } from '../ui/shortcuts.tsx';

type Props = { patientId: string | null; issued: (visit: Visit, patientName: string) => void; back: () => void };

/** Queue by its letter, priority by its number, Enter. For somebody unidentified the queue's letter is enough. */
export function IssueToken({ patientId, issued, back }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const format = useFormat();
  const nameOf = usePatientName();
  const { printing, deskPrinting } = useServices();
  const panel = useRef<HTMLDivElement>(null);
  const patient = useQuery({ ...patientRecord(api, patientId ?? ''), enabled: patientId !== null }).data;
  const queuesKnown = useQuery(queueList(api));
  const queues = queuesKnown.data?.items ?? [];
  const [queueId, setQueueId] = useState<string | null>(null);
  const [priority, setPriority] = useState<Priority>('normal');
  const [problem, setProblem] = useState<string | null>(null);
  const [existing, setExisting] = useState<string | null>(null);
  const [editing, setEditing] = useState(false);
  const [card, setCard] = useState<Sheet | null>(null);
  const [documents, setDocuments] = useState(false);
  const asksPatients = useAsksPatients();
  /** Empty until it is known who this is. */
  const name = patientId === null ? t('patient.unidentified') : patient ? nameOf(patient) : '';
  const ready = queuesKnown.isSuccess && (patientId === null || patient !== undefined);

  const register = useCommand(api.patients.register, { per: 'form' });
  const issue = useCommand(api.visits.issue, {
    onDone: (visit) => {
      issued(visit, name);
      // The token is the clinic's already: whatever becomes of the paper, nobody waits for it.
      if (deskPrinting.get().atOnce) printing.print(slipOf(api, t, visit));
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.code !== 'token_exists') return false;
      setExisting(String(error.facts.token));
      return true;
    },
  });
  // The focus leaves the search box, so that the queue's letter is a key and not text.
  useEffect(() => panel.current?.focus(), []);

  async function give(queue: string | null, confirmRepeat = false) {
    if (!queue) return setProblem(t('reception.chooseQueue'));
    const whose = patientId ?? (await register.run({ unidentified: true }))?.id;
    if (whose) await issue.run({ patientId: whose, queueId: queue, priority, confirmRepeat });
  }
  const choose = (queue: Queue) => {
    if (queue.state === 'closed') return setProblem(t('errors.queue_closed', { queue: queue.code }));
    setProblem(null);
    setExisting(null);
    setQueueId(queue.id);
    if (patientId === null) void give(queue.id);
  };

  useShortcuts([
    ...queues.map((queue) => ({
      keys: queue.code.slice(0, 1).toLowerCase(),
      label: t('reception.toQueue', { queue: queue.name }),
      run: () => choose(queue),
      off: editing,
    })),
    ...PRIORITIES.map((value, index) => ({
      keys: String(PRIORITIES.length - index),
      label: t(`priority.${value}`),
      run: () => setPriority(value),
      off: editing,
    })),
    { keys: 'enter', label: t('reception.issue'), run: () => void give(queueId), off: editing || existing !== null },
    // Not Enter: pressed twice in haste, it would give a second token.
    {
      keys: 'ctrl+enter',
      label: t('reception.another'),
      run: () => void give(queueId, true),
      off: editing || existing === null,
    },
    { keys: 'escape', label: t('common.back'), run: back, off: editing },
  ]);

  // After the shortcuts are there: what was pressed ahead of this screen, or of this patient if the screen was there.
  useEffect(() => {
    if (ready) void pressHeldKeys();
  });
  useEffect(() => () => void takeHeldKeys(), []);

  if (editing && patient) {
    return (
      <Panel title={t('patient.edit')}>
        <PatientForm patient={patient} done={() => setEditing(false)} cancel={() => setEditing(false)} />
      </Panel>
    );
  }
  return (
    <Panel label={t('reception.issueFor', { name })}>
      <Stack ref={panel} tabIndex={-1}>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Title order={2}>{name}</Title>
            {patient && <PatientFacts patient={patient} size="sm" />}
          </div>
          {patient && (
            <Group gap="xs" wrap="nowrap">
              {asksPatients && (
                <ServerButton size="xs" variant="default" onClick={() => setDocuments(true)}>
                  {t('identity.patientShort')}
                </ServerButton>
              )}
              <ServerButton size="xs" variant="default" onClick={() => setCard(cardOf(api, t, patient))}>
                {t('print.cardShort')}
              </ServerButton>
              <ServerButton size="xs" variant="default" onClick={() => setEditing(true)}>
                {t('patient.edit')}
              </ServerButton>
            </Group>
          )}
        </Group>
        {patient && patient.allergies.length > 0 && (
          <Text className="allergy" size="sm">
            {t('patient.allergies')}: {format.list(patient.allergies.map(({ substance }) => substance))}
          </Text>
        )}
        <Choices
          label={t('reception.queue')}
          value={queueId}
          error={problem}
          change={(id) => choose(queues.find((queue) => queue.id === id) as Queue)}
          choices={queues.map((queue) => ({
            value: queue.id,
            keys: queue.code.slice(0, 1).toLowerCase(),
            label: queue.name,
            disabled: queue.state === 'closed',
            detail:
              queue.state === 'closed'
                ? t('queueState.closed')
                : `${t('queue.waiting', { count: queue.waiting })} · ${format.range(queue.newcomerWait)}${queue.state === 'paused' ? ` · ${t('queueState.paused')}` : ''}`,
          }))}
        />
        <Choices
          label={t('priority.label')}
          value={priority}
          change={setPriority}
          choices={[...PRIORITIES]
            .reverse()
            .map((value, index) => ({ value, keys: String(index + 1), label: t(`priority.${value}`) }))}
        />
        <div aria-live="assertive">
          {existing && (
            <Alert color="yellow" title={t('reception.exists')}>
              <Group>
                <Text component="span" className="token-large" c="var(--mantine-color-text)">
                  <Token of={existing} />
                </Text>
                <Button variant="default" onClick={() => void give(queueId, true)} loading={issue.busy}>
                  {t('reception.another')}
                  <Keys of="ctrl+enter" />
                </Button>
              </Group>
            </Alert>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={back}>
            {t('common.back')}
            <Keys of="escape" />
          </Button>
          {!existing && (
            <Button size="md" onClick={() => void give(queueId)} loading={issue.busy || register.busy}>
              {t('reception.issue')}
              <Keys of="enter" />
            </Button>
          )}
        </Group>
      </Stack>
      {documents && patient && (
        <PatientDocuments patientId={patient.id} name={name} close={() => setDocuments(false)} />
      )}
      {card && <PreviewDialog sheet={card} close={() => setCard(null)} />}
    </Panel>
  );
}
