import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Props = Readonly<{
  value: string;
  error: string | null;
  change: (value: string) => void;
  /** Whether it is what one types first. */
  focus?: boolean;
}>;

/** The code of an authenticator app, or one of the recovery codes: digits or letters, always from left to right. */
export function OneTimeCode({ value, error, change, focus = true }: Props) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('factor.code')}
      value={value}
      error={error}
      dir="ltr"
      maxLength={40}
      autoFocus={focus}
      data-autofocus={focus || undefined}
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
