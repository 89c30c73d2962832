import { notificationsStore, useNotifications } from '@mantine/notifications';
import { lazy, Suspense } from 'react';

const Shown = lazy(async () => ({ default: (await import('./notice-list.ts')).Notifications }));

/** What was done and what went wrong, in the corner. Loaded for whoever signed in, and not before anything is to be said. */
export function Notices({ signedIn }: { signedIn: boolean }) {
  const { notifications } = useNotifications(notificationsStore);
  return <Suspense>{(signedIn || notifications.length > 0) && <Shown position="bottom-right" limit={4} />}</Suspense>;
}
