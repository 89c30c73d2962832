import { Button, Group } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SIGN_IN_OUTCOMES, type SignInOutcome, SUSPICIOUS } from '../../domain/sign-in-risk.ts';
import { SignInTable } from '../account/SignInTable.tsx';
import { useCommand } from '../commands.ts';
import { type SignInFilter, signInPages, userPages } from '../queries.ts';
import { useApi } from '../services.ts';
import { pagesOf } from '../ui/DataTable.tsx';
import { saveDownload } from '../ui/download.ts';
import { Filter } from '../ui/Filter.tsx';
import { Panel } from '../ui/Page.tsx';
import { ReportButtons } from './ReportButtons.tsx';

/** Everybody's sign-ins, and tries at them. */
export function SignInActivity() {
  const { t } = useTranslation();
  const api = useApi();
  const [outcome, setOutcome] = useState('');
  const [userId, setUserId] = useState('');
  const [unusual, setUnusual] = useState('');
  const users = pagesOf(useInfiniteQuery(userPages(api))).rows ?? [];
  const filter: SignInFilter = {
    ...(outcome ? { outcome: outcome as SignInOutcome } : {}),
    ...(userId ? { userId } : {}),
    ...(unusual ? { minRisk: SUSPICIOUS } : {}),
  };
  const pages = pagesOf(useInfiniteQuery(signInPages(api, filter)));
  const save = useCommand(api.signIns.export, { onDone: (file) => void saveDownload(file) });
  return (
    <Panel
      title={t('signIns.title')}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={save.busy}
            onClick={() => void save.run(filter)}
          >
            {t('audit.csv')}
          </Button>
          <ReportButtons about={t('signIns.title')} ask={(wanted) => api.reports.signIns(wanted)} only="pdf" />
        </>
      }
    >
      <Group mb="sm">
        <Filter
          label={t('users.name')}
          value={userId}
          change={setUserId}
          any={t('audit.everyone')}
          options={users.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Filter
          label={t('audit.outcome')}
          value={outcome}
          change={setOutcome}
          options={SIGN_IN_OUTCOMES.map((one) => ({ value: one, label: t(`signIns.outcome_${one}`) }))}
        />
        <Filter
          label={t('signIns.risk')}
          value={unusual}
          change={setUnusual}
          options={[{ value: 'unusual', label: t('signIns.unusual') }]}
        />
      </Group>
      <SignInTable label={t('signIns.title')} rows={pages.rows} more={pages.more} error={pages.error} names />
    </Panel>
  );
}
