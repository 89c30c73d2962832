import { Button, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskState, FoundStep } from '../../contract/desktop.ts';
import type { Bridge } from '../api.ts';
import { askDesktop } from '../desktop.ts';
import { useAttempt } from '../first-run/attempt.tsx';
import { AddressField } from '../ui/AddressField.tsx';
import { Away } from './Away.tsx';
import { isOver, useDeskState } from './desk-state.ts';

const JoinDesk = lazy(async () => ({ default: (await import('../first-run/JoinDesk.tsx')).JoinDesk }));

/** Why this desk is not with its server, in words; each step of the search, which failed, and what to do. */
export function DeskTrouble({ bridge }: { bridge: Bridge }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [joining, setJoining] = useState(false);
  const state = useDeskState(bridge);
  // Only the computer that hosts the clinic is no desk: its server starts again by itself.
  if (!state || (state.keychain === 'available' && !state.joined))
    return <Away title={t('link.unreachable')} hint={t('link.unreachableHint')} />;
  const over = isOver(state);
  return (
    <Away title={t(titleOf(state))} hint={wordsOf(state, t)} icon={iconOf(state)}>
      <Stack maw="34rem" w="100%">
        {joining ? (
          <Suspense>
            <JoinDesk bridge={bridge} done={() => void client.invalidateQueries()} />
          </Suspense>
        ) : over ? (
          <Button size="md" onClick={() => setJoining(true)}>
            {t('desk.join')}
          </Button>
        ) : (
          state.joined && <Search bridge={bridge} />
        )}
        {state.joined && (
          <Text ta="center" size="sm" c="dimmed">
            <bdi>{state.joined.clinic}</bdi> · <bdi>{state.joined.name}</bdi> · <bdi>{state.joined.code}</bdi>
          </Text>
        )}
      </Stack>
    </Away>
  );
}

const titleOf = (state: DeskState): string => {
  if (state.keychain === 'silent') return 'desk.waiting';
  return isOver(state) || state.keychain !== 'available' ? 'desk.stopped' : 'link.unreachable';
};

const iconOf = ({ keychain }: DeskState) => (keychain === 'available' ? IconPlugConnectedX : IconLock);

const wordsOf = ({ keychain, trouble }: DeskState, t: (key: string) => string): string => {
  if (keychain !== 'available') return t(`desk.keychain.${keychain}`);
  return t(trouble && trouble !== 'nobody' ? `desk.outcome.${trouble}` : 'link.unreachableHint');
};

/** Looks for the server, also where somebody says that it is, and tells each step. */
export function Search({ bridge }: { bridge: Bridge }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [steps, setSteps] = useState<readonly FoundStep[] | null>(null);
  const { attempt, busy, told, inField } = useAttempt({ validation_failed: t('join.wrong') });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = typed.trim();
    void attempt(async () => setSteps((await askDesktop(bridge, 'desk.find', address ? { address } : {})).steps));
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <AddressField value={typed} change={setTyped} error={inField} />
        {told}
        <Button type="submit" variant="default" loading={busy}>
          {t('desk.diagnose')}
        </Button>
        <div aria-live="polite">{steps && <Steps steps={steps} />}</div>
      </Stack>
    </form>
  );
}

function Steps({ steps }: { steps: readonly FoundStep[] }) {
  const { t } = useTranslation();
  return (
    <>
      <Title order={2} size="h3">
        {t('desk.steps')}
      </Title>
      <ul className="plain-list rows found-steps">
        {steps.map(({ step, address, outcome }) => (
          <li key={`${step} ${address}`} data-found={outcome === 'found' || undefined}>
            {outcome === 'found' ? <IconCircleCheck aria-hidden /> : <IconCircleX aria-hidden />}
            <div>
              <Text fw={550}>
                {t(`desk.step.${step}`)} {address && <bdi dir="ltr">{address}</bdi>}
              </Text>
              <Text size="sm" c="dimmed">
                {t(`desk.outcome.${outcome}`)}
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
