import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus, IconUserQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PatientFacts, usePatientName } from '../patient/PatientLine.tsx';
import { patientSearch } from '../queries.ts';
import { useApi } from '../services.ts';
import { Token } from '../ui/badges.tsx';
import { errorText } from '../ui/errors.tsx';
import { holdKeys, takeHeldKeys } from '../ui/keys-ahead.ts';
import { Panel } from '../ui/Page.tsx';
import { Keys } from '../ui/shortcuts.tsx';

const lettersOf = (keys: readonly string[]) => keys.filter((key) => key.length === 1).join('');

type Props = { pick: (patientId: string) => void; add: (typed: string) => void; unidentified: () => void };

/** The search box the day begins in: two letters, arrow keys, Enter. Results of before stay until the new ones are there. */
export function PatientSearch({ pick, add, unidentified }: Props) {
  const { t } = useTranslation();
  const nameOf = usePatientName();
  const listId = useId();
  const [typed, setTyped] = useState('');
  // Asks at once; only what comes faster than fingers (a scanner, a held key) is gathered.
  const [q] = useDebouncedValue(typed.trim(), 40, { leading: true });
  const [active, setActive] = useState(0);
  const [hasty, setHasty] = useState(false);
  /** What is pressed after a hasty Enter is held for the answer; after that it is the next screen's, which takes it. */
  const holding = useRef(false);
  const found = useQuery(patientSearch(useApi(), q));
  const asking = [...typed.trim()].length >= 2;
  const people = asking ? (found.data?.items ?? []) : [];
  /** Before the first answer there is nothing to choose: it would be gone again under the hand that reaches for it. */
  const answered = asking && (found.data !== undefined || found.isError);
  const current = q === typed.trim() && found.isSuccess && !found.isPlaceholderData && !found.isFetching;
  const last = people.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its first answer
  useEffect(() => setActive(0), [q]);

  const choose = (index: number) => {
    const patient = people[index];
    if (!patient) return add(typed.trim());
    holdKeys();
    holding.current = false;
    pick(patient.id);
  };
  // Enter pressed before the answer came counts for that answer.
  useEffect(() => {
    if (!hasty || !(current || found.isError)) return;
    setHasty(false);
    if (current && people[0]) choose(0);
    else setTyped(typed + lettersOf(takeHeldKeys()));
  });
  useEffect(() => () => void (holding.current && takeHeldKeys()), []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') setTyped('');
    if (!asking || event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setActive((before) => (before + step + last + 1) % (last + 1));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (current || active > 0) choose(active);
      else {
        setHasty(true);
        holding.current = true;
        holdKeys();
      }
    }
  }

  const optionId = (index: number) => `${listId}-${index}`;
  const count = current && asking ? t('reception.found', { count: people.length }) : '';
  return (
    <Panel>
      <TextInput
        label={t('reception.search')}
        placeholder={t('reception.searchHint')}
        size="md"
        leftSection={<IconSearch size={18} aria-hidden />}
        value={typed}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        role="combobox"
        aria-expanded={answered}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={answered ? optionId(active) : undefined}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setHasty(false);
          takeHeldKeys();
        }}
        onKeyDown={onKeyDown}
      />
      <div className="visually-hidden" role="status">
        {count}
      </div>
      <div id={listId} role="listbox" aria-label={t('reception.results')} className="options" hidden={!answered}>
        {people.map((patient, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
          <div
            key={patient.id}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={active === index}
            className="option"
            onClick={() => pick(patient.id)}
          >
            <span className="option-name">{nameOf(patient)}</span>
            {patient.openToken && <Token of={patient.openToken} />}
            <PatientFacts patient={patient} size="sm" />
          </div>
        ))}
        {answered && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
          <div
            id={optionId(last)}
            role="option"
            tabIndex={-1}
            aria-selected={active === last}
            className="option"
            onClick={() => add(typed.trim())}
          >
            <Group gap="xs">
              <IconUserPlus size={18} aria-hidden />
              <span>{t('reception.addTyped', { name: typed.trim() })}</span>
            </Group>
          </div>
        )}
      </div>
      {asking && found.isError && (
        <Text c="var(--mantine-color-error)" size="sm" mt="xs" role="alert">
          {errorText(found.error)}
        </Text>
      )}
      {asking && current && found.isSuccess && people.length === 0 && (
        <Text c="dimmed" size="sm" mt="xs">
          {t('reception.nobody')}
        </Text>
      )}
      <Group mt="md" gap="xs">
        <Button
          variant="default"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={() => add(typed.trim())}
        >
          {t('reception.newPatient')}
          <Keys of="alt+n" />
        </Button>
        <Button variant="default" leftSection={<IconUserQuestion size={16} aria-hidden />} onClick={unidentified}>
          {t('reception.unidentified')}
          <Keys of="ctrl+u" />
        </Button>
      </Group>
    </Panel>
  );
}
