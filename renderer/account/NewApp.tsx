import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useApi } from '../services.ts';
import { AppKey } from '../ui/AppKey.tsx';
import { FormDialog } from '../ui/Dialog.tsx';
import { errorText, showDone } from '../ui/errors.tsx';
import { OneTimeCode } from '../ui/OneTimeCode.tsx';

type Props = Readonly<{ of: { uri: string; secret: string }; close: () => void; done: () => void }>;

/** A new authenticator app: it counts once it has shown a code. */
export function NewApp({ of, close, done }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = useCommand(api.secondFactor.confirm, {
    onDone: () => {
      showDone(t('factor.saved'));
      done();
    },
    onError: (error) => {
      setProblem(errorText(error));
      setCode('');
      return true;
    },
  });
  return (
    <FormDialog
      title={t('factor.title')}
      action={t('common.save')}
      close={close}
      busy={confirm.busy}
      submit={() => (code.trim() ? void confirm.run({ code }) : setProblem(t('field.needed')))}
    >
      <AppKey of={of} />
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
