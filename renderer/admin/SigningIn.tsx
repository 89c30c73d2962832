import { Button, Checkbox, Group, NumberInput, Stack, Switch } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Role, STAFF } from '../../domain/people.ts';
import { useCommand } from '../commands.ts';
import type { ClinicSettings } from '../queries.ts';
import { useApi } from '../services.ts';
import { showDone, showInForm } from '../ui/errors.tsx';

/** What the clinic asks of whoever signs in. */
export function SigningIn({ settings }: { settings: ClinicSettings }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const form = useForm({
    initialValues: {
      secondFactorFor: settings.secondFactorFor as Role[],
      oneSignIn: settings.oneSignIn,
      selfRegistration: settings.selfRegistration,
      idleSignOutHours: settings.idleSignOutHours,
      signInsKeptDays: settings.signInsKeptDays,
    },
  });
  const save = useCommand(api.settings.updateAccess, {
    per: 'form',
    onDone: () => {
      showDone(t('common.saved'));
      for (const name of ['settings', 'factor', 'security']) void client.invalidateQueries({ queryKey: [name] });
    },
    onError: (error) => showInForm(form, error),
  });
  return (
    <form
      onSubmit={form.onSubmit((values) => void save.run({ ...values, expectedVersion: settings.version }))}
      noValidate
    >
      <Stack maw="34rem">
        <Checkbox.Group
          label={t('signingIn.factorFor')}
          description={t('signingIn.factorForHint')}
          {...form.getInputProps('secondFactorFor')}
        >
          <Group mt={4}>
            {STAFF.map((role) => (
              <Checkbox key={role} value={role} label={t(`role.${role}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Switch
          label={t('signingIn.one')}
          description={t('signingIn.oneHint')}
          {...form.getInputProps('oneSignIn', { type: 'checkbox' })}
        />
        <Switch
          label={t('signingIn.asks')}
          description={t('signingIn.asksHint')}
          {...form.getInputProps('selfRegistration', { type: 'checkbox' })}
        />
        <NumberInput
          label={t('signingIn.idle')}
          description={t('signingIn.idleHint')}
          min={1}
          max={168}
          {...form.getInputProps('idleSignOutHours')}
        />
        <NumberInput
          label={t('signingIn.kept')}
          description={t('signingIn.keptHint')}
          min={7}
          max={3650}
          {...form.getInputProps('signInsKeptDays')}
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
