import { IconPlugConnected, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { useServices } from '../services.ts';
import { useStore } from '../store.ts';

/** How the connection is, always, in plain words: and what has not been saved yet. */
export function LinkState() {
  const { t } = useTranslation();
  const format = useFormat();
  const { live, sending } = useServices();
  const link = useStore(live.link);
  const waiting = useStore(sending.count);
  const Icon =
    link.state === 'online' ? IconPlugConnected : link.state === 'connecting' ? IconRefresh : IconPlugConnectedX;
  const words =
    link.state !== 'offline'
      ? t(`link.${link.state}`)
      : link.restarting
        ? t('link.restarting')
        : t('link.offline', { time: format.time(link.since) });
  return (
    <span className="link" role="status" data-link={waiting > 0 ? 'waiting' : link.state}>
      <Icon size={16} className="link-dot" aria-hidden />
      {words}
      {waiting > 0 && ` ${t('link.unsaved', { count: waiting })}`}
    </span>
  );
}
