import { Button, FileButton, Group, Input, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { PAPER_LANGUAGES, SLIP_FORMATS } from '../../domain/paper.ts';
import { useCommand } from '../commands.ts';
import { languageName } from '../i18n.ts';
import type { ClinicSettings } from '../queries.ts';
import { useApi } from '../services.ts';
import { showDone, showInForm } from '../ui/errors.tsx';
import { logoOf } from './logo.ts';

/** What stands on the clinic's papers, and how its slips are printed. */
export function Letterhead({ settings }: { settings: ClinicSettings }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const { address, phone, footer, slipFormat, paperLanguage, logo, version } = settings;
  const form = useForm({
    initialValues: {
      address: address ?? '',
      phone: phone ?? '',
      footer: footer ?? '',
      slipFormat,
      paperLanguage,
      logo,
    },
  });
  const save = useCommand(api.settings.update, {
    per: 'form',
    onDone: () => {
      showDone(t('common.saved'));
      void client.invalidateQueries({ queryKey: ['settings'] });
    },
    onError: (error) => showInForm(form, error),
  });
  const choose = (file: File | null) => {
    if (!file) return;
    logoOf(file).then(
      (picture) => form.setFieldValue('logo', picture),
      () => form.setFieldError('logo', t('settings.logoWrong')),
    );
  };
  const submit = form.onSubmit((values) => void save.run({ ...values, expectedVersion: version }));
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw="34rem">
        <Text size="sm">{t('settings.letterheadText')}</Text>
        <Textarea
          label={t('settings.address')}
          maxLength={300}
          autosize
          minRows={2}
          {...form.getInputProps('address')}
        />
        <TextInput label={t('settings.phone')} maxLength={40} {...form.getInputProps('phone')} />
        <TextInput
          label={t('settings.footer')}
          description={t('settings.footerHint')}
          maxLength={200}
          {...form.getInputProps('footer')}
        />
        <Input.Wrapper label={t('settings.logo')} description={t('settings.logoHint')} error={form.errors['logo']}>
          <Group mt="xs">
            {form.values.logo && (
              <img className="logo" src={`data:image/png;base64,${form.values.logo}`} alt={t('settings.logo')} />
            )}
            <FileButton accept="image/*" onChange={choose}>
              {(props) => (
                <Button variant="default" size="xs" {...props}>
                  {t('settings.logoChoose')}
                </Button>
              )}
            </FileButton>
            {form.values.logo && (
              <Button variant="subtle" size="xs" onClick={() => form.setFieldValue('logo', null)}>
                {t('settings.logoRemove')}
              </Button>
            )}
          </Group>
        </Input.Wrapper>
        <Group grow align="flex-start">
          <NativeSelect
            label={t('settings.slipFormat')}
            data={SLIP_FORMATS.map((value) => ({ value, label: t(`settings.slip_${value}`) }))}
            {...form.getInputProps('slipFormat')}
          />
          <NativeSelect
            label={t('settings.paperLanguage')}
            data={PAPER_LANGUAGES.map((value) => ({ value, label: languageName(value) }))}
            {...form.getInputProps('paperLanguage')}
          />
        </Group>
        <Group>
          <Button type="submit" loading={save.busy}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
