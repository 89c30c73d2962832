import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { QrCode } from './QrCode.tsx';

/** The key of an authenticator app: as a picture for its camera, and to be typed where there is none. */
export function AppKey({ of: { uri, secret } }: { of: { uri: string; secret: string } }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text size="sm">{t('factor.scan')}</Text>
      <QrCode text={uri} label={t('factor.picture')} />
      <Text size="sm">{t('factor.typed')}</Text>
      <Text size="sm" ta="center" dir="ltr" className="app-key">
        {secret.match(/.{1,4}/g)?.join(' ')}
      </Text>
      <Text size="sm">{t('factor.thenCode')}</Text>
    </Stack>
  );
}
