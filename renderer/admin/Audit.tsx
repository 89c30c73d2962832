import { Alert, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ERRORS } from '../../contract/errors.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { type AuditEntry, type AuditFilter, auditPages, checkpoints, userPages } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useServices, useUser } from '../services.ts';
import { useStore } from '../store.ts';
import { type Column, DataTable, pagesOf } from '../ui/DataTable.tsx';
import { showDone, showError } from '../ui/errors.tsx';
import { JobProgress, Progressing, useJob } from '../ui/JobProgress.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { AuditDetail } from './AuditDetail.tsx';
import { Counts } from './Counts.tsx';

/** The instant at which a day begins, or the next one does, on this computer's clock. */
const instant = (day: string, end = false) => new Date(`${day}T${end ? '23:59:59.999' : '00:00:00.000'}`).toISOString();

/** Who did what: find it, see what changed, prove that nothing is missing, take it away as one file. */
export function Audit() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const [typed, setTyped] = useState({ from: '', to: '', actorId: '', action: '', outcome: '' });
  const [filters] = useDebouncedValue(typed, 250);
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const { auditExport } = useServices();
  const saving = useStore(auditExport.now);
  const user = useUser();
  const people = useInfiniteQuery({ ...userPages(api), enabled: mayAsk(user, 'users.list') });
  const users = pagesOf(people).rows ?? [];
  const job = useJob(jobId);
  const verify = useCommand(api.audit.verify, { onDone: ({ id }) => setJobId(id) });

  const filter: AuditFilter = {
    ...(filters.from ? { from: instant(filters.from) } : {}),
    ...(filters.to ? { to: instant(filters.to, true) } : {}),
    ...(filters.actorId ? { actorId: filters.actorId } : {}),
    ...(filters.action ? { action: [filters.action] } : {}),
    ...(filters.outcome ? { outcome: filters.outcome } : {}),
  };
  const entries = pagesOf(useInfiniteQuery(auditPages(api, filter)));
  const field = (name: keyof typeof typed) => ({
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  const save = (kind: 'csv' | 'json') => {
    const range = { ...(typed.from ? { from: typed.from } : {}), ...(typed.to ? { to: typed.to } : {}) };
    void auditExport.start({ format: kind, ...range }).then((outcome) => {
      if (outcome === 'saved') showDone(t('audit.exportSaved'));
      if (outcome === 'stopped') showDone(t('audit.exportStopped'));
    }, showError);
  };

  const columns: Column<AuditEntry>[] = [
    { key: 'seq', header: t('audit.seq'), end: true, cell: ({ seq }) => format.number(seq) },
    { key: 'at', header: t('audit.at'), cell: ({ at }) => format.moment(at) },
    { key: 'actor', header: t('audit.actor'), cell: ({ actor }) => <bdi>{actor}</bdi> },
    { key: 'action', header: t('audit.action'), cell: ({ action }) => <span className="mono">{action}</span> },
    { key: 'outcome', header: t('audit.outcome'), cell: ({ outcome }) => <span className="mono">{outcome}</span> },
    {
      key: 'resource',
      header: t('audit.resource'),
      cell: ({ resource }) => <span className="mono">{resource ?? '–'}</span>,
      minor: true,
    },
    {
      key: 'detail',
      header: t('common.actions'),
      end: true,
      cell: (entry) => (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setOpened(entry)}
          aria-label={`${t('audit.details')} ${entry.seq}`}
        >
          {t('audit.details')}
        </Button>
      ),
    },
  ];

  return (
    <Page
      title={t('admin.tab.audit')}
      actions={
        <>
          {mayAsk(user, 'audit.verify') && (
            <Button
              leftSection={<IconShieldCheck size={16} aria-hidden />}
              loading={verify.busy || job?.state === 'running'}
              onClick={() => void verify.run({})}
            >
              {t('audit.verify')}
            </Button>
          )}
          {(['csv', 'json'] as const).map((kind) => (
            <Button
              key={kind}
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              loading={saving !== null}
              onClick={() => save(kind)}
            >
              {t(`audit.${kind}`)}
            </Button>
          ))}
        </>
      }
    >
      {saving && <Progressing {...saving} label={t('audit.exporting')} stop={auditExport.stop} />}
      {job && (
        <JobProgress job={job}>
          {job.state === 'done' && !job.problem && (
            <Text size="sm" c="var(--mantine-color-text)" mb="xs">
              {t(job.result?.whole === false ? 'audit.notWhole' : 'audit.complete')}
            </Text>
          )}
          <Counts result={job.result} />
        </JobProgress>
      )}
      <Panel>
        <Group mb="sm" align="flex-end">
          <TextInput type="date" label={t('audit.from')} {...field('from')} />
          <TextInput type="date" label={t('audit.to')} {...field('to')} />
          <NativeSelect
            label={t('audit.actor')}
            data={[
              { value: '', label: t('audit.everyone') },
              ...users.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            {...field('actorId')}
          />
          <TextInput label={t('audit.action')} placeholder="visits.issue" dir="ltr" {...field('action')} />
          <NativeSelect
            label={t('audit.outcome')}
            data={[{ value: '', label: t('audit.any') }, 'ok', ...Object.keys(ERRORS)]}
            {...field('outcome')}
          />
        </Group>
        <DataTable
          label={t('admin.tab.audit')}
          columns={columns}
          rows={entries.rows}
          rowKey={({ seq }) => String(seq)}
          empty={t('common.nothingFound')}
          more={entries.more}
          error={entries.error}
        />
      </Panel>
      <Checkpoints />
      {opened && <AuditDetail entry={opened} close={() => setOpened(null)} />}
    </Page>
  );
}

function Checkpoints() {
  const { t } = useTranslation();
  const format = useFormat();
  const answer = useQuery(checkpoints(useApi()));
  type Row = NonNullable<typeof answer.data>['items'][number];
  const columns: Column<Row>[] = [
    { key: 'seq', header: t('audit.seq'), end: true, cell: ({ seq }) => format.number(seq) },
    { key: 'at', header: t('audit.at'), cell: ({ at }) => format.moment(at) },
    { key: 'hash', header: t('audit.hash'), cell: ({ hash }) => <span className="mono">{hash}</span> },
  ];
  return (
    <Panel title={t('audit.checkpoints')}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('audit.checkpointsText')}
      </Text>
      {answer.data && (
        <Alert color="lane" title={t('audit.publicKey')} mb="xs">
          <span className="mono">{answer.data.publicKey}</span>
        </Alert>
      )}
      <DataTable
        label={t('audit.checkpoints')}
        columns={columns}
        rows={answer.data?.items}
        rowKey={({ seq }) => String(seq)}
        empty={t('audit.noCheckpoints')}
        error={answer.isError}
      />
    </Panel>
  );
}
