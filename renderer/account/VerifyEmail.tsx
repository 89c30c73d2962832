import { Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { isolate } from '../format.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';
import { errorText } from '../ui/errors.tsx';
import { OneTimeCode } from '../ui/OneTimeCode.tsx';

/** The code that was sent to one's own address. */
export function VerifyEmail({ to, close, done }: { to: string; close: () => void; done: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const verify = useCommand(api.ownEmail.verify, {
    onDone: done,
    onError: (error) => {
      setProblem(errorText(error));
      setCode('');
      return true;
    },
  });
  return (
    <FormDialog
      title={t('email.title')}
      action={t('email.verify')}
      close={close}
      busy={verify.busy}
      submit={() => (code.trim() ? void verify.run({ code }) : setProblem(t('field.needed')))}
    >
      <Text size="sm">{t('email.sent', { to: isolate(to) })}</Text>
      <OneTimeCode
        value={code}
        error={problem}
        change={(typed) => {
          setCode(typed);
          setProblem(null);
        }}
      />
    </FormDialog>
  );
}
