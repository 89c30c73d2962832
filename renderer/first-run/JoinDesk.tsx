import { Button, Paper, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DesktopAnswer } from '../../contract/desktop.ts';
import type { Bridge } from '../api.ts';
import { askDesktop } from '../desktop.ts';
import { useFormat } from '../format.ts';
import { AddressField } from '../ui/AddressField.tsx';
import { Code } from '../ui/Code.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { useAttempt } from './attempt.tsx';

type Asked = DesktopAnswer<'desk.pair'>;
type Props = Readonly<{ bridge: Bridge; done: () => void }>;

/** This computer becomes a desk of a clinic: its server is found, and two codes are typed, one here and one there. */
export function JoinDesk({ bridge, done }: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Text>{t('desk.text')}</Text>
        {asked ? (
          <Answer bridge={bridge} asked={asked} again={() => setAsked(null)} done={done} />
        ) : (
          <Servers bridge={bridge} asked={setAsked} />
        )}
      </Stack>
    </Paper>
  );
}

function Servers({ bridge, asked }: { bridge: Bridge; asked: (answer: Asked) => void }) {
  const { t } = useTranslation();
  const search = useQuery({
    queryKey: ['desk-search'],
    queryFn: () => askDesktop(bridge, 'desk.search', {}),
    refetchInterval: 5000,
    gcTime: 0,
  });
  const found = search.data?.servers ?? [];
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const { attempt, busy, told, inField } = useAttempt({ validation_failed: t('join.wrong') });
  const address = typed.trim() || (chosen ?? found[0] ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => asked(await askDesktop(bridge, 'desk.pair', { address })));
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {search.isPending ? (
          <Waiting>{t('desk.searching')}</Waiting>
        ) : found.length === 0 ? (
          <Text role="status">{t('desk.none')}</Text>
        ) : (
          <Radio.Group label={t('desk.found')} value={typed.trim() ? '' : address} onChange={setChosen}>
            <Stack gap="xs" mt={4}>
              {found.map((one) => (
                <Radio key={one} value={one} label={<bdi dir="ltr">{one}</bdi>} onClick={() => setTyped('')} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <AddressField value={typed} change={setTyped} error={inField} />
        {told}
        <Button type="submit" size="md" loading={busy} disabled={address === ''}>
          {t('desk.ask')}
        </Button>
      </Stack>
    </form>
  );
}

function Answer({ bridge, asked, again, done }: Props & { asked: Asked; again: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [code, setCode] = useState('');
  const { attempt, busy, told, inField } = useAttempt({ wrong_code: null });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await askDesktop(bridge, 'desk.answer', { code });
      done();
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Code label={t('desk.code')} code={asked.code} />
        <Text size="sm" c="dimmed">
          {t('pairing.left', { time: format.time(asked.until) })}
        </Text>
        <TextInput
          label={t('desk.answer')}
          description={t('pairing.digits')}
          error={inField}
          inputMode="numeric"
          autoComplete="off"
          dir="ltr"
          autoFocus
          maxLength={20}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {told}
        <Button type="submit" size="md" loading={busy} disabled={code.replace(/\D/g, '').length !== 6}>
          {t('desk.finish')}
        </Button>
        <Button variant="subtle" onClick={again}>
          {t('pairing.again')}
        </Button>
      </Stack>
    </form>
  );
}
