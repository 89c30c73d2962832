import { Loader, SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { securityNow, settingsNow } from '../queries.ts';
import { useApi } from '../services.ts';
import { Fact, Facts, Page, Panel } from '../ui/Page.tsx';
import { ReportButtons } from './ReportButtons.tsx';
import { SignInActivity } from './SignInActivity.tsx';
import { SigningIn } from './SigningIn.tsx';
import { Weaknesses } from './Weaknesses.tsx';

/** How safe the clinic is: what to mend, how much it is tried, and who came in. */
export function Security() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const now = useQuery(securityNow(api)).data;
  const settings = useQuery(settingsNow(api)).data;
  const loading = <Loader size="sm" aria-label={t('common.loading')} />;
  return (
    <Page title={t('admin.tab.security')}>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Panel title={t('security.weak')}>{now ? <Weaknesses weak={now.weak} /> : loading}</Panel>
        <div className="stacked">
          <Panel
            title={t('security.day')}
            actions={<ReportButtons about={t('reports.today')} ask={(wanted) => api.reports.security(wanted)} />}
          >
            {now ? (
              <Facts>
                <Fact name={t('security.succeeded')}>{format.number(now.day.succeeded)}</Fact>
                <Fact name={t('security.failed')}>{format.number(now.day.failed)}</Fact>
                <Fact name={t('security.suspicious')}>{format.number(now.day.suspicious)}</Fact>
                <Fact name={t('security.level')}>{t(`security.level_${now.day.level}`)}</Fact>
              </Facts>
            ) : (
              loading
            )}
          </Panel>
          <Panel title={t('signingIn.title')}>
            {settings ? <SigningIn key={settings.version} settings={settings} /> : loading}
          </Panel>
        </div>
      </SimpleGrid>
      <SignInActivity />
    </Page>
  );
}
