import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DocumentsDialog } from '../identity/DocumentsDialog.tsx';
import { settingsNow } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useUser } from '../services.ts';

/** Whether the clinic asks patients for documents, and this person keeps the register. */
export function useAsksPatients(): boolean {
  const user = useUser();
  const settings = useQuery(settingsNow(useApi())).data;
  const keepsRegister = user.roles.includes('receptionist') || user.roles.includes('admin');
  return keepsRegister && mayAsk(user, 'identity.get') && (settings?.patientDocuments.length ?? 0) > 0;
}

type Props = Readonly<{ patientId: string; name: string; close: () => void }>;

/** A patient's identity documents. */
export function PatientDocuments({ patientId, ...shown }: Props) {
  const { t } = useTranslation();
  const whose = { subject: 'patient', subjectId: patientId } as const;
  return <DocumentsDialog whose={whose} text={t('identity.patientText')} {...shown} />;
}
