import { Button, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { devicePeople } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';
import { Password } from '../ui/Password.tsx';

/** A person's own PIN, for taking over a shared desk in two seconds. */
export function SetPin({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const hasPin = useQuery(devicePeople(api)).data?.hasPin ?? false;
  const form = useForm({
    initialValues: { password: '', pin: '', again: '' },
    validate: {
      password: (value) => (value ? null : t('field.needed')),
      pin: (value) => (/^\d{4,8}$/.test(value) ? null : t('pin.rule')),
      again: (value, { pin }) => (value === pin ? null : t('pin.differ')),
    },
  });
  const save = useCommand(api.auth.setPin, {
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['people'] });
      showDone(t('pin.saved'));
      close();
    },
    onError: (error) =>
      showInForm(form, error, { bad_credentials: 'password', locked_out: 'password', blocked: 'password' }),
  });
  const remove = () => {
    if (!form.validateField('password').hasError) void save.run({ password: form.values.password, pin: null });
  };
  return (
    <FormDialog
      title={t('pin.title')}
      close={close}
      action={t('common.save')}
      busy={save.busy}
      submit={() => form.onSubmit(({ password, pin }) => void save.run({ password, pin }))()}
    >
      <Text size="sm">{t('pin.hint')}</Text>
      <Password
        label={t('signIn.password')}
        autoComplete="current-password"
        data-autofocus
        {...form.getInputProps('password')}
      />
      <Password
        label={t('pin.pin')}
        description={t('pin.rule')}
        inputMode="numeric"
        autoComplete="off"
        maxLength={8}
        {...form.getInputProps('pin')}
      />
      <Password
        label={t('pin.again')}
        inputMode="numeric"
        autoComplete="off"
        maxLength={8}
        {...form.getInputProps('again')}
      />
      {hasPin && (
        <Button variant="subtle" color="red" w="fit-content" onClick={remove}>
          {t('pin.remove')}
        </Button>
      )}
    </FormDialog>
  );
}
