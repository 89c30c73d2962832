import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { identityOf, type Whose } from '../queries.ts';
import { useApi } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Documents } from './Documents.tsx';

type Props = Readonly<{ whose: Whose; name: string; text: string; close: () => void }>;

/** Somebody's identity documents, handed in for them. */
export function DocumentsDialog({ whose, name, text, close }: Props) {
  const { t } = useTranslation();
  const now = useQuery(identityOf(useApi(), whose)).data;
  const frame = (body: ReactNode) => (
    <Dialog title={t('identity.of', { name })} close={close} size="lg">
      {body}
    </Dialog>
  );
  if (!now) return frame(<Loader size="sm" aria-label={t('common.loading')} />);
  return <Documents whose={whose} now={now} text={text} frame={frame} />;
}
