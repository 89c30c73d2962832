import { Alert, Button, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import { useServices } from '../services.ts';
import { AppKey } from '../ui/AppKey.tsx';
import { errorText } from '../ui/errors.tsx';
import { OneTimeCode } from '../ui/OneTimeCode.tsx';
import { MailedCode } from './MailedCode.tsx';

type Props = Readonly<{
  ticket: string;
  /** This person has no second factor yet, and their role needs one. */
  setUp: boolean;
  /** By what they can do this step. */
  by: readonly string[];
  /** Begins again with the password, and says why. */
  back: (why: string | null) => void;
}>;

/** The password was right: now the code of the authenticator app, or of the mail. */
export function SecondStep({ ticket, setUp, by, back }: Props) {
  const { t } = useTranslation();
  const { connection } = useServices();
  const navigate = useNavigate();
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // Whoever has an app may have it at hand: a mail is sent when they ask for it.
  const [mailed, setMailed] = useState(by.includes('email') && !by.includes('app'));
  const text = setUp ? 'factor.setUpWhy' : by.join() === 'recovery' ? 'factor.stepRecovery' : 'factor.stepText';
  const key = useQuery({
    queryKey: ['factor', 'set-up', ticket],
    queryFn: () => connection.api.secondFactor.setUp({ ticket }),
    enabled: setUp,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!code.trim()) return setProblem(t('field.needed'));
    setBusy(true);
    setProblem(null);
    try {
      await connection.secondFactor(ticket, code);
      // Without recovery codes a lost telephone is a lost account: they are made there.
      if (setUp) void navigate({ to: '/account' });
    } catch (error) {
      const over = error instanceof ApiError && ['ticket_over', 'locked_out', 'blocked'].includes(error.code);
      if (over) back(errorText(error));
      setProblem(errorText(error));
      setCode('');
    } finally {
      setBusy(false);
    }
  }

  return (
    <Paper withBorder p="lg">
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <Text fw={600}>{t(setUp ? 'factor.setUpTitle' : 'factor.stepTitle')}</Text>
          {!mailed && <Text size="sm">{t(text)}</Text>}
          {mailed && <MailedCode ticket={ticket} />}
          {key.isError && <Alert color="red">{errorText(key.error)}</Alert>}
          {setUp && key.isLoading && <Loader mx="auto" aria-label={t('common.loading')} />}
          {key.data && <AppKey of={key.data} />}
          <OneTimeCode
            value={code}
            error={problem}
            change={(typed) => {
              setCode(typed);
              setProblem(null);
            }}
          />
          {by.includes('email') && !mailed && (
            <Button variant="default" size="xs" mr="auto" onClick={() => setMailed(true)}>
              {t('factor.mailMe')}
            </Button>
          )}
          {by.includes('recovery') && by.length > 1 && (
            <Text size="sm" c="dimmed">
              {t(mailed ? 'factor.recoveryMail' : 'factor.recoveryHint')}
            </Text>
          )}
          <Group justify="space-between">
            <Button variant="default" onClick={() => back(null)}>
              {t('common.back')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('signIn.enter')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
