import { Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isAway } from '../api.ts';
import { after } from '../clock.ts';
import { homeOf } from '../places.ts';
import { setupState } from '../queries.ts';
import { useApi, useServices, useUser } from '../services.ts';
import { useStore } from '../store.ts';
import { Notices } from '../ui/Notices.tsx';
import { isOver, useDeskState } from './desk-state.ts';
import { Unreachable } from './Unreachable.tsx';

const FirstRun = lazy(async () => ({ default: (await import('../first-run/FirstRun.tsx')).FirstRun }));
const DeskTrouble = lazy(async () => ({ default: (await import('./DeskTrouble.tsx')).DeskTrouble }));
const SignIn = lazy(async () => ({ default: (await import('../sign-in/SignIn.tsx')).SignIn }));

/** What stands before every screen: a server, a clinic on it, and somebody signed in. The address stays what it was. */
function Door() {
  const { connection, live } = useServices();
  const setup = useQuery(setupState(useApi()));
  const session = useStore(connection.session);
  const setUp = setup.data?.setUp;
  const { bridge } = connection;
  const desk = useDeskState(bridge, useStore(live.link).state === 'offline');

  useEffect(() => {
    if (!setUp || session.status !== 'starting') return;
    let off: () => void = () => undefined;
    const attempt = () =>
      connection.resume().catch((error: unknown) => {
        if (isAway(error)) off = after(2000, attempt);
      });
    void attempt();
    return () => off();
  }, [setUp, session.status, connection]);

  if (setup.data && !setup.data.setUp)
    return (
      <Suspense fallback={<Waiting />}>
        <FirstRun state={setup.data} />
      </Suspense>
    );
  // Whoever works at a desk that was taken out learns why nothing goes on.
  if (bridge && desk && isOver(desk))
    return (
      <Suspense fallback={<Waiting />}>
        <DeskTrouble bridge={bridge} />
      </Suspense>
    );
  if (session.status === 'in')
    return (
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
    );
  if (!setup.data) return setup.failureCount > 0 ? <Unreachable /> : <Waiting />;
  if (session.status === 'starting') return <Waiting />;
  return (
    <Suspense fallback={<Waiting />}>
      <SignIn setup={setup.data} ended={session.ended} />
    </Suspense>
  );
}

/** Every page of the program, and what is said in its corner. */
export function Gate() {
  const session = useStore(useServices().connection.session);
  return (
    <>
      <Notices signedIn={session.status === 'in'} />
      <Door />
    </>
  );
}

export const Home = () => <Navigate to={homeOf(useUser())} replace />;

function Waiting() {
  const { t } = useTranslation();
  return (
    <Center mih="100dvh">
      <Loader aria-label={t('common.loading')} />
    </Center>
  );
}
