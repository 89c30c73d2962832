import { Stack, Text, Title } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';
import { DeskTrouble } from './DeskTrouble.tsx';

/** The server does not answer: what that means, and what to look at. It is tried again all the while. */
export function Unreachable() {
  const { t } = useTranslation();
  const { bridge } = useServices().connection;
  return (
    <div className="center-page">
      <main>
        <Stack align="center" ta="center" gap="sm" role="status">
          <IconPlugConnectedX size={40} aria-hidden />
          <Title order={1}>{t('link.unreachable')}</Title>
          <Text maw="34rem">{t('link.unreachableHint')}</Text>
        </Stack>
        {bridge && (
          <Stack align="center" mt="lg">
            <DeskTrouble bridge={bridge} />
          </Stack>
        )}
      </main>
    </div>
  );
}
