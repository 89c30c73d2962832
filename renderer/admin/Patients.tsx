import { Group, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { USUAL_REASONS } from '../../domain/reasons.ts';
import { useCommand } from '../commands.ts';
import { isolate, useFormat } from '../format.ts';
import { useNeedsServer } from '../own-desk.ts';
import { PatientDocuments, useAsksPatients } from '../patient/PatientDocuments.tsx';
import { PatientForm } from '../patient/PatientForm.tsx';
import { PatientFacts, usePatientName } from '../patient/PatientLine.tsx';
import { PreviewDialog } from '../printing/PreviewDialog.tsx';
import { cardOf, type Sheet } from '../printing/papers.ts';
import { type FoundPatient, patientPages, patientRecord } from '../queries.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable, pagesOf } from '../ui/DataTable.tsx';
import { Dialog, ReasonDialog } from '../ui/Dialog.tsx';
import { showDone } from '../ui/errors.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { HinderedButton, ServerButton } from '../ui/ServerButton.tsx';
import { MergeDialog } from './MergeDialog.tsx';

type Asking = { kind: 'archive' | 'merge'; patient: FoundPatient } | null;

/** Every record: find, correct, archive, restore, merge. Nothing is ever deleted. */
export function Patients() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const nameOf = usePatientName();
  const needsServer = useNeedsServer();
  const { patient: opened } = useSearch({ strict: false }) as { patient?: string };
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 150);
  const [archived, setArchived] = useState(false);
  const [asking, setAsking] = useState<Asking>(null);
  const patients = pagesOf(useInfiniteQuery(patientPages(api, { archived, ...(q.length >= 2 ? { q } : {}) })));
  const open = (id?: string) =>
    void navigate({ to: '/admin/patients', search: id ? { patient: id } : {} } as Parameters<typeof navigate>[0]);

  const refresh = (message: string) => {
    showDone(message);
    setAsking(null);
    void client.invalidateQueries({ queryKey: ['patients'] });
  };
  const archive = useCommand(api.patients.archive, { onDone: () => refresh(t('patients.archivedDone')) });
  const restore = useCommand(api.patients.restore, { onDone: () => refresh(t('patients.restoredDone')) });

  const columns: Column<FoundPatient>[] = [
    {
      key: 'number',
      header: t('patient.number'),
      cell: ({ registrationNumber }) => <bdi dir="ltr">{registrationNumber}</bdi>,
      sort: ({ registrationNumber }) => registrationNumber,
    },
    {
      key: 'name',
      header: t('patient.name'),
      cell: (patient) => (
        <Text size="sm" fw={550}>
          {nameOf(patient)}
        </Text>
      ),
      sort: ({ name }) => name,
    },
    {
      key: 'facts',
      header: t('patient.facts'),
      cell: (patient) => <PatientFacts patient={patient} without="number" size="sm" />,
      minor: true,
    },
    {
      key: 'last',
      header: t('patient.lastVisit'),
      cell: ({ lastVisitDay }) => (lastVisitDay ? format.day(lastVisitDay) : '–'),
      sort: ({ lastVisitDay }) => lastVisitDay ?? '',
    },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (patient) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {archived ? (
            <ServerButton
              size="compact-sm"
              variant="default"
              loading={restore.busy}
              onClick={() => void restore.run({ id: patient.id })}
              aria-label={`${t('patients.restore')} ${nameOf(patient)}`}
            >
              {t('patients.restore')}
            </ServerButton>
          ) : (
            (['open', 'merge', 'archive'] as const).map((kind) => (
              <HinderedButton
                key={kind}
                size="compact-sm"
                variant="default"
                // What this desk has of a record can be read.
                hindered={needsServer && kind !== 'open' ? t('link.needsServer') : null}
                onClick={() => (kind === 'open' ? open(patient.id) : setAsking({ kind, patient }))}
                aria-label={`${t(`patients.${kind}`)} ${nameOf(patient)}`}
              >
                {t(`patients.${kind}`)}
              </HinderedButton>
            ))
          )}
        </Group>
      ),
    },
  ];

  return (
    <Page
      title={t('admin.tab.patients')}
      actions={
        <Switch
          label={t('patients.showArchived')}
          checked={archived}
          onChange={(event) => setArchived(event.currentTarget.checked)}
        />
      }
    >
      <Panel>
        <TextInput
          label={t('patients.search')}
          value={typed}
          autoComplete="off"
          mb="sm"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <DataTable
          label={t('admin.tab.patients')}
          columns={columns}
          rows={patients.rows}
          rowKey={({ id }) => id}
          empty={t('common.nothingFound')}
          more={patients.more}
          error={patients.error}
        />
      </Panel>
      {opened && <OpenRecord id={opened} close={() => open()} />}
      {asking?.kind === 'archive' && (
        <ReasonDialog
          title={t('patients.archiveTitle', { name: nameOf(asking.patient) })}
          text={<Text size="sm">{t('patients.archiveText')}</Text>}
          action={t('patients.archive')}
          usual={USUAL_REASONS.archive}
          busy={archive.busy}
          close={() => setAsking(null)}
          done={(reason) => void archive.run({ id: asking.patient.id, reason })}
        />
      )}
      {asking?.kind === 'merge' && (
        <MergeDialog
          patient={asking.patient}
          close={() => setAsking(null)}
          done={() => refresh(t('patients.mergedDone'))}
        />
      )}
    </Page>
  );
}

function OpenRecord({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const patient = useQuery(patientRecord(api, id)).data;
  const [card, setCard] = useState<Sheet | null>(null);
  const asksPatients = useAsksPatients();
  const [documents, setDocuments] = useState(false);
  if (!patient) return null;
  if (card) return <PreviewDialog sheet={card} close={() => setCard(null)} />;
  if (documents) return <PatientDocuments patientId={id} name={patient.name} close={() => setDocuments(false)} />;
  return (
    <Dialog title={`${t('patient.edit')} · ${isolate(patient.registrationNumber)}`} close={close} size="lg">
      <Group justify="flex-end">
        {asksPatients && (
          <ServerButton size="xs" variant="default" onClick={() => setDocuments(true)}>
            {t('identity.patientShort')}
          </ServerButton>
        )}
        <ServerButton size="xs" variant="default" onClick={() => setCard(cardOf(api, t, patient))}>
          {t('print.cardShort')}
        </ServerButton>
      </Group>
      <PatientForm key={patient.version} patient={patient} done={close} cancel={close} />
    </Dialog>
  );
}
