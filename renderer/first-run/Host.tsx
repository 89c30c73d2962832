import { Button, Fieldset, Paper, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useApi, useServices } from '../services.ts';
import { ChosenSignIn } from '../ui/ChosenSignIn.tsx';
import { showInForm } from '../ui/errors.tsx';
import { Back } from './Back.tsx';
import { useEntrance } from './entrance.ts';
import type { WayProps } from './FirstRun.tsx';
import { RecoveryKit } from './RecoveryKit.tsx';

/** A clinic of one's own, in under two minutes: its name, its clock, its administrator, its recovery kit. */
export function Host({ state, back }: WayProps) {
  const { t } = useTranslation();
  const api = useApi();
  const { connection } = useServices();
  const enter = useEntrance();
  const [kit, setKit] = useState<string | null>(null);
  const zones = useMemo(
    () => [...new Set([state.defaultTimeZone, ...Intl.supportedValuesOf('timeZone')])],
    [state.defaultTimeZone],
  );
  const needed = (value: string | null) => (value?.trim() ? null : t('field.needed'));
  const form = useForm({
    initialValues: {
      clinic: '',
      timeZone: state.defaultTimeZone,
      name: '',
      username: 'admin',
      password: '',
      again: '',
    },
    validate: {
      clinic: needed,
      timeZone: needed,
      name: needed,
      username: needed,
      password: needed,
      again: (value, { password }) => (value === password ? null : t('password.differ')),
    },
  });
  const host = useCommand(api.setup.host, {
    per: 'form',
    onDone: ({ recoveryKit }) => setKit(recoveryKit),
    onError: (error) => showInForm(form, error, { weak_password: 'password' }),
  });
  const submit = form.onSubmit(
    ({ clinic, timeZone, name, username, password }) =>
      void host.run({ clinic, timeZone, administrator: { name, username, password } }),
  );

  if (kit) {
    const { username, password } = form.getValues();
    return (
      <RecoveryKit
        kit={kit}
        clinic={form.getValues().clinic}
        done={() => void connection.signIn(username, password).finally(enter)}
      />
    );
  }
  return (
    <>
      <Paper withBorder p="lg">
        <form onSubmit={submit} noValidate>
          <Stack>
            <TextInput label={t('host.clinic')} maxLength={120} autoFocus {...form.getInputProps('clinic')} />
            <Select
              label={t('host.timeZone')}
              description={t('host.timeZoneHint')}
              data={zones}
              searchable
              {...form.getInputProps('timeZone')}
            />
            <Fieldset legend={t('host.administrator')}>
              <Stack gap="sm">
                <TextInput label={t('host.name')} autoComplete="name" maxLength={120} {...form.getInputProps('name')} />
                <ChosenSignIn label={t('host.username')} props={form.getInputProps} />
              </Stack>
            </Fieldset>
            <Button type="submit" size="md" loading={host.busy}>
              {t('host.make')}
            </Button>
          </Stack>
        </form>
      </Paper>
      <Back back={back} />
    </>
  );
}
