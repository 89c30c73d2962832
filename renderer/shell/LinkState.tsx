import { IconPlugConnected, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { useOwnDesk } from '../own-desk.ts';
import { useServices } from '../services.ts';
import { useStore } from '../store.ts';

/** How it stands with the server, in plain words. */
export function useLinkWords(): string {
  const { t } = useTranslation();
  const format = useFormat();
  const link = useStore(useServices().live.link);
  if (link.state === 'connecting') return t('link.connecting');
  if (link.state === 'offline') {
    if (link.restarting) return t('link.restarting');
    const words = t(link.alone ? 'link.alone' : 'link.offline', { time: format.time(link.since) });
    return link.unsent > 0 ? `${words} ${t('link.toHandOver', { count: link.unsent })}` : words;
  }
  if (link.filling !== null) return t('link.filling', { share: format.percent(link.filling) });
  return link.unsent > 0 ? t('link.sending', { count: link.unsent }) : t('link.online');
}

/** How the connection is, always; and what has not been saved yet. A paired desk tells more about itself on its own place. */
export function LinkState() {
  const { t } = useTranslation();
  const { live, sending } = useServices();
  const link = useStore(live.link);
  const waiting = useStore(sending.count);
  const paired = useOwnDesk() !== null;
  const words = useLinkWords();
  const Icon =
    link.state === 'online' ? IconPlugConnected : link.state === 'connecting' ? IconRefresh : IconPlugConnectedX;
  const said = (
    <>
      <Icon size={16} className="link-dot" aria-hidden />
      {words}
      {waiting > 0 && ` ${t('link.unsaved', { count: waiting })}`}
    </>
  );
  const alone = link.state === 'offline' && link.alone;
  return (
    <span className="link" role="status" data-link={waiting > 0 ? 'waiting' : alone ? 'alone' : link.state}>
      {paired ? (
        <Link to="/desk" title={t('place.desk')}>
          {said}
        </Link>
      ) : (
        said
      )}
    </span>
  );
}
