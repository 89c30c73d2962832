import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Password } from './Password.tsx';

type Props = Readonly<{
  /** What the name is called here. */
  label: string;
  props: (field: 'username' | 'password' | 'again') => object;
}>;

/** A name to sign in by and a password, as somebody chooses them for themselves. */
export function ChosenSignIn({ label, props }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={label}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={60}
        dir="ltr"
        {...props('username')}
      />
      <Password
        label={t('signIn.password')}
        description={t('password.advice')}
        autoComplete="new-password"
        {...props('password')}
      />
      <Password label={t('password.again')} autoComplete="new-password" {...props('again')} />
    </>
  );
}
