import { Button, FileInput, Group, NativeSelect, SimpleGrid, Stack, Stepper, Text } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IMPORT_FIELDS } from '../../contract/patients.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { saveDownload } from '../ui/download.ts';
import { errorText, showError } from '../ui/errors.tsx';
import { JobProgress, useJob } from '../ui/JobProgress.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { Counts } from './Counts.tsx';

type Uploaded = Awaited<ReturnType<ReturnType<typeof useApi>['imports']['upload']>>;
type Mapping = Uploaded['mapping'];
type Field = (typeof IMPORT_FIELDS)[number];

/** A file of patients: receive it, say what its columns are, try it, take it, see what was not taken. */
export function Import() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [uploading, setUploading] = useState(false);
  const [uploaded, setUploaded] = useState<Uploaded | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [trial, setTrial] = useState<string | null>(null);
  const [run, setRun] = useState<string | null>(null);
  const trialJob = useJob(trial);
  const runJob = useJob(run);
  const start = useCommand(api.imports.start);
  const step = run ? 3 : trial ? 2 : uploaded ? 1 : 0;

  async function upload() {
    if (!file) return setProblem(t('import.chooseFirst'));
    setUploading(true);
    try {
      const answer = await api.imports.upload({ filename: file.name, file });
      setUploaded(answer);
      setMapping(answer.mapping);
      setTrial(null);
      setRun(null);
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setUploading(false);
    }
  }
  async function begin(dryRun: boolean) {
    if (!uploaded) return;
    const job = await start.run({ id: uploaded.id, mapping, dryRun });
    if (job) dryRun ? setTrial(job.id) : setRun(job.id);
  }
  const map = (field: Field, column: string) => {
    setTrial(null);
    setMapping(({ [field]: _, ...rest }) => (column ? { ...rest, [field]: column } : rest));
  };
  const columns: Column<Record<string, string>>[] = (uploaded?.columns ?? [])
    .slice(0, 8)
    .map((column) => ({ key: column, header: column, cell: (row) => row[column] ?? '' }));

  return (
    <Page title={t('admin.tab.import')}>
      <Stepper active={step} size="sm" allowNextStepsSelect={false}>
        {(['file', 'columns', 'trial', 'run'] as const).map((key) => (
          <Stepper.Step key={key} label={t(`import.step.${key}`)} />
        ))}
      </Stepper>
      <Panel title={t('import.step.file')}>
        <Group align="flex-end">
          <FileInput
            label={t('import.file')}
            description={t('import.fileHint')}
            accept=".csv,text/csv"
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              setProblem(null);
            }}
            error={problem}
            placeholder={t('import.choose')}
            miw="20rem"
            clearable
            clearButtonProps={{ 'aria-label': t('common.clear') }}
          />
          <Button leftSection={<IconUpload size={16} aria-hidden />} loading={uploading} onClick={() => void upload()}>
            {t('import.upload')}
          </Button>
        </Group>
      </Panel>
      {uploaded && (
        <Panel title={t('import.columnsTitle', { rows: format.number(uploaded.rows) })}>
          <Stack>
            <Text size="sm" c="dimmed">
              {t('import.columnsText')}
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
              {IMPORT_FIELDS.map((field) => (
                <NativeSelect
                  key={field}
                  label={t(`import.field.${field}`)}
                  value={mapping[field] ?? ''}
                  onChange={(event) => map(field, event.currentTarget.value)}
                  data={[{ value: '', label: t('import.notInFile') }, ...uploaded.columns]}
                />
              ))}
            </SimpleGrid>
            <DataTable
              label={t('import.sample')}
              columns={columns}
              rows={uploaded.sample.slice(0, 4)}
              rowKey={(row) => JSON.stringify(row)}
              empty=""
            />
            <Group>
              <Button variant={trial ? 'default' : 'filled'} loading={start.busy} onClick={() => void begin(true)}>
                {t('import.try')}
              </Button>
              <Button
                variant={trial ? 'filled' : 'default'}
                disabled={trialJob?.state !== 'done' || run !== null}
                loading={start.busy}
                onClick={() => void begin(false)}
              >
                {t('import.run')}
              </Button>
            </Group>
          </Stack>
        </Panel>
      )}
      {trialJob && (
        <Panel title={t('import.trialTitle')}>
          <JobProgress job={trialJob}>
            <Counts result={trialJob.result} />
          </JobProgress>
        </Panel>
      )}
      {runJob && (
        <Panel title={t('import.runTitle')}>
          <JobProgress job={runJob}>
            <Counts result={runJob.result} />
          </JobProgress>
        </Panel>
      )}
      {uploaded && [trialJob, runJob].some((job) => job?.state === 'done' && Number(job.result?.rejected ?? 0) > 0) && (
        <Group>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => void api.imports.rejected({ id: uploaded.id }).then(saveDownload, showError)}
          >
            {t('import.rejected')}
          </Button>
        </Group>
      )}
    </Page>
  );
}
