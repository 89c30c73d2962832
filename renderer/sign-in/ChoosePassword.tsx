import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import { useCommand } from '../commands.ts';
import { useApi } from '../services.ts';
import { errorText, showInForm } from '../ui/errors.tsx';
import { Password } from '../ui/Password.tsx';

type Props = Readonly<{ ticket: string; back: (why: string | null) => void; done: (password: string) => void }>;

/** The password was somebody else's choice: a new one that nobody else knows, before anything else. */
export function ChoosePassword({ ticket, back, done }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    initialValues: { password: '', again: '' },
    validate: {
      password: (value) => (value ? null : t('field.needed')),
      again: (value, { password }) => (value === password ? null : t('password.differ')),
    },
  });
  const save = useCommand(api.auth.choosePassword, {
    onDone: () => done(form.values.password),
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'ticket_over') back(errorText(error));
      else if (!showInForm(form, error, { weak_password: 'password' })) setProblem(errorText(error));
      return true;
    },
  });
  return (
    <Paper withBorder p="lg">
      <form onSubmit={form.onSubmit(({ password }) => void save.run({ ticket, password }))} noValidate>
        <Stack>
          <Text fw={600}>{t('signIn.choose')}</Text>
          <Text size="sm">{t('signIn.chooseText')}</Text>
          <div aria-live="assertive">{problem && <Alert color="red">{problem}</Alert>}</div>
          <Password
            label={t('password.next')}
            description={t('password.advice')}
            autoComplete="new-password"
            autoFocus
            {...form.getInputProps('password')}
          />
          <Password label={t('password.again')} autoComplete="new-password" {...form.getInputProps('again')} />
          <Group justify="space-between">
            <Button variant="default" onClick={() => back(null)}>
              {t('common.back')}
            </Button>
            <Button type="submit" loading={save.busy}>
              {t('signIn.enter')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
