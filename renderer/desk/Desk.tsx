import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Bridge } from '../api.ts';
import { useServices } from '../services.ts';
import { Home } from '../shell/Gate.tsx';
import { Page } from '../ui/Page.tsx';
import { Done } from './Done.tsx';
import { Refused } from './Refused.tsx';
import { Standing } from './Standing.tsx';
import { useDeskWork } from './work.ts';

/** A paired desk about itself: how it stands, what was done at it, and what became of that. */
export function Desk() {
  const { t } = useTranslation();
  const bridge = useServices().connection.bridge as Bridge;
  const work = useDeskWork();
  if (work === null) return <Home />;
  return (
    <Page title={t('place.desk')}>
      {work ? (
        <>
          <Standing bridge={bridge} work={work} />
          <Refused bridge={bridge} items={work.items.filter(({ state }) => state === 'refused')} />
          <Done items={work.items.filter(({ state }) => state !== 'refused')} />
        </>
      ) : (
        <Loader aria-label={t('common.loading')} />
      )}
    </Page>
  );
}
