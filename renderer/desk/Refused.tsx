import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DeskItem } from '../../contract/desktop.ts';
import type { Bridge } from '../api.ts';
import { askDesktop } from '../desktop.ts';
import { useFormat } from '../format.ts';
import { Token } from '../ui/badges.tsx';
import { refusalText, showError } from '../ui/errors.tsx';
import { Panel } from '../ui/Page.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { useDidWords } from '../visit/did.ts';
import { WORK } from './work.ts';

/** What was shown as done and the server did not take: each with the reason, and what a person can do about it. */
export function Refused({ bridge, items }: { bridge: Bridge; items: readonly DeskItem[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const didWords = useDidWords();
  if (items.length === 0) return null;
  const settle = (name: 'work.again' | 'work.setAside', n: number) =>
    void askDesktop(bridge, name, { n }).then((work) => client.setQueryData(WORK, work), showError);
  return (
    <Panel title={t('work.refused')}>
      <Text size="sm" mb="xs">
        {t('work.refusedHint')}
      </Text>
      <ul className="plain-list rows">
        {items.map(({ n, operation, label, by, madeAt, refusal }) => (
          <li key={n}>
            <Group justify="space-between" align="flex-start">
              <div>
                <Text fw={550}>
                  {didWords(operation)} {label && <Token of={label} />}
                </Text>
                <Text size="sm" c="dimmed">
                  {format.moment(madeAt)} · <bdi>{by}</bdi>
                </Text>
                {refusal && <Text>{refusalText(refusal)}</Text>}
              </div>
              <Group gap="xs" wrap="nowrap">
                <ServerButton
                  size="xs"
                  onClick={() => settle('work.again', n)}
                  aria-label={`${t('work.again')} ${label ?? didWords(operation)}`}
                >
                  {t('work.again')}
                </ServerButton>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => settle('work.setAside', n)}
                  aria-label={`${t('work.setAside')} ${label ?? didWords(operation)}`}
                >
                  {t('work.setAside')}
                </Button>
              </Group>
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
