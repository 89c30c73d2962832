import { NativeSelect, useDirection } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, languageName, setLanguage } from '../i18n.ts';

export function LanguagePicker() {
  const { t, i18n } = useTranslation();
  const { setDirection } = useDirection();
  const change = async (code: string) => {
    await setLanguage(code);
    setDirection(i18n.dir(code));
  };
  return (
    <NativeSelect
      aria-label={t('common.language')}
      size="xs"
      value={i18n.language}
      data={LANGUAGES.map((code) => ({ value: code, label: languageName(code) }))}
      onChange={(event) => void change(event.currentTarget.value)}
    />
  );
}
