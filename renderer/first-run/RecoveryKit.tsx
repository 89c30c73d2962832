import { Alert, Button, Checkbox, CopyButton, Group, Paper, Stack, Text } from '@mantine/core';
import { IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../ui/download.ts';
import { Print } from '../ui/Print.tsx';

/** Shown once: without it, a lost computer is a lost clinic. So nobody goes on without saying that it is printed. */
export function RecoveryKit({ kit, clinic, done }: { kit: string; clinic: string; done: () => void }) {
  const { t } = useTranslation();
  const [printing, setPrinting] = useState(false);
  const [printed, setPrinted] = useState(false);
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Alert color="red" title={t('kit.title')}>
          {t('kit.text')}
        </Alert>
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
        <Checkbox
          label={t('kit.printed')}
          checked={printed}
          onChange={(event) => setPrinted(event.currentTarget.checked)}
        />
        <Button size="md" disabled={!printed} onClick={done}>
          {t('kit.go')}
        </Button>
      </Stack>
      {printing && (
        <Print done={() => setPrinting(false)}>
          <Text fw={700}>{clinic}</Text>
          <Text>{t('kit.title')}</Text>
          <p>{t('kit.text')}</p>
          <pre className="kit">{kit}</pre>
        </Print>
      )}
    </Paper>
  );
}
