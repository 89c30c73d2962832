import { Alert, Button, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import type { Factor, KeyAnswer } from '../../contract/second-factor.ts';
import { useCommand } from '../commands.ts';
import { ownFactor } from '../queries.ts';
import { useApi } from '../services.ts';
import { MailedCode } from '../sign-in/MailedCode.tsx';
import { FormDialog } from '../ui/Dialog.tsx';
import { errorText } from '../ui/errors.tsx';
import { OneTimeCode } from '../ui/OneTimeCode.tsx';
import { Password } from '../ui/Password.tsx';
import { askKey, canAskKeys, stopAsking } from '../ui/security-key.ts';

type Problem = Readonly<{ of: 'password' | 'code' | 'key'; text: string }>;

/** Before something that must not be done by whoever finds the screen open: says once more who is there, by all that they have. */
export function StepUp({ answer }: { answer: (proved: boolean) => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const factor = useQuery(ownFactor(api)).data;
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(false);
  const has = (way: Factor) => factor?.by.includes(way) ?? false;
  // A recovery code stands in for a key that is not at hand.
  const byCode = factor !== undefined && factor.by.length > 0;
  // Whoever has an app or a key may have it at hand: a mail is sent when they ask for it.
  const mailed = has('email') && (asked || !(has('app') || has('key')));
  const prove = useCommand(api.auth.stepUp, {
    onDone: () => answer(true),
    onError: (error) => {
      const of = error instanceof ApiError && error.code === 'bad_code' ? 'code' : 'password';
      setProblem({ of, text: errorText(error) });
      (of === 'code' ? setCode : setPassword)('');
      return true;
    },
  });
  useEffect(() => stopAsking, []);
  const typed = (of: 'password' | 'code') => (text: string) => {
    (of === 'code' ? setCode : setPassword)(text);
    setProblem(null);
  };
  const needed = (of: Problem['of']) => setProblem({ of, text: t('field.needed') });
  const textOf = (of: Problem['of']) => (problem?.of === of ? problem.text : null);

  function submit() {
    if (!password) needed('password');
    else if (byCode && !code) needed('code');
    else {
      stopAsking();
      void prove.run(byCode ? { password, code } : { password });
    }
  }
  async function showKey() {
    if (!password) return needed('password');
    const key = await api.secondFactor.askKey({}).then(askKey).catch(tell);
    if (key) void prove.run({ password, key });
    else if (key === null) setProblem({ of: 'key', text: t('factor.keyUnshown') });
  }
  const tell = (error: unknown): KeyAnswer | undefined => {
    setProblem({ of: 'key', text: errorText(error) });
    return undefined;
  };

  return (
    <FormDialog
      title={t('stepUp.title')}
      action={t('stepUp.go')}
      close={() => answer(false)}
      busy={prove.busy}
      submit={submit}
    >
      <Text size="sm">{t('stepUp.text')}</Text>
      {factor ? (
        <>
          <Password
            label={t('signIn.password')}
            autoComplete="current-password"
            data-autofocus
            autoFocus
            value={password}
            error={textOf('password')}
            onChange={(event) => typed('password')(event.currentTarget.value)}
          />
          {mailed && <MailedCode />}
          {byCode && <OneTimeCode focus={false} value={code} error={textOf('code')} change={typed('code')} />}
          {has('key') && canAskKeys(window) && (
            <Button variant="default" mr="auto" onClick={() => void showKey()}>
              {t('factor.useKey')}
            </Button>
          )}
          {has('email') && !mailed && (
            <Button variant="default" size="xs" mr="auto" onClick={() => setAsked(true)}>
              {t('factor.mailMe')}
            </Button>
          )}
          {problem?.of === 'key' && <Alert color="red">{problem.text}</Alert>}
        </>
      ) : (
        <Loader size="sm" aria-label={t('common.loading')} />
      )}
    </FormDialog>
  );
}
