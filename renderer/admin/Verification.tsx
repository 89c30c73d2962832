import { Button, Group, Loader } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SUBJECTS, type Subject, VERIFICATION_STATUSES, type VerificationStatus } from '../../domain/verification.ts';
import { useFormat } from '../format.ts';
import { StateBadge } from '../identity/StateBadge.tsx';
import { settingsNow, type VerificationFilter, type VerificationRow, verificationPages } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useUser } from '../services.ts';
import { type Column, DataTable, pagesOf } from '../ui/DataTable.tsx';
import { Filter } from '../ui/Filter.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { AskedDocuments } from './AskedDocuments.tsx';
import { ReportButtons } from './ReportButtons.tsx';
import { ReviewDialog } from './ReviewDialog.tsx';

/** Identity documents: who has handed in which, and what is asked for at all. */
export function Verification() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const user = useUser();
  const settings = useQuery(settingsNow(api)).data;
  const [status, setStatus] = useState('');
  const [subject, setSubject] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const filter: VerificationFilter = {
    ...(status ? { status: status as VerificationStatus } : {}),
    ...(subject ? { subject: subject as Subject } : {}),
  };
  const pages = pagesOf(useInfiniteQuery(verificationPages(api, filter)));
  const columns: Column<VerificationRow>[] = [
    { key: 'name', header: t('users.name'), cell: ({ name }) => name },
    { key: 'subject', header: t('verification.subject'), cell: (row) => t(`verification.subject_${row.subject}`) },
    { key: 'state', header: t('users.state'), cell: ({ state }) => <StateBadge state={state} /> },
    {
      key: 'submitted',
      header: t('verification.submitted'),
      cell: ({ submittedAt }) => (submittedAt ? format.moment(submittedAt) : '–'),
      minor: true,
    },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: ({ id, name }) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${t('verification.look')} ${name}`}
          onClick={() => setOpen(id)}
        >
          {t('verification.look')}
        </Button>
      ),
    },
  ];
  return (
    <Page title={t('admin.tab.verification')}>
      <Panel
        title={t('verification.handedIn')}
        actions={
          <ReportButtons about={t('verification.handedIn')} ask={(wanted) => api.reports.verification(wanted)} />
        }
      >
        <Group mb="sm">
          <Filter
            label={t('users.state')}
            value={status}
            change={setStatus}
            options={VERIFICATION_STATUSES.map((one) => ({ value: one, label: t(`verification.status_${one}`) }))}
          />
          <Filter
            label={t('verification.subject')}
            value={subject}
            change={setSubject}
            options={SUBJECTS.map((one) => ({ value: one, label: t(`verification.subject_${one}`) }))}
          />
        </Group>
        <DataTable
          label={t('verification.handedIn')}
          columns={columns}
          rows={pages.rows}
          rowKey={({ id }) => id}
          empty={t('verification.nobody')}
          more={pages.more}
          error={pages.error}
        />
      </Panel>
      {mayAsk(user, 'settings.updateDocuments') && (
        <Panel title={t('verification.asked')}>
          {settings ? (
            <AskedDocuments key={settings.version} settings={settings} />
          ) : (
            <Loader size="sm" aria-label={t('common.loading')} />
          )}
        </Panel>
      )}
      {open && <ReviewDialog id={open} close={() => setOpen(null)} />}
    </Page>
  );
}
