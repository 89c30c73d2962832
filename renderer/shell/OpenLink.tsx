import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../contract/kit.ts';
import { CALLERS } from '../../domain/people.ts';
import type { Medlane, User } from '../api.ts';
import { hasRole, homeOf } from '../places.ts';
import { useApi, useUser } from '../services.ts';
import { errorText } from '../ui/errors.tsx';
import { Page, Panel } from '../ui/Page.tsx';

type Place = { to: string; search: Record<string, string> };
type Found = Place | 'gone' | 'noPlace';

/** Where a link from outside (`medlane://patient/07-31-004`) leads this person: behind the sign-in, and by their rights. */
export function OpenLink() {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const { kind, what } = useParams({ strict: false }) as { kind: string; what: string };
  const found = useQuery({
    queryKey: ['opened', kind, what],
    queryFn: () => placeOf(api, user, kind, what),
    gcTime: 0,
  });

  if (typeof found.data === 'object') return <Navigate {...(found.data as unknown as { to: '/' })} replace />;
  if (!found.data && !found.error) return <Page title={t('desktop.link.opening')}>{null}</Page>;
  return (
    <Page title={t('desktop.link.title')}>
      <Panel>
        <Stack gap="sm" align="flex-start">
          <Text role="status">{found.data ? t(`desktop.link.${found.data}`) : errorText(found.error)}</Text>
          <Anchor component={Link} to={homeOf(user)}>
            {t('desktop.link.home')}
          </Anchor>
        </Stack>
      </Panel>
    </Page>
  );
}

async function placeOf(api: Medlane, user: User, kind: string, what: string): Promise<Found> {
  const at = (to: string, search = {}): Place => ({ to, search });
  const record = (patient: string): Found => {
    if (hasRole(user, ['receptionist'])) return at('/reception', { patient });
    return hasRole(user, ['admin']) ? at('/admin/patients', { patient }) : 'noPlace';
  };
  try {
    if (kind === 'board') return at(`/board/${(await api.boards.get({ id: what })).id}`);
    if (kind === 'visit') {
      const { patient } = await api.visits.get({ id: what });
      return hasRole(user, CALLERS) ? at('/doctor') : record(patient.id);
    }
    const { items } = await api.patients.list({ q: what, limit: 10 });
    const patient = items.find(({ registrationNumber }) => registrationNumber === what);
    return patient ? record(patient.id) : 'gone';
  } catch (error) {
    if (error instanceof ApiError && (error.code === 'not_found' || error.code === 'forbidden')) return 'gone';
    throw error;
  }
}
