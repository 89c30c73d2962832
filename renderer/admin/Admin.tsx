import { Alert, Stack, Text } from '@mantine/core';
import { Link, Navigate, Outlet, useMatches } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useNeedsServer } from '../own-desk.ts';
import { useUser } from '../services.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { adminTabsOf } from './tabs.ts';

/** The administrator's part of the clinic: its pages, one link each. */
export function Admin() {
  const { t } = useTranslation();
  const alone = useNeedsServer();
  const tabs = adminTabsOf(useUser());
  const path = useMatches({ select: (matches) => matches.at(-1)?.pathname.replace(/\/$/, '') ?? '' });
  const first = tabs[0];
  if (first && !tabs.some(({ to }) => to === path)) return <Navigate to={first.to} replace />;
  return (
    <Stack>
      <nav className="tabs" aria-label={t('admin.pages')}>
        {tabs.map(({ key, to }) => (
          <Link key={key} to={to} className="place" activeOptions={{ exact: to === '/admin', includeSearch: false }}>
            {t(`admin.tab.${key}`)}
          </Link>
        ))}
      </nav>
      <div role="status">
        {alone && (
          <Alert color="yellow" py="xs">
            <Text size="sm" c="var(--mantine-color-text)">
              {t('admin.alone')}
            </Text>
          </Alert>
        )}
      </div>
      <ErrorBoundary>
        <Outlet />
      </ErrorBoundary>
    </Stack>
  );
}
