import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';
import { Password } from '../ui/Password.tsx';

export function ChangePassword({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const form = useForm({
    initialValues: { current: '', next: '', again: '' },
    validate: {
      current: (value) => (value ? null : t('field.needed')),
      next: (value) => (value ? null : t('field.needed')),
      again: (value, { next }) => (value === next ? null : t('password.differ')),
    },
  });
  const save = useCommand(api.auth.changePassword, {
    per: 'form',
    onDone: () => {
      showDone(t('password.changed'));
      close();
    },
    onError: (error) =>
      showInForm(form, error, {
        bad_credentials: 'current',
        weak_password: 'next',
        locked_out: 'current',
        blocked: 'current',
      }),
  });
  return (
    <FormDialog
      title={t('password.change')}
      action={t('common.save')}
      close={close}
      busy={save.busy}
      submit={() => form.onSubmit(({ current, next }) => void save.run({ current, next }))()}
    >
      <Password
        label={t('password.current')}
        autoComplete="current-password"
        data-autofocus
        {...form.getInputProps('current')}
      />
      <Password label={t('password.next')} autoComplete="new-password" {...form.getInputProps('next')} />
      <Password label={t('password.again')} autoComplete="new-password" {...form.getInputProps('again')} />
    </FormDialog>
  );
}
