import { Button, CloseButton, Group, Paper, Text } from '@mantine/core';
import { IconPrinter, IconPrinterOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';
import { useStore } from '../store.ts';
import { errorText } from '../ui/errors.tsx';

/** What the printer has not done yet, in a corner: it never takes the focus, and never stands in the way. */
export function PrintNotes() {
  const { t } = useTranslation();
  const { printing } = useServices();
  const jobs = useStore(printing.jobs);
  return (
    <div className="print-notes" role="status" aria-label={t('print.notes')}>
      {jobs.map(({ key, what, state, error }) => (
        <Paper key={key} withBorder shadow="sm" p="xs" data-state={state}>
          <Group gap="xs" wrap="nowrap">
            {state === 'failed' ? <IconPrinterOff size={18} aria-hidden /> : <IconPrinter size={18} aria-hidden />}
            <Text size="sm" className="print-note">
              {state === 'failed' ? t('print.failed', { what, why: errorText(error) }) : t(`print.${state}`, { what })}
            </Text>
            {state === 'failed' && (
              <>
                <Button size="compact-sm" variant="light" onClick={() => printing.again(key)}>
                  {t('print.again')}
                </Button>
                <CloseButton
                  size="sm"
                  aria-label={t('print.dismiss', { what })}
                  onClick={() => printing.dismiss(key)}
                />
              </>
            )}
          </Group>
        </Paper>
      ))}
    </div>
  );
}
