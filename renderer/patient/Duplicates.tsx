import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { MedlaneApi } from '../../contract/index.ts';
import type { Given } from '../../contract/kit.ts';
import { useApi } from '../services.ts';
import { PatientFacts, usePatientName } from './PatientLine.tsx';

type Identity = Given<MedlaneApi['patients']['duplicates']>;
type Found = Awaited<ReturnType<ReturnType<typeof useApi>['patients']['duplicates']>>['candidates'];

export function useDuplicates(identity: Identity | null): [Found] {
  const api = useApi();
  const enabled = identity !== null && identity.name.length >= 3;
  const answer = useQuery({
    queryKey: ['duplicates', identity],
    queryFn: () => api.patients.duplicates(identity as Identity),
    enabled,
    placeholderData: keepPreviousData,
  });
  return [enabled ? (answer.data?.candidates ?? []).filter(({ score }) => score >= 45).slice(0, 4) : []];
}

/** Who may already be this person. Choosing one makes no second record. */
export function Duplicates({ found, urgent, choose }: { found: Found; urgent: boolean; choose: (id: string) => void }) {
  const { t } = useTranslation();
  const nameOf = usePatientName();
  return (
    <div aria-live="polite">
      {found.length > 0 && (
        <Alert color={urgent ? 'red' : 'yellow'} title={t(urgent ? 'patient.duplicatesSure' : 'patient.duplicates')}>
          <Stack gap="xs">
            {found.map(({ patient, score }) => (
              <Group key={patient.id} justify="space-between" wrap="nowrap">
                <div>
                  <Text fw={600} size="sm" c="var(--mantine-color-text)">
                    {nameOf(patient)}
                  </Text>
                  <Text size="sm" c="var(--mantine-color-text)">
                    <PatientFacts patient={patient} size="sm" /> ·{' '}
                    <span className="nowrap">{t('patient.alike', { score })}</span>
                  </Text>
                </div>
                <Button size="xs" variant="default" type="button" onClick={() => choose(patient.id)}>
                  {t('patient.same')}
                </Button>
              </Group>
            ))}
          </Stack>
        </Alert>
      )}
    </div>
  );
}
