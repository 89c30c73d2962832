import { Alert, Anchor, Button, Group, Loader, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import { setLanguageAtDoor } from '../i18n.ts';
import iconUrl from '../icon.svg';
import { useServices } from '../services.ts';
import { errorText } from '../ui/errors.tsx';
import { LanguagePicker } from '../ui/LanguagePicker.tsx';
import { Password } from '../ui/Password.tsx';
import type { Branch } from './AskForAccount.tsx';
import { type Account, DemoAccounts } from './DemoAccounts.tsx';
import { ScreenCode } from './ScreenCode.tsx';

const AskForAccount = lazy(async () => ({ default: (await import('./AskForAccount.tsx')).AskForAccount }));
const ChoosePassword = lazy(async () => ({ default: (await import('./ChoosePassword.tsx')).ChoosePassword }));
const ResetPassword = lazy(async () => ({ default: (await import('./ResetPassword.tsx')).ResetPassword }));
const SecondStep = lazy(async () => ({ default: (await import('./SecondStep.tsx')).SecondStep }));

type Props = {
  setup: { accounts: readonly Account[] | null; clinic: string | null; mail: boolean; askAt: readonly Branch[] };
  ended: boolean;
};

const halfwayOf = ({ facts: { ticket, setUp, by } }: ApiError) => ({
  ...{ ticket: String(ticket), setUp: setUp === true },
  by: String(by ?? '')
    .split(',')
    .filter(Boolean),
});

export function SignIn({ setup, ended }: Props) {
  const { t } = useTranslation();
  const { connection } = useServices();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [aside, setAside] = useState<'screen' | 'forgotten' | 'account' | null>(null);
  const asScreen = aside === 'screen';
  const [done, setDone] = useState<string | null>(null);
  const [halfway, setHalfway] = useState<{ ticket: string; setUp: boolean; by: string[] } | null>(null);
  const [choosing, setChoosing] = useState<{ ticket: string; name: string } | null>(null);
  const atDoor = !aside && !halfway && !choosing;
  // Two fields: the library for forms would be the greater part of what an old PC loads for this screen.
  const [identifier, setIdentifier] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const missing = (value: string) => (tried && value === '' ? t('field.needed') : null);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (identifier.trim() && password) void enter(identifier, password);
  }
  async function enter(name: string, secret: string) {
    setBusy(true);
    setProblem(null);
    setDone(null);
    try {
      await connection.signIn(name, secret);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'second_factor') setHalfway(halfwayOf(error));
      else if (error instanceof ApiError && error.code === 'choose_password')
        setChoosing({ ticket: String(error.facts['ticket']), name });
      else setProblem(errorText(error));
      setTried(false);
      setPassword('');
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="center-page">
      <main>
        <Stack maw={asScreen ? 'max(60rem, 55vw)' : '30rem'} mx="auto">
          <Group justify="center" gap="sm">
            <img src={iconUrl} alt="" width={40} height={40} />
            <div>
              <Title order={1}>{setup.clinic ?? 'Medlane'}</Title>
              {setup.clinic && (
                <Text c="dimmed" size="sm">
                  Medlane
                </Text>
              )}
            </div>
          </Group>
          {asScreen && <ScreenCode back={() => setAside(null)} />}
          {aside === 'account' && (
            <Suspense fallback={<Loader mx="auto" aria-label={t('common.loading')} />}>
              <AskForAccount
                branches={setup.askAt}
                back={() => setAside(null)}
                done={(name) => {
                  setAside(null);
                  setIdentifier(name);
                  setDone(t('request.sent'));
                }}
              />
            </Suspense>
          )}
          {aside === 'forgotten' && (
            <Suspense fallback={<Loader mx="auto" aria-label={t('common.loading')} />}>
              <ResetPassword
                mail={setup.mail}
                back={() => setAside(null)}
                done={(name) => {
                  setAside(null);
                  setIdentifier(name);
                  setDone(t('signIn.resetDone'));
                }}
              />
            </Suspense>
          )}
          {halfway && (
            <Suspense fallback={<Loader mx="auto" aria-label={t('common.loading')} />}>
              <SecondStep
                {...halfway}
                back={(why) => {
                  setHalfway(null);
                  setProblem(why);
                }}
              />
            </Suspense>
          )}
          {choosing && (
            <Suspense fallback={<Loader mx="auto" aria-label={t('common.loading')} />}>
              <ChoosePassword
                ticket={choosing.ticket}
                back={(why) => {
                  setChoosing(null);
                  setProblem(why);
                }}
                done={(chosen) => {
                  setChoosing(null);
                  void enter(choosing.name, chosen);
                }}
              />
            </Suspense>
          )}
          {atDoor && (
            <Paper withBorder p="lg">
              <form onSubmit={submit} noValidate>
                <Stack>
                  {(done ?? ended) && !problem && (
                    <Alert color="lane" role="status">
                      {done ?? t('signIn.ended')}
                    </Alert>
                  )}
                  <div aria-live="assertive">{problem && <Alert color="red">{problem}</Alert>}</div>
                  <TextInput
                    label={t('signIn.name')}
                    autoComplete="username"
                    autoFocus
                    autoCapitalize="none"
                    spellCheck={false}
                    dir="ltr"
                    value={identifier}
                    error={missing(identifier.trim())}
                    onChange={(event) => setIdentifier(event.currentTarget.value)}
                  />
                  <Password
                    label={t('signIn.password')}
                    autoComplete="current-password"
                    value={password}
                    error={missing(password)}
                    onChange={(event) => setPassword(event.currentTarget.value)}
                  />
                  <Button type="submit" fullWidth size="md" loading={busy}>
                    {t('signIn.enter')}
                  </Button>
                </Stack>
              </form>
            </Paper>
          )}
          {setup.accounts && atDoor && (
            <DemoAccounts
              accounts={setup.accounts}
              choose={(account) => void enter(account.username, account.password)}
            />
          )}
          {setup.askAt.length > 0 && atDoor && (
            <Anchor component="button" type="button" size="sm" ta="start" onClick={() => setAside('account')}>
              {t('request.title')}
            </Anchor>
          )}
          {!connection.bridge && atDoor && (
            <Anchor component="button" type="button" size="sm" ta="start" onClick={() => setAside('screen')}>
              {t('screens.show')}
            </Anchor>
          )}
          <Group justify={atDoor ? 'space-between' : 'flex-end'}>
            {atDoor && (
              <Anchor component="button" type="button" size="sm" onClick={() => setAside('forgotten')}>
                {t('signIn.forgotten')}
              </Anchor>
            )}
            <LanguagePicker choose={setLanguageAtDoor} />
          </Group>
        </Stack>
      </main>
    </div>
  );
}
