import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { type Patient, patientNotes, queueList, type VisitRow } from '../queries.ts';
import { useApi } from '../services.ts';
import { StateBadge } from '../ui/badges.tsx';

/** What came before: others' notes of this visit, and the last five visits with what was written about them. */
export function LastVisits({ row, record, userId }: { row: VisitRow; record: Patient; userId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const notes = useQuery(patientNotes(api, row.patientId)).data?.items ?? [];
  const queues = useQuery(queueList(api)).data?.items ?? [];
  const written = (visitId: string) =>
    notes
      .filter((note) => note.visitId === visitId && note.text && !(visitId === row.id && note.authorId === userId))
      .map((note) => (
        <Text key={note.id} size="sm" dir="auto" className="written">
          {note.text}
          <Text component="span" size="xs" c="dimmed" className="nowrap">
            {' '}
            — {note.author}, {format.time(note.createdAt)}
          </Text>
        </Text>
      ));
  const before = record.lastVisits.filter(({ id }) => id !== row.id);
  return (
    <section aria-label={t('doctor.lastVisits')} className="history">
      {written(row.id)}
      <Title order={3}>{t('doctor.lastVisits')}</Title>
      {before.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('doctor.firstVisit')}
        </Text>
      )}
      <ol className="plain-list">
        {before.map((visit) => (
          <li key={visit.id}>
            <Text size="sm">
              <b>{format.day(visit.day)}</b> · {queues.find(({ id }) => id === visit.queueId)?.name ?? ''}{' '}
              {visit.state !== 'done' && <StateBadge state={visit.state} />}
            </Text>
            {visit.reason && (
              <Text size="sm" dir="auto">
                {visit.reason}
              </Text>
            )}
            {written(visit.id)}
          </li>
        ))}
      </ol>
    </section>
  );
}
