import { Button, Group, MultiSelect, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DOCUMENT_GROUPS, DOCUMENT_KINDS, DOCUMENTS, type DocumentKind } from '../../domain/identity-documents.ts';
import { useCommand } from '../commands.ts';
import type { ClinicSettings } from '../queries.ts';
import { useApi } from '../services.ts';
import { showDone, showInForm } from '../ui/errors.tsx';

/** Which documents the clinic asks for, of staff, of patients and of pharmacies. */
export function AskedDocuments({ settings }: { settings: ClinicSettings }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const { staffDocuments, patientDocuments, pharmacyDocuments, version } = settings;
  const form = useForm<Record<'staffDocuments' | 'patientDocuments' | 'pharmacyDocuments', DocumentKind[]>>({
    initialValues: { staffDocuments, patientDocuments, pharmacyDocuments },
  });
  const save = useCommand(api.settings.updateDocuments, {
    per: 'form',
    onDone: () => {
      showDone(t('common.saved'));
      for (const name of ['settings', 'identity', 'security']) void client.invalidateQueries({ queryKey: [name] });
    },
    onError: (error) => showInForm(form, error),
  });
  const data = DOCUMENT_GROUPS.map((group) => ({
    group: t(`identity.group.${group}`),
    items: DOCUMENT_KINDS.filter((kind) => DOCUMENTS[kind].group === group).map((kind) => ({
      value: kind,
      label: t(`identity.kind.${kind}`),
    })),
  }));
  const send = form.onSubmit((values) => void save.run({ ...values, expectedVersion: version }));
  return (
    <form onSubmit={send} noValidate>
      <Stack maw="48rem">
        <Text size="sm" c="dimmed">
          {t('verification.askedText')}
        </Text>
        <MultiSelect label={t('verification.ofStaff')} data={data} {...form.getInputProps('staffDocuments')} />
        <MultiSelect label={t('verification.ofPatients')} data={data} {...form.getInputProps('patientDocuments')} />
        <MultiSelect label={t('verification.ofPharmacies')} data={data} {...form.getInputProps('pharmacyDocuments')} />
        <Group>
          <Button type="submit" loading={save.busy}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
