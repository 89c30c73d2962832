import { Alert, Button, List, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskState, FoundStep } from '../../contract/desktop.ts';
import type { Bridge } from '../api.ts';
import { askDesktop } from '../desktop.ts';
import { errorText } from '../ui/errors.tsx';

const JoinDesk = lazy(async () => ({ default: (await import('../first-run/JoinDesk.tsx')).JoinDesk }));

/** What only an administrator can end: this desk must be added again. */
const FOR_GOOD: readonly unknown[] = ['revoked', 'expired'];

/** Why this desk is not with its server, in words; each step of the search, which failed, and what to do. */
export function DeskTrouble({ bridge }: { bridge: Bridge }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [joining, setJoining] = useState(false);
  const state = useQuery({
    queryKey: ['desk-state'],
    queryFn: () => askDesktop(bridge, 'desk.state', {}),
    refetchInterval: 2000,
    gcTime: 0,
  }).data;
  if (!state || (state.keychain === 'available' && !state.joined)) return null;
  if (joining)
    return (
      <Suspense>
        <JoinDesk bridge={bridge} done={() => void client.invalidateQueries()} />
      </Suspense>
    );
  return (
    <Stack maw="34rem" w="100%">
      <Alert color="yellow">{wordsOf(state, t)}</Alert>
      {state.joined && <Search bridge={bridge} />}
      {(state.keychain === 'changed' || FOR_GOOD.includes(state.trouble)) && (
        <Button onClick={() => setJoining(true)}>{t('desk.join')}</Button>
      )}
    </Stack>
  );
}

const wordsOf = ({ keychain, trouble }: DeskState, t: (key: string) => string): string =>
  keychain === 'available' ? t(`desk.outcome.${trouble ?? 'nobody'}`) : t(`desk.keychain.${keychain}`);

function Search({ bridge }: { bridge: Bridge }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [steps, setSteps] = useState<readonly FoundStep[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const address = typed.trim();
    await askDesktop(bridge, 'desk.find', address ? { address } : {}).then(
      (answer) => setSteps(answer.steps),
      (error: unknown) => setProblem(errorText(error)),
    );
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        <TextInput
          label={t('join.address')}
          description={t('desk.addressHint')}
          error={problem}
          dir="ltr"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={busy}>
          {t('desk.diagnose')}
        </Button>
        <div aria-live="polite">
          {steps && (
            <>
              <Text fw={600}>{t('desk.steps')}</Text>
              <List size="sm">
                {steps.map(({ step, address, outcome }) => (
                  <List.Item key={`${step} ${address}`}>
                    {t(`desk.step.${step}`)} {address && <bdi dir="ltr">{address}</bdi>}
                    <br />
                    {t(`desk.outcome.${outcome}`)}
                  </List.Item>
                ))}
              </List>
            </>
          )}
        </div>
      </Stack>
    </form>
  );
}
