import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isolate, useFormat } from '../format.ts';
import { patientPlaceOf } from '../places.ts';
import type { SheetLine } from '../queries.ts';
import { useUser } from '../services.ts';
import { Token } from '../ui/badges.tsx';
import { refusalText } from '../ui/errors.tsx';
import { Fact, Facts } from '../ui/Page.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { useDidWords } from '../visit/did.ts';

/** One thing to decide: what happened, when, by whom, to whom; what a person must find out; and how it was settled. */
export function Line({ line, settle }: { line: SheetLine; settle: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const didWords = useDidWords();
  const desk = isolate(line.station ? `${line.desk} (${line.station})` : line.desk);
  const facts = Object.fromEntries(
    Object.entries(line.facts).map(([name, value]) => [name, isolate(String(value ?? ''))]),
  );
  // Two records of one name are told apart by their numbers.
  const twins = line.kind === 'registered_twice';
  const token = line.token ?? line.facts['label'] ?? null;
  return (
    <Stack gap={6} component="article">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={3}>{t(`sheet.kind.${line.kind}`)}</Title>
          <Text>
            {t(`sheet.told.${line.kind}`, {
              ...facts,
              ...{ desk, what: didWords(line.operation), time: format.moment(line.madeAt) },
            })}
          </Text>
        </div>
        {line.settledAt === null && (
          <ServerButton size="xs" variant="default" onClick={settle}>
            {t('sheet.settle')}
          </ServerButton>
        )}
      </Group>
      <Facts>
        {token !== null && (
          <Fact name={t('visit.token')}>
            <Token of={String(token)} />
          </Fact>
        )}
        {line.patientId && (
          <Fact name={t('sheet.patient')}>
            <Person id={line.patientId} name={line.patient} number={twins ? facts['number'] : undefined} />
          </Fact>
        )}
        {line.otherPatientId && (
          <Fact name={t('sheet.otherPatient')}>
            <Person id={line.otherPatientId} name={line.otherPatient} number={twins ? facts['other'] : undefined} />
          </Fact>
        )}
        {line.kind !== 'work_lost' && (
          <Fact name={t('sheet.done')}>
            {t('sheet.doneBy', { time: format.moment(line.madeAt), by: isolate(line.by), desk })}
          </Fact>
        )}
        {line.refusal && line.kind !== 'second_token' && line.kind !== 'work_lost' && (
          <Fact name={t('sheet.why')}>{refusalText({ code: line.refusal, facts: line.facts })}</Fact>
        )}
      </Facts>
      {line.settledAt === null ? (
        <Text>
          <b>{t('sheet.decision')}:</b> {t(`sheet.decide.${line.kind}`)}
        </Text>
      ) : (
        <div>
          <Text size="sm" c="dimmed">
            {t('sheet.settledBy', { by: isolate(line.settledBy ?? ''), time: format.moment(line.settledAt) })}
          </Text>
          <Text className="written" dir="auto">
            {line.note}
          </Text>
        </div>
      )}
    </Stack>
  );
}

/** The patient’s record, for whoever has a place where it opens. */
function Person({ id, name, number }: { id: string; name: string | null; number: string | undefined }) {
  const { t } = useTranslation();
  const to = patientPlaceOf(useUser());
  const shown = (
    <>
      <bdi>{name || t('patient.unidentified')}</bdi>
      {number && ` · ${number}`}
    </>
  );
  if (!to) return shown;
  return (
    <Anchor component={Link} {...({ to, search: { patient: id } } as object)}>
      {shown}
    </Anchor>
  );
}
