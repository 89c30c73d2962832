import { Button, TextInput } from '@mantine/core';
import { IconReportAnalytics } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import { PreviewDialog } from '../printing/PreviewDialog.tsx';
import { reportOf, type Sheet } from '../printing/papers.ts';
import { useApi } from '../services.ts';
import { FormDialog } from '../ui/Dialog.tsx';

/** The report of today, or of any day before it. */
export function DayReport({ today }: { today: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const [day, setDay] = useState<string | null>(null);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const show = () => {
    if (!day || day > today) return;
    setSheet(reportOf(api, t, day, format.day(day)));
    setDay(null);
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconReportAnalytics size={18} aria-hidden />}
        onClick={() => setDay(today)}
      >
        {t('print.dayReport')}
      </Button>
      {day !== null && (
        <FormDialog
          title={t('print.chooseDay')}
          close={() => setDay(null)}
          submit={show}
          busy={false}
          action={t('print.show')}
        >
          <TextInput
            type="date"
            label={t('print.day')}
            value={day}
            max={today}
            data-autofocus
            onChange={(event) => setDay(event.currentTarget.value)}
          />
        </FormDialog>
      )}
      {sheet && <PreviewDialog sheet={sheet} close={() => setSheet(null)} />}
    </>
  );
}
