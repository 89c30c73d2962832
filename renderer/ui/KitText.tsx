import { Button, CopyButton, Group, Stack } from '@mantine/core';
import { IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setupState } from '../queries.ts';
import { useApi } from '../services.ts';
import { saveText } from './download.ts';
import { Print } from './Print.tsx';

/** The recovery kit, and the ways to take it away from this computer: paper first. */
export function KitText({ kit, clinic }: { kit: string; clinic?: string }) {
  const { t } = useTranslation();
  const known = useQuery(setupState(useApi())).data?.clinic;
  const [printing, setPrinting] = useState(false);
  return (
    <Stack>
      <div className="kit" data-testid="recovery-kit">
        {kit}
      </div>
      <Group gap="xs">
        <Button leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => setPrinting(true)}>
          {t('kit.print')}
        </Button>
        <CopyButton value={kit}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
              {copied ? t('kit.copied') : t('kit.copy')}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveText(kit, 'medlane-recovery-kit.txt')}
        >
          {t('kit.save')}
        </Button>
      </Group>
      {printing && (
        <Print done={() => setPrinting(false)}>
          <strong>{clinic ?? known}</strong>
          <p>{t('kit.heading')}</p>
          <p>{t('kit.text')}</p>
          <pre className="kit">{kit}</pre>
        </Print>
      )}
    </Stack>
  );
}
