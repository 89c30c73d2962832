import { Select, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { PatientFacts, usePatientFacts, usePatientName } from '../patient/PatientLine.tsx';
import { type FoundPatient, patientSearch } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';

/** Makes one record of two: says plainly which stays and which goes. */
export function MergeDialog({ patient, close, done }: { patient: FoundPatient; close: () => void; done: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const nameOf = usePatientName();
  const factsOf = usePatientFacts();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 100);
  const [intoId, setIntoId] = useState<string | null>(null);
  const [reason, setReason] = useState(t('reason.duplicate'));
  const [missing, setMissing] = useState(false);
  const found = (useQuery(patientSearch(api, q, 12)).data?.items ?? []).filter(({ id }) => id !== patient.id);
  const merge = useCommand(api.patients.merge, { onDone: done });
  return (
    <FormDialog
      title={t('patients.mergeTitle')}
      action={t('patients.merge')}
      danger
      busy={merge.busy}
      close={close}
      submit={() =>
        intoId && reason.trim() ? void merge.run({ id: patient.id, intoId, reason: reason.trim() }) : setMissing(true)
      }
    >
      <div>
        <Text size="sm">{t('patients.mergeGoes', { name: nameOf(patient) })}</Text>
        <PatientFacts patient={patient} />
      </div>
      <Select
        label={t('patients.mergeInto')}
        placeholder={t('reception.searchHint')}
        data={found.map((other) => ({ value: other.id, label: `${nameOf(other)} · ${factsOf(other)}` }))}
        renderOption={({ option }) => {
          const other = found.find(({ id }) => id === option.value);
          return (
            other && (
              <div>
                {nameOf(other)}
                <PatientFacts patient={other} />
              </div>
            )
          );
        }}
        filter={({ options }) => options}
        searchable
        // What was found before the last key is not what Enter should take.
        selectFirstOptionOnChange={false}
        searchValue={typed}
        onSearchChange={setTyped}
        value={intoId}
        onChange={setIntoId}
        nothingFoundMessage={q.length >= 2 ? t('common.nothingFound') : undefined}
        error={missing && !intoId ? t('field.needed') : undefined}
        data-autofocus
      />
      <Textarea
        label={t('reason.label')}
        value={reason}
        maxLength={300}
        autosize
        minRows={1}
        error={missing && !reason.trim() ? t('reason.needed') : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Text size="sm" c="dimmed">
        {t('patients.mergeText')}
      </Text>
    </FormDialog>
  );
}
