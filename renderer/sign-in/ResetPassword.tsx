import { Alert, Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useApi } from '../services.ts';
import { errorText, showInForm } from '../ui/errors.tsx';
import { OneTimeCode } from '../ui/OneTimeCode.tsx';
import { Password } from '../ui/Password.tsx';

type Props = Readonly<{
  /** Codes go by mail as well. */
  mail: boolean;
  back: () => void;
  done: (name: string) => void;
}>;

/** Whoever forgot the password, with the code that an administrator gave them, or that came by mail. */
export function ResetPassword({ mail, back, done }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const [problem, setProblem] = useState<string | null>(null);
  const needed = (value: string) => (value.trim() ? null : t('field.needed'));
  const form = useForm({
    initialValues: { identifier: '', code: '', password: '', again: '' },
    validate: {
      identifier: needed,
      code: needed,
      password: needed,
      again: (value, { password }) => (value === password ? null : t('password.differ')),
    },
  });
  const [asked, setAsked] = useState(false);
  const ask = useCommand(api.auth.askReset, { onDone: () => setAsked(true) });
  const askForMail = () => {
    const { hasError } = form.validateField('identifier');
    if (!hasError) void ask.run({ identifier: form.values.identifier });
  };
  const save = useCommand(api.auth.resetPassword, {
    onDone: () => done(form.values.identifier),
    onError: (error) => {
      if (!showInForm(form, error, { bad_code: 'code', weak_password: 'password' })) setProblem(errorText(error));
      return true;
    },
  });
  return (
    <Paper withBorder p="lg">
      <form
        onSubmit={form.onSubmit(({ again: _again, ...given }) => {
          setProblem(null);
          void save.run(given);
        })}
        noValidate
      >
        <Stack>
          <Text fw={600}>{t('signIn.forgotten')}</Text>
          <Text size="sm">{t(mail ? 'signIn.forgottenByMail' : 'signIn.forgottenHint')}</Text>
          <div aria-live="assertive">{problem && <Alert color="red">{problem}</Alert>}</div>
          <TextInput
            label={t('signIn.name')}
            autoComplete="username"
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
            dir="ltr"
            {...form.getInputProps('identifier')}
          />
          {mail && (
            <Button variant="default" loading={ask.busy} onClick={askForMail}>
              {t('signIn.mailMe')}
            </Button>
          )}
          <div aria-live="polite">{asked && <Alert color="lane">{t('signIn.mailAsked')}</Alert>}</div>
          <OneTimeCode
            value={form.values.code}
            error={(form.errors['code'] as string | undefined) ?? null}
            change={(code) => form.setFieldValue('code', code)}
            focus={false}
          />
          <Password label={t('password.next')} autoComplete="new-password" {...form.getInputProps('password')} />
          <Password label={t('password.again')} autoComplete="new-password" {...form.getInputProps('again')} />
          <Group justify="space-between">
            <Button variant="default" onClick={back}>
              {t('common.back')}
            </Button>
            <Button type="submit" loading={save.busy}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
