import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Props = Readonly<{ value: string; change: (typed: string) => void; error: string | null | undefined }>;

/** Where a server is, typed by whoever knows it. */
export function AddressField({ value, change, error }: Props) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('join.address')}
      description={t('desk.addressHint')}
      error={error}
      dir="ltr"
      autoCapitalize="none"
      spellCheck={false}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
