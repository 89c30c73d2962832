import { Alert, Button, Group, Loader, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DEFAULT_PATTERN, isRegistrationPattern, registrationNumber } from '../../domain/registration-number.ts';
import { useCommand } from '../commands.ts';
import { isolate } from '../format.ts';
import { type ClinicSettings, clinicNow, settingsNow } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useUser } from '../services.ts';
import { useToday } from '../today.ts';
import { showDone, showInForm } from '../ui/errors.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { Backups } from './Backups.tsx';
import { Letterhead } from './Letterhead.tsx';
import { MailServer } from './MailServer.tsx';

/** How the clinic works, and its safety copies. */
export function Settings() {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const settings = useQuery(settingsNow(api)).data;
  const warning = useQuery(clinicNow(api)).data?.keyWarning;
  return (
    <Page title={t('admin.tab.settings')}>
      {warning && (
        <Alert color="yellow" title={t('now.keyWarning')}>
          <Text size="sm" c="var(--mantine-color-text)">
            {t(`now.key_${warning}`, { defaultValue: warning })}
          </Text>
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Panel title={t('settings.clinic')}>
          {settings ? (
            <SettingsForm key={settings.version} settings={settings} />
          ) : (
            <Loader size="sm" aria-label={t('common.loading')} />
          )}
        </Panel>
        {settings && (
          <Panel title={t('settings.letterhead')}>
            <Letterhead key={settings.version} settings={settings} />
          </Panel>
        )}
      </SimpleGrid>
      {mayAsk(user, 'mail.get') && <MailServer />}
      {mayAsk(user, 'backups.list') && <Backups folder={settings?.backupFolder ?? null} />}
    </Page>
  );
}

function SettingsForm({ settings }: { settings: ClinicSettings }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const today = useToday();
  const form = useForm({
    initialValues: {
      clinic: settings.clinic,
      rollOverHour: settings.rollOverHour,
      registrationPattern: settings.registrationPattern,
      idleLockMinutes: settings.idleLockMinutes,
      backupFolder: settings.backupFolder ?? '',
    },
    validate: {
      clinic: (value) => (value.trim() ? null : t('field.needed')),
      registrationPattern: (value) => (isRegistrationPattern(value.trim()) ? null : t('settings.patternWrong')),
    },
  });
  const save = useCommand(api.settings.update, {
    per: 'form',
    onDone: () => {
      showDone(t('common.saved'));
      for (const name of ['settings', 'me', 'setup']) void client.invalidateQueries({ queryKey: [name] });
    },
    onError: (error) => showInForm(form, error),
  });
  const pattern = form.values.registrationPattern.trim();
  const example = isRegistrationPattern(pattern)
    ? registrationNumber(pattern, 42, { date: today, category: '01' })
    : null;
  const submit = form.onSubmit(
    ({ backupFolder, ...values }) =>
      void save.run({
        ...values,
        registrationPattern: values.registrationPattern.trim(),
        backupFolder: backupFolder.trim() || null,
        expectedVersion: settings.version,
      }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw="34rem">
        <TextInput label={t('host.clinic')} maxLength={120} {...form.getInputProps('clinic')} />
        <Text size="sm">
          {t('host.timeZone')}: <bdi>{settings.timeZone}</bdi>
        </Text>
        <NumberInput
          label={t('settings.rollOver')}
          description={t('settings.rollOverHint')}
          min={0}
          max={12}
          {...form.getInputProps('rollOverHour')}
        />
        <NumberInput
          label={t('settings.idleLock')}
          description={t('settings.idleLockHint')}
          min={0}
          max={240}
          {...form.getInputProps('idleLockMinutes')}
        />
        <TextInput
          label={t('settings.pattern')}
          description={
            example
              ? t('settings.patternExample', { example: isolate(example) })
              : t('settings.patternHint', { pattern: DEFAULT_PATTERN })
          }
          maxLength={20}
          dir="ltr"
          {...form.getInputProps('registrationPattern')}
        />
        <TextInput
          label={t('settings.backupFolder')}
          description={t('settings.backupFolderHint')}
          maxLength={500}
          dir="ltr"
          {...form.getInputProps('backupFolder')}
        />
        <Group>
          <Button type="submit" loading={save.busy}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
