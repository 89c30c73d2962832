import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The one field for passwords: says that it is wrong to screen readers, too, and names its eye in the person's language. */
export function Password(props: PasswordInputProps) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      aria-invalid={props.error ? true : undefined}
      dir="ltr"
      visibilityToggleButtonProps={{ 'aria-label': t('password.showOrHide') }}
      {...props}
    />
  );
}
