import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

type Props = Readonly<{
  label: string;
  value: string;
  change: (value: string) => void;
  options: readonly { value: string; label: string }[];
  /** What stands there while nothing is left out. */
  any?: string;
}>;

/** Narrows a list to what has one property; empty is all of it. */
export function Filter({ label, value, change, options, any }: Props) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={label}
      value={value}
      data={[{ value: '', label: any ?? t('audit.any') }, ...options]}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
