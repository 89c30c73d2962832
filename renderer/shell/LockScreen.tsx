import { Anchor, Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import iconUrl from '../icon.svg';
import { usePins } from '../own-desk.ts';
import { devicePeople } from '../queries.ts';
import { useApi, useServices, useUser } from '../services.ts';
import { errorText } from '../ui/errors.tsx';
import { Password } from '../ui/Password.tsx';
import { TakeOver } from './SwitchPerson.tsx';

/** Stands before everything while nobody is there. What was typed beneath stays, and comes back with whoever typed it. */
export function LockScreen() {
  const { t } = useTranslation();
  const user = useUser();
  const navigate = useNavigate();
  const { connection } = useServices();
  const [other, setOther] = useState(false);
  const pins = usePins();
  const leave = () => void connection.signOut(true).then(() => navigate({ to: '/' }));
  useFocusGivenBack();
  // Beside the page, which is not there for anybody meanwhile (`ui.css`), with every menu and dialog it has open.
  return createPortal(
    <main className="lock center-page">
      <Stack maw="24rem" mx="auto" w="100%">
        <Group justify="center" gap="sm">
          <img src={iconUrl} alt="" width={40} height={40} />
          <Title order={1}>{t('lock.title')}</Title>
        </Group>
        <Paper withBorder p="lg">
          {other ? (
            <TakeOver back={() => setOther(false)} withPassword={leave} />
          ) : (
            <Stack>
              <Text>{t('lock.who', { name: user.name })}</Text>
              <Unlock />
            </Stack>
          )}
        </Paper>
        {!other && (
          <Group justify="center">
            <Anchor component="button" type="button" size="sm" onClick={pins ? () => setOther(true) : leave}>
              {t('lock.other')}
            </Anchor>
          </Group>
        )}
      </Stack>
    </main>,
    document.body,
  );
}

/** By PIN for whoever has one here, else by password. */
function Unlock() {
  const { t } = useTranslation();
  const { connection, lock } = useServices();
  const pins = usePins();
  const people = useQuery({ ...devicePeople(useApi()), enabled: pins });
  const [noPin, setNoPin] = useState(false);
  const [busy, setBusy] = useState(false);
  const byPin = pins && !noPin && people.data?.hasPin === true;
  const form = useForm({
    initialValues: { secret: '' },
    validate: { secret: (value) => (value ? null : t('field.needed')) },
  });
  const enter = async ({ secret }: { secret: string }) => {
    setBusy(true);
    try {
      await connection.unlock(byPin ? { pin: secret } : { password: secret });
      lock.open();
    } catch (error) {
      const code = error instanceof ApiError ? error.code : null;
      if (code === 'pin_not_here') setNoPin(true);
      form.setValues({ secret: '' });
      form.setFieldError(
        'secret',
        code === 'bad_credentials' ? t(byPin ? 'switch.wrongPin' : 'lock.wrong') : errorText(error),
      );
    } finally {
      setBusy(false);
    }
  };
  if (people.isLoading) return <Loader size="sm" aria-label={t('common.loading')} />;
  return (
    <form onSubmit={form.onSubmit((values) => void enter(values))} noValidate>
      <Stack>
        <Password
          key={String(byPin)}
          label={t(byPin ? 'lock.pin' : 'signIn.password')}
          autoComplete={byPin ? 'off' : 'current-password'}
          autoFocus
          {...(byPin ? { inputMode: 'numeric' as const, maxLength: 8 } : {})}
          {...form.getInputProps('secret')}
        />
        <Button type="submit" fullWidth size="md" loading={busy}>
          {t('lock.open')}
        </Button>
        {byPin && (
          <Anchor component="button" type="button" size="sm" onClick={() => setNoPin(true)}>
            {t('lock.withPassword')}
          </Anchor>
        )}
      </Stack>
    </form>
  );
}

/** The place where one was typing. */
function useFocusGivenBack() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // The page is back only when the lock is gone.
      requestAnimationFrame(() => before instanceof HTMLElement && before.focus());
    },
    [before],
  );
}
