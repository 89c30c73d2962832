import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ADMIN_TABS } from '../admin/tabs.ts';
import { isolate } from '../format.ts';
import { useOwnDesk } from '../own-desk.ts';
import { hasRole, patientPlaceOf, placesOf } from '../places.ts';
import { boardList, patientSearch } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { holdKeys } from '../ui/keys-ahead.ts';

/** Ctrl-K: every place, every board, every patient, from the keyboard. */
export function Search() {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 80);
  const found = useQuery(patientSearch(api, q));
  const boards = useQuery(boardList(api));
  const paired = useOwnDesk() !== null;
  const { patient: shown } = useSearch({ strict: false }) as { patient?: string };
  const go = (to: string, search?: Record<string, string>) => () =>
    void navigate({ to, ...(search ? { search } : {}) } as Parameters<typeof navigate>[0]);
  const fits = ({ label }: SpotlightActionData) => String(label).toLowerCase().includes(typed.trim().toLowerCase());

  const places: SpotlightActionData[] = [
    ...placesOf(user).map(({ key, to }) => ({ id: to, label: t(`place.${key}`), onClick: go(to) })),
    ...(paired ? [{ id: '/desk', label: t('place.desk'), onClick: go('/desk') }] : []),
    ...(hasRole(user, ['admin'])
      ? ADMIN_TABS.map(({ key, to }) => ({
          id: to,
          label: `${t('place.admin')}: ${t(`admin.tab.${key}`)}`,
          onClick: go(to),
        }))
      : []),
    ...(boards.data?.items ?? []).map(({ id, name }) => ({
      id,
      label: `${t('place.board')}: ${name}`,
      onClick: go(`/board/${id}`),
    })),
  ].filter(fits);
  const target = patientPlaceOf(user);
  const patients: SpotlightActionData[] =
    q.length < 2 || !target
      ? []
      : (found.data?.items ?? []).map((patient) => ({
          id: `patient-${patient.id}`,
          label: patient.name || t('patient.unidentified'),
          description: [patient.registrationNumber, patient.phone]
            .filter((fact) => fact !== null)
            .map(isolate)
            .join(' · '),
          onClick: () => {
            // The queue's letter may be pressed before the patient is there.
            if (target === '/reception' && shown !== patient.id) holdKeys();
            go(target, { patient: patient.id })();
          },
        }));

  // What came from the server after the last key is not marked yet: Enter takes the first all the same.
  const takeFirst = (event: KeyboardEvent) => {
    const first = [...places, ...patients][0];
    if (event.key !== 'Enter' || !first || document.querySelector('.mantine-Spotlight-action[data-selected]')) return;
    spotlight.close();
    (first.onClick as () => void)();
  };

  return (
    <Spotlight
      actions={[
        { group: t('shell.places'), actions: places },
        { group: t('shell.patients'), actions: patients },
      ].filter(({ actions }) => actions.length > 0)}
      query={typed}
      onQueryChange={setTyped}
      filter={(_, actions) => actions}
      nothingFound={t('common.nothingFound')}
      limit={14}
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': t('shell.search') } }}
      shortcut={null}
      // What was chosen takes the focus, not what had it before.
      returnFocus={false}
      // Gone at once: while it fades it would keep the keys from the screen below.
      transitionProps={{ duration: 0 }}
      searchProps={{ onKeyDown: takeFirst, placeholder: t('shell.searchHint'), 'aria-label': t('shell.search') }}
    />
  );
}
