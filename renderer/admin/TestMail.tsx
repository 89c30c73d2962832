import { Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useApi, useUser } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';

/** Sends a mail, to see whether mail arrives; what went wrong is said at the address. */
export function TestMail({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const form = useForm({
    initialValues: { to: useUser().email ?? '' },
    validate: { to: (value) => (value.trim() ? null : t('field.needed')) },
  });
  const send = useCommand(api.mail.test, {
    onDone: () => {
      showDone(t('mail.testSent'));
      close();
    },
    onError: (error) => showInForm(form, error, { mail_failed: 'to', no_mail: 'to' }),
  });
  const submit = () => void form.onSubmit((values) => void send.run(values))();
  return (
    <FormDialog title={t('mail.test')} action={t('mail.send')} close={close} busy={send.busy} submit={submit}>
      <Text size="sm">{t('mail.testText')}</Text>
      <TextInput
        label={t('mail.testTo')}
        type="email"
        dir="ltr"
        maxLength={200}
        data-autofocus
        {...form.getInputProps('to')}
      />
    </FormDialog>
  );
}
