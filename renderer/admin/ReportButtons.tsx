import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Download } from '../../contract/client.ts';
import { REPORT_FORMATS } from '../../contract/reports.ts';
import type { PaperLanguage } from '../../domain/paper.ts';
import { useCommand } from '../commands.ts';
import { languageOf } from '../i18n.ts';
import { saveDownload } from '../ui/download.ts';

type Wanted = Readonly<{ format: (typeof REPORT_FORMATS)[number]; language: PaperLanguage }>;

type Props = Readonly<{
  ask: (wanted: Wanted) => Promise<Download>;
  about: string;
  /** Where there is another way to the other one. */
  only?: Wanted['format'];
}>;

/** A report as a file: for a spreadsheet, or as a paper in the language of the screen. */
export function ReportButtons({ ask, about, only }: Props) {
  const { i18n } = useTranslation();
  const save = useCommand(ask, { onDone: (file) => void saveDownload(file) });
  const language = languageOf(i18n.language) as PaperLanguage;
  return REPORT_FORMATS.filter((format) => !only || format === only).map((format) => (
    <Button
      key={format}
      size="xs"
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={save.busy}
      aria-label={`${format.toUpperCase()} ${about}`}
      onClick={() => void save.run({ format, language })}
    >
      {format.toUpperCase()}
    </Button>
  ));
}
