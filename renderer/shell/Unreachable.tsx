import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';
import { Away } from './Away.tsx';
import { DeskTrouble } from './DeskTrouble.tsx';

/** The server does not answer: what that means, and what to look at. It is tried again all the while. */
export function Unreachable() {
  const { t } = useTranslation();
  const { bridge } = useServices().connection;
  if (bridge) return <DeskTrouble bridge={bridge} />;
  return <Away title={t('link.unreachable')} hint={t('link.unreachableHint')} />;
}
