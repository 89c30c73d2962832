import { ActionIcon, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useMatches } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { io } from 'socket.io-client';
import { useNow } from '../clock.ts';
import iconUrl from '../icon.svg';
import { mayEnter, PLACES } from '../places.ts';
import { PrintNotes } from '../printing/PrintNotes.tsx';
import { usePrefer, usePreferences } from '../profile.ts';
import { settingsNow } from '../queries.ts';
import { useApi, useServices, useUser } from '../services.ts';
import { useStore } from '../store.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { Page } from '../ui/Page.tsx';
import { ShortcutHelp, setSingleKeys, useShortcuts } from '../ui/shortcuts.tsx';
import { useClockNotice } from './clock-notice.tsx';
import { LinkState } from './LinkState.tsx';
import { LockScreen } from './LockScreen.tsx';
import { Places } from './Places.tsx';
import { openSearch, Search } from './Search.tsx';
import { UserMenu } from './UserMenu.tsx';

const StepUp = lazy(async () => ({ default: (await import('./StepUp.tsx')).StepUp }));

/** The frame of every staff screen: where one is, where one can go, how the connection is, who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const { live, connection } = useServices();
  const proving = useStore(connection.proving);
  const user = useUser();
  const main = useRef<HTMLElement>(null);
  const [help, { open, close }] = useDisclosure();
  // The place that is on the screen, not the one on its way: on the way out of a forbidden place it stays forbidden.
  const path = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '/' });
  const place = PLACES.find(({ to }) => path.startsWith(to));
  // What was granted for a time begins and ends by itself.
  useNow(60_000);
  const allowed = !place || mayEnter(user, place);
  useEffect(() => live.start(io), [live]);
  usePreferences();
  const prefer = usePrefer();
  const changeKeys = (singleKeys: boolean) => {
    setSingleKeys(singleKeys);
    void prefer({ singleKeys });
  };
  const locked = useIdleLock();
  useClockNotice();
  useShortcuts([
    { keys: 'ctrl+k', label: t('shell.search'), run: openSearch, inFields: true },
    { keys: '?', label: t('help.title'), run: open },
  ]);

  return (
    <div className="shell">
      <header className="shell-header">
        {/* biome-ignore lint/a11y/useValidAnchor: it is a link to a part of the page; the address itself belongs to the router */}
        <a
          className="skip"
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            main.current?.focus();
          }}
        >
          {t('shell.skip')}
        </a>
        <span className="shell-brand">
          <img src={iconUrl} alt="" />
          <span className="shell-name">Medlane</span>
        </span>
        <nav aria-label={t('shell.places')}>
          <Places />
        </nav>
        <span className="shell-fill" />
        <LinkState />
        <Tooltip label={`${t('shell.search')} (Ctrl K)`}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.search')} onClick={spotlight.open}>
            <IconSearch size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`${t('help.title')} (?)`}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('help.title')} onClick={open}>
            <IconKeyboard size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <UserMenu />
      </header>
      <main id="main" className="shell-main" ref={main} tabIndex={-1}>
        <ErrorBoundary>{allowed ? <Outlet /> : <Page title={t('errors.forbidden')}>{null}</Page>}</ErrorBoundary>
      </main>
      {locked && <LockScreen />}
      <Search />
      <PrintNotes />
      {proving && (
        <Suspense>
          <StepUp answer={proving} />
        </Suspense>
      )}
      {help && <ShortcutHelp change={changeKeys} close={close} />}
    </div>
  );
}

/** Hides the screen when nobody was there for as long as the clinic says. */
function useIdleLock(): boolean {
  const { connection, lock } = useServices();
  const minutes = useQuery(settingsNow(useApi())).data?.idleLockMinutes;
  useEffect(() => {
    if (minutes === undefined) return;
    if (!connection.bridge) return lock.watch(minutes);
    void connection.bridge.call('desktop.idle', { minutes }, {});
    return undefined;
  }, [minutes, connection, lock]);
  return useStore(lock.on);
}
