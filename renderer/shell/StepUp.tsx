import { Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { ownFactor } from '../queries.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { errorText } from '../ui/errors.tsx';
import { OneTimeCode } from '../ui/OneTimeCode.tsx';
import { Password } from '../ui/Password.tsx';

/** Before something that must not be done by whoever finds the screen open: says once more who is there. */
export function StepUp({ answer }: { answer: (proved: boolean) => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const factor = useQuery(ownFactor(api)).data;
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const prove = useCommand(api.auth.stepUp, {
    onDone: () => answer(true),
    onError: (error) => {
      setProblem(errorText(error));
      setSecret('');
      return true;
    },
  });
  const type = (typed: string) => {
    setSecret(typed);
    setProblem(null);
  };
  const byCode = factor?.since !== null;
  const submit = () =>
    secret ? void prove.run(byCode ? { code: secret } : { password: secret }) : setProblem(t('field.needed'));
  return (
    <FormDialog
      title={t('stepUp.title')}
      action={t('stepUp.go')}
      close={() => answer(false)}
      busy={prove.busy}
      submit={submit}
    >
      <Text size="sm">{t('stepUp.text')}</Text>
      {!factor && <Loader size="sm" aria-label={t('common.loading')} />}
      {factor && byCode && <OneTimeCode value={secret} error={problem} change={type} />}
      {factor && !byCode && (
        <Password
          label={t('signIn.password')}
          autoComplete="current-password"
          data-autofocus
          autoFocus
          value={secret}
          error={problem}
          onChange={(event) => type(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
