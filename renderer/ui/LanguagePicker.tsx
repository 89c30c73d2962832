import { NativeSelect, useDirection } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, languageName } from '../i18n.ts';

/** `choose`: what a choice means here, at the door or at work. */
export function LanguagePicker({ choose }: { choose: (code: string) => Promise<void> }) {
  const { t, i18n } = useTranslation();
  const { setDirection } = useDirection();
  const change = async (code: string) => {
    await choose(code);
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
