import { Alert, Button, Group, Loader, NativeSelect, Stack } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PAPER_LANGUAGES, type PaperLanguage } from '../../domain/paper.ts';
import { languageName } from '../i18n.ts';
import { useServices } from '../services.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { saveDownload } from '../ui/download.ts';
import { errorText, showError } from '../ui/errors.tsx';
import { type Choice, paperLanguage, printOf, type Sheet } from './papers.ts';

/** A paper before it is printed: in which language, in which form, and how it will look. */
export function PreviewDialog({ sheet, close }: { sheet: Sheet; close: () => void }) {
  const { t, i18n } = useTranslation();
  const { printing } = useServices();
  const [choice, setChoice] = useState<Choice>({
    language: paperLanguage(i18n.language),
    format: sheet.formats[0] ?? '',
  });
  const { url, error } = usePreview(sheet, choice);
  const print = () => {
    printing.print(printOf(sheet, choice));
    close();
  };
  return (
    <Dialog title={sheet.title} close={close} size="56rem">
      <Stack>
        <Group align="flex-end" justify="space-between">
          <Group align="flex-end">
            <NativeSelect
              label={t('common.language')}
              value={choice.language}
              data={PAPER_LANGUAGES.map((code) => ({ value: code, label: languageName(code) }))}
              onChange={(event) => setChoice({ ...choice, language: event.currentTarget.value as PaperLanguage })}
            />
            {sheet.formats.length > 0 && (
              <NativeSelect
                label={t('print.format')}
                value={choice.format}
                data={sheet.formats.map((value) => ({ value, label: t(`print.format_${value}`) }))}
                onChange={(event) => setChoice({ ...choice, format: event.currentTarget.value })}
              />
            )}
          </Group>
          <Group>
            <Button
              variant="default"
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => void sheet.take(choice, {}).then(saveDownload, showError)}
            >
              {t('print.save')}
            </Button>
            <Button data-autofocus leftSection={<IconPrinter size={18} aria-hidden />} onClick={print}>
              {t('print.print')}
            </Button>
          </Group>
        </Group>
        {error ? (
          <Alert color="red">{errorText(error)}</Alert>
        ) : (
          <div className="preview">
            {url ? (
              <iframe title={t('print.preview', { what: sheet.title })} src={`${url}#toolbar=0&navpanes=0&view=FitH`} />
            ) : (
              <Loader aria-label={t('common.loading')} />
            )}
          </div>
        )}
      </Stack>
    </Dialog>
  );
}

/** The address of the paper as chosen, while it is shown. */
function usePreview(sheet: Sheet, choice: Choice): { url: string | null; error: unknown } {
  const [shown, setShown] = useState<{ url: string | null; error: unknown }>({ url: null, error: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sheet is the same as long as its key is
  useEffect(() => {
    let url: string | null = null;
    const abort = new AbortController();
    setShown({ url: null, error: null });
    sheet
      .look(choice, { inPage: true, signal: abort.signal })
      .then(({ body, media }) => new Response(body, { headers: { 'Content-Type': media } }).blob())
      .then(
        (blob) => {
          if (abort.signal.aborted) return;
          url = URL.createObjectURL(blob);
          setShown({ url, error: null });
        },
        (error: unknown) => abort.signal.aborted || setShown({ url: null, error }),
      );
    return () => {
      abort.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [sheet.key, choice]);
  return shown;
}
