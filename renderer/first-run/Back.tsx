import { Button, Group } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export function Back({ back }: { back: () => void }) {
  const { t } = useTranslation();
  return (
    <Group>
      <Button variant="subtle" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={back}>
        {t('common.back')}
      </Button>
    </Group>
  );
}
