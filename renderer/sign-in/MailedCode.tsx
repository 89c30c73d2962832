import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNow } from '../clock.ts';
import { isolate } from '../format.ts';
import { useServices } from '../services.ts';
import { errorText } from '../ui/errors.tsx';

/** A code by mail, of a sign-in or (without its ticket) to say once more who one is: on its way, to whom, and once more. */
export function MailedCode({ ticket }: { ticket?: string }) {
  const { t } = useTranslation();
  const { connection } = useServices();
  const now = useNow(1000);
  const sent = useQuery({
    queryKey: ['factor', 'mailed', ticket ?? 'again'],
    queryFn: () => connection.api.auth.sendCode(ticket === undefined ? {} : { ticket }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    // Each asking sends a mail: only a person asks again.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { data, error, isFetching } = sent;
  const early = data !== undefined && now < Date.parse(data.again);
  return (
    <Stack gap="xs">
      <div aria-live="polite">
        {isFetching && <Loader size="sm" aria-label={t('factor.sending')} />}
        {!isFetching && !error && data && <Text size="sm">{t('factor.mailed', { to: isolate(data.to) })}</Text>}
        {!isFetching && error && <Alert color="red">{errorText(error)}</Alert>}
      </div>
      <Group gap="xs">
        <Button variant="default" size="xs" disabled={isFetching || early} onClick={() => void sent.refetch()}>
          {t('factor.mailAgain')}
        </Button>
        {early && !error && (
          <Text size="sm" c="dimmed">
            {t('factor.mailWait')}
          </Text>
        )}
      </Group>
    </Stack>
  );
}
