import { notifications } from '@mantine/notifications';
import { IconClockExclamation } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { useServices } from '../services.ts';
import { useStore } from '../store.ts';

/** From how much on (ms) it is said that this computer's clock is wrong. */
const WRONG = 60_000;

/** By how many minutes this computer's clock is wrong; null when it is right, or nobody knows. */
export function useClockWords(): string | null {
  const { t } = useTranslation();
  const format = useFormat();
  const link = useStore(useServices().live.link);
  const skew = link.state === 'connecting' ? 0 : link.skew;
  if (Math.abs(skew) <= WRONG) return null;
  return t(skew > 0 ? 'link.clockFast' : 'link.clockSlow', { by: format.duration(Math.abs(skew)) });
}

let told = false;

/** Says it once; from then on it stands on the desk's own place. */
export function useClockNotice(): void {
  const { t } = useTranslation();
  const words = useClockWords();
  useEffect(() => {
    if (words === null || told) return;
    told = true;
    notifications.show({
      id: 'clock',
      role: 'alert',
      color: 'yellow',
      icon: <IconClockExclamation size={18} aria-hidden />,
      message: words,
      autoClose: false,
      closeButtonProps: { 'aria-label': t('common.close') },
    });
  }, [words, t]);
}
