import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { adminTabsOf } from '../admin/tabs.ts';
import { isolate } from '../format.ts';
import { useOwnDesk } from '../own-desk.ts';
import { patientPlaceOf, placesOf } from '../places.ts';
import { boardList, patientSearch } from '../queries.ts';
import { useApi, useUser } from '../services.ts';
import { holdKeys, takeHeldKeys } from '../ui/keys-ahead.ts';

/** Opens it by its key: what is typed on is meant for it, and not for the screen below. */
export function openSearch(): void {
  holdKeys();
  spotlight.open();
}

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
  /** What is marked without anybody having marked it is not what Enter means: it may be of an earlier question. */
  const marked = useRef(false);
  const enterIsOurs = useRef(false);
  /** Enter was pressed before the answer came: it counts for that answer. */
  const hasty = useRef(false);
  const go = (to: string, search?: Record<string, string>) => () => {
    if (enterIsOurs.current) return;
    // The queue's letter may be pressed before the patient is there.
    if (to === '/reception' && search && search['patient'] !== shown) holdKeys();
    else takeHeldKeys();
    spotlight.close();
    void navigate({ to, ...(search ? { search } : {}) } as Parameters<typeof navigate>[0]);
  };
  const fits = ({ label }: SpotlightActionData) => String(label).toLowerCase().includes(typed.trim().toLowerCase());

  const places: SpotlightActionData[] = [
    ...placesOf(user).map(({ key, to }) => ({ id: to, label: t(`place.${key}`), onClick: go(to) })),
    ...(paired ? [{ id: '/desk', label: t('place.desk'), onClick: go('/desk') }] : []),
    ...adminTabsOf(user).map(({ key, to }) => ({
      id: to,
      label: `${t('place.admin')}: ${t(`admin.tab.${key}`)}`,
      onClick: go(to),
    })),
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
          onClick: go(target, { patient: patient.id }),
        }));

  const answered =
    q === typed.trim() && !found.isPlaceholderData && (found.isSuccess || found.isError || q.length < 2 || !target);
  function takeFirst(): void {
    const first = [...places, ...patients][0]?.onClick as (() => void) | undefined;
    hasty.current = places.length === 0 && !answered;
    if (hasty.current) holdKeys();
    else if (first) first();
    else takeHeldKeys();
  }
  useEffect(() => {
    if (hasty.current && answered) takeFirst();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') marked.current = true;
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || marked.current) return;
    takeFirst();
    // The library presses what it has marked, right after this.
    enterIsOurs.current = true;
    queueMicrotask(() => {
      enterIsOurs.current = false;
    });
  };
  const ask = (text: string) => {
    marked.current = false;
    if (hasty.current) takeHeldKeys();
    hasty.current = false;
    setTyped(text);
  };

  /** It is open: takes what was typed meanwhile, and an Enter with what comes after it. */
  const onFocus = () => {
    const keys = takeHeldKeys();
    const enter = keys.indexOf('Enter');
    const letters = (enter < 0 ? keys : keys.slice(0, enter)).join('');
    if (letters) ask(typed + letters);
    if (enter < 0) return;
    hasty.current = true;
    holdKeys(keys.slice(enter + 1));
  };

  return (
    <Spotlight
      actions={[
        { group: t('shell.places'), actions: places },
        { group: t('shell.patients'), actions: patients },
      ].filter(({ actions }) => actions.length > 0)}
      query={typed}
      onQueryChange={ask}
      filter={(_, actions) => actions}
      nothingFound={t('common.nothingFound')}
      limit={14}
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': t('shell.search') } }}
      shortcut={null}
      // What was chosen takes the focus, not what had it before.
      returnFocus={false}
      closeOnActionTrigger={false}
      // Gone at once: while it fades it would keep the keys from the screen below.
      transitionProps={{ duration: 0 }}
      searchProps={{ onKeyDown, onFocus, placeholder: t('shell.searchHint'), 'aria-label': t('shell.search') }}
    />
  );
}
