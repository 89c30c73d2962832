import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog.tsx';

/** Shown once: what opens the account when the telephone is lost. */
export function RecoveryCodes({ codes, close }: { codes: readonly string[]; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('factor.codesTitle')} close={close}>
      <Stack>
        <Text size="sm">{t('factor.codesText')}</Text>
        <ul className="recovery-codes" dir="ltr">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Group justify="flex-end">
          <Button data-autofocus onClick={close}>
            {t('factor.codesKept')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
