import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Documents } from '../identity/Documents.tsx';
import { identityOf } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useUser } from '../services.ts';
import { Panel } from '../ui/Page.tsx';

/** One's own identity documents, where the clinic asks for any. */
export function OwnDocuments() {
  const { t } = useTranslation();
  const user = useUser();
  const whose = { subject: 'staff', subjectId: user.id } as const;
  const now = useQuery({ ...identityOf(useApi(), whose), enabled: mayAsk(user, 'identity.get') }).data;
  if (!now || now.documents.length === 0) return null;
  return (
    <Panel title={t('identity.title')}>
      <Documents whose={whose} now={now} text={t('identity.ownText')} />
    </Panel>
  );
}
