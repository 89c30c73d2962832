import { Alert, Button, Checkbox, Paper, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KitText } from '../ui/KitText.tsx';

/** Shown once: without it, a lost computer is a lost clinic. So nobody goes on without saying that it is printed. */
export function RecoveryKit({ kit, clinic, done }: { kit: string; clinic: string; done: () => void }) {
  const { t } = useTranslation();
  const [printed, setPrinted] = useState(false);
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Alert color="red" title={t('kit.title')}>
          {t('kit.text')}
        </Alert>
        <KitText kit={kit} clinic={clinic} />
        <Checkbox
          label={t('kit.printed')}
          checked={printed}
          onChange={(event) => setPrinted(event.currentTarget.checked)}
        />
        <Button size="md" disabled={!printed} onClick={done}>
          {t('kit.go')}
        </Button>
      </Stack>
    </Paper>
  );
}
