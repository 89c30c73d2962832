import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ownSignIns } from '../queries.ts';
import { useApi } from '../services.ts';
import { pagesOf } from '../ui/DataTable.tsx';
import { Panel } from '../ui/Page.tsx';
import { SignInTable } from './SignInTable.tsx';

/** One's own sign-ins: whoever reads them sees it first when somebody else was there. */
export function SignIns() {
  const { t } = useTranslation();
  const pages = pagesOf(useInfiniteQuery(ownSignIns(useApi())));
  return (
    <Panel title={t('signIns.own')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('signIns.ownText')}
      </Text>
      <SignInTable label={t('signIns.own')} rows={pages.rows} more={pages.more} error={pages.error} />
    </Panel>
  );
}
