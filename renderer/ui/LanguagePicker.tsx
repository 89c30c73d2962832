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
      className="languages"
      value={i18n.language}
      onChange={(event) => void change(event.currentTarget.value)}
    >
      {LANGUAGES.map((code) => (
        <option key={code} value={code} lang={code}>
          {languageName(code)}
        </option>
      ))}
    </NativeSelect>
  );
}
