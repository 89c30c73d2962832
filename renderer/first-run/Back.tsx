import { Button, Group } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export function Back({ back }: { back: () => void }) {
  const { t } = useTranslation();
  const arrow = (
    <span className="flip">
      <IconArrowLeft size={16} aria-hidden />
    </span>
  );
  return (
    <Group>
      <Button variant="subtle" leftSection={arrow} onClick={back}>
        {t('common.back')}
      </Button>
    </Group>
  );
}
