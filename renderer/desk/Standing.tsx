import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconScale } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DesktopAnswer, DeskWork } from '../../contract/desktop.ts';
import type { Bridge } from '../api.ts';
import { askDesktop } from '../desktop.ts';
import { useFormat } from '../format.ts';
import { useOwnDesk } from '../own-desk.ts';
import { useServices } from '../services.ts';
import { useClockWords } from '../shell/clock-notice.tsx';
import { Search } from '../shell/DeskTrouble.tsx';
import { useLinkWords } from '../shell/LinkState.tsx';
import { useStore } from '../store.ts';
import { refusalText, showError } from '../ui/errors.tsx';
import { Fact, Facts, Panel } from '../ui/Page.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { WORK } from './work.ts';

type Proof = DesktopAnswer<'work.prove'>;

/** How it stands with the server, what this desk has of the clinic, and whether both know the same. */
export function Standing({ bridge, work }: { bridge: Bridge; work: DeskWork }) {
  const { t } = useTranslation();
  const format = useFormat();
  const desk = useOwnDesk();
  const link = useStore(useServices().live.link);
  const words = useLinkWords();
  const clock = useClockWords();
  const owed = work.items.some(({ state }) => state === 'waiting' || state === 'refused');
  const save = () => askDesktop(bridge, 'work.export', {}).catch(showError);
  return (
    <Panel title={t('work.how')}>
      <Stack>
        <Text fw={550}>{words}</Text>
        {link.state === 'offline' && <Text>{t(link.alone ? 'work.goOn' : 'work.notFilled')}</Text>}
        {work.trouble && <Warning>{refusalText({ code: work.trouble, facts: {} })}</Warning>}
        {work.lostAt && <Warning>{t('work.lost', { time: format.moment(work.lostAt) })}</Warning>}
        {clock && <Warning>{clock}</Warning>}
        <Facts>
          {desk && (
            <>
              <Fact name={t('work.clinic')}>{desk.clinic}</Fact>
              <Fact name={t('work.desk')}>
                <bdi>{desk.name}</bdi> (<bdi>{desk.code}</bdi>)
              </Fact>
            </>
          )}
          <Fact name={t('work.visits')}>{format.number(work.visits)}</Fact>
          <Fact name={t('work.patients')}>{format.number(work.patients)}</Fact>
          <Fact name={t('work.readAt')}>{work.readAt ? format.moment(work.readAt) : t('work.never')}</Fact>
        </Facts>
        <Compare bridge={bridge} />
        {owed && (
          <div>
            <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
              {t('work.export')}
            </Button>
            <Text size="sm" c="dimmed" mt={4}>
              {t('work.exportHint')}
            </Text>
          </div>
        )}
        {link.state === 'offline' && (
          <section>
            <Title order={3} mb="xs">
              {t('work.find')}
            </Title>
            <Stack maw="34rem">
              <Search bridge={bridge} />
            </Stack>
          </section>
        )}
      </Stack>
    </Panel>
  );
}

function Warning({ children }: { children: string }) {
  return (
    <Alert color="yellow" py="xs">
      <Text size="sm" c="var(--mantine-color-text)">
        {children}
      </Text>
    </Alert>
  );
}

/** Whether this desk and the server know the same visits of today. */
function Compare({ bridge }: { bridge: Bridge }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [proof, setProof] = useState<Proof | null>(null);
  const [busy, setBusy] = useState(false);
  const compare = async () => {
    setBusy(true);
    setProof(null);
    await askDesktop(bridge, 'work.prove', {}).then(setProof, showError);
    setBusy(false);
    void client.invalidateQueries({ queryKey: WORK });
  };
  const told =
    proof &&
    `${t('work.counted', { here: format.number(proof.here.count), server: format.number(proof.server.count) })} ${t(proof.same ? 'work.same' : 'work.notSame')}`;
  return (
    <Group>
      <ServerButton
        variant="default"
        leftSection={<IconScale size={16} aria-hidden />}
        loading={busy}
        onClick={() => void compare()}
      >
        {t('work.compare')}
      </ServerButton>
      <Text role="status" fw={550} {...(proof && !proof.same ? { c: 'var(--gone)' } : {})}>
        {told}
      </Text>
    </Group>
  );
}
