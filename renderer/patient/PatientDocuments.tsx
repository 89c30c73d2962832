import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Documents } from '../identity/Documents.tsx';
import { identityOf, settingsNow } from '../queries.ts';
import { mayAsk } from '../rights.ts';
import { useApi, useUser } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';

/** Whether the clinic asks patients for documents, and this person keeps the register. */
export function useAsksPatients(): boolean {
  const user = useUser();
  const settings = useQuery(settingsNow(useApi())).data;
  const keepsRegister = user.roles.includes('receptionist') || user.roles.includes('admin');
  return keepsRegister && mayAsk(user, 'identity.get') && (settings?.patientDocuments.length ?? 0) > 0;
}

type Props = Readonly<{ patientId: string; name: string; close: () => void }>;

/** A patient's identity documents. */
export function PatientDocuments({ patientId, name, close }: Props) {
  const { t } = useTranslation();
  const whose = { subject: 'patient', subjectId: patientId } as const;
  const now = useQuery(identityOf(useApi(), whose)).data;
  const frame = (body: ReactNode) => (
    <Dialog title={t('identity.of', { name })} close={close} size="lg">
      {body}
    </Dialog>
  );
  if (!now) return frame(<Loader size="sm" aria-label={t('common.loading')} />);
  return <Documents whose={whose} now={now} text={t('identity.patientText')} frame={frame} />;
}
