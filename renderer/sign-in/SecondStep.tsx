import { Alert, Button, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import type { KeyAnswer } from '../../contract/second-factor.ts';
import { useServices } from '../services.ts';
import { AppKey } from '../ui/AppKey.tsx';
import { errorText } from '../ui/errors.tsx';
import { OneTimeCode } from '../ui/OneTimeCode.tsx';
import { askKey, canAskKeys, stopAsking } from '../ui/security-key.ts';
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
  const [asking, setAsking] = useState(false);
  const [unshown, setUnshown] = useState(false);
  // Whoever has an app may have it at hand: a mail is sent when they ask for it.
  const has = (way: string) => by.includes(way);
  const [mailed, setMailed] = useState(has('email') && !has('app') && !has('key'));
  const text = setUp ? 'factor.setUpWhy' : `factor.step${has('app') ? 'Text' : has('key') ? 'Key' : 'Recovery'}`;
  const key = useQuery({
    queryKey: ['factor', 'set-up', ticket],
    queryFn: () => connection.api.secondFactor.setUp({ ticket }),
    enabled: setUp,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });

  const keyed = has('key') && canAskKeys(window);
  const typed = setUp || by.some((way) => way !== 'key');

  // Whoever goes back, or types a code instead, is asked for no key any more.
  useEffect(() => stopAsking, []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!code.trim()) return setProblem(t('field.needed'));
    stopAsking();
    await enter({ code });
  }
  async function showKey() {
    setAsking(true);
    setUnshown(false);
    setProblem(null);
    try {
      const shown = await askKey(await connection.api.secondFactor.askKey({ ticket }));
      setUnshown(shown === null);
      if (shown) await enter({ key: shown });
    } catch (error) {
      refused(error);
    } finally {
      setAsking(false);
    }
  }

  async function enter(proof: { code: string } | { key: KeyAnswer }) {
    setBusy(true);
    setProblem(null);
    setUnshown(false);
    try {
      await connection.secondFactor(ticket, proof);
      // Without recovery codes a lost telephone is a lost account: they are made there.
      if (setUp) void navigate({ to: '/account' });
    } catch (error) {
      refused(error);
    } finally {
      setBusy(false);
    }
  }
  function refused(error: unknown) {
    const over = error instanceof ApiError && ['ticket_over', 'locked_out', 'blocked'].includes(error.code);
    if (over) back(errorText(error));
    setProblem(errorText(error));
    setCode('');
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
          {keyed && (
            <Button variant={has('app') ? 'default' : 'filled'} loading={asking} onClick={() => void showKey()}>
              {t('factor.useKey')}
            </Button>
          )}
          {has('key') && !keyed && (
            <Text size="sm" c="dimmed">
              {t('factor.keyElsewhere')}
            </Text>
          )}
          {unshown && <Alert color="yellow">{t('factor.keyUnshown')}</Alert>}
          {typed ? (
            <OneTimeCode
              value={code}
              error={problem}
              change={(text) => {
                setCode(text);
                setProblem(null);
              }}
            />
          ) : (
            problem && <Alert color="red">{problem}</Alert>
          )}
          {has('email') && !mailed && (
            <Button variant="default" size="xs" mr="auto" onClick={() => setMailed(true)}>
              {t('factor.mailMe')}
            </Button>
          )}
          {has('recovery') && by.length > 1 && (
            <Text size="sm" c="dimmed">
              {t(`factor.recovery${mailed ? 'Mail' : has('app') ? 'Hint' : 'Key'}`)}
            </Text>
          )}
          <Group justify="space-between">
            <Button variant="default" onClick={() => back(null)}>
              {t('common.back')}
            </Button>
            {typed && (
              <Button type="submit" variant={keyed && !has('app') ? 'default' : 'filled'} loading={busy}>
                {t('signIn.enter')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
