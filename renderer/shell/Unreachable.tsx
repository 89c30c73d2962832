import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';
import { Away } from './Away.tsx';

// The desktop has its pages on its own disk: this one comes also when nothing else does.
const DeskTrouble = lazy(async () => ({ default: (await import('./DeskTrouble.tsx')).DeskTrouble }));

/** The server does not answer: what that means, and what to look at. It is tried again all the while. */
export function Unreachable() {
  const { t } = useTranslation();
  const { bridge } = useServices().connection;
  const away = <Away title={t('link.unreachable')} hint={t('link.unreachableHint')} />;
  if (!bridge) return away;
  return (
    <Suspense fallback={away}>
      <DeskTrouble bridge={bridge} />
    </Suspense>
  );
}
