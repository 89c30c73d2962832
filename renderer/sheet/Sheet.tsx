import { Button, Group, Loader, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useNeedsServer } from '../own-desk.ts';
import { type SheetLine, sheetPages } from '../queries.ts';
import { useApi } from '../services.ts';
import { pagesOf } from '../ui/DataTable.tsx';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone } from '../ui/errors.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { Line } from './Line.tsx';

/** The reconciliation sheet: what was done without the server and did not fit, for people to decide. */
export function Sheet() {
  const { t } = useTranslation();
  const api = useApi();
  const away = useNeedsServer();
  const [settled, setSettled] = useState(false);
  const [settling, setSettling] = useState<SheetLine | null>(null);
  const { rows, more, error } = pagesOf(
    useInfiniteQuery({ ...sheetPages(api, settled ? 'settled' : 'open'), enabled: !away }),
  );
  return (
    <Page
      title={t('place.sheet')}
      actions={
        <Switch
          label={t('sheet.showSettled')}
          checked={settled}
          onChange={(event) => setSettled(event.currentTarget.checked)}
        />
      }
    >
      <Text maw="50rem">{t('sheet.intro')}</Text>
      {away && (
        <Text className="hint" role="status">
          {t('link.needsServer')}
        </Text>
      )}
      <Panel title={t(settled ? 'sheet.settled' : 'sheet.open')}>
        {!rows && !away && (error ? <Text role="alert">{t('common.notLoaded')}</Text> : <Loader size="sm" />)}
        {rows?.length === 0 && <Text c="dimmed">{t(settled ? 'sheet.noneSettled' : 'sheet.none')}</Text>}
        {rows && rows.length > 0 && (
          <ul className="plain-list rows">
            {rows.map((line) => (
              <li key={line.id}>
                <Line line={line} settle={() => setSettling(line)} />
              </li>
            ))}
          </ul>
        )}
        {more && (
          <Group justify="center" mt="sm">
            <Button variant="default" size="xs" onClick={more.load} loading={more.busy}>
              {t('common.loadMore')}
            </Button>
          </Group>
        )}
      </Panel>
      {settling && <Settle line={settling} close={() => setSettling(null)} />}
    </Page>
  );
}

/** Nothing is settled without a word of how. */
function Settle({ line, close }: { line: SheetLine; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['sheet'] });
    close();
  };
  const settle = useCommand(api.sheet.settle, {
    per: 'form',
    onDone: () => {
      showDone(t('sheet.settledDone'));
      refresh();
    },
    onError: () => {
      // Somebody else was faster: the list shows what they wrote.
      refresh();
      return false;
    },
  });
  const send = () => (note.trim() ? void settle.run({ id: line.id, note: note.trim() }) : setMissing(true));
  return (
    <FormDialog
      title={t('sheet.settle')}
      action={t('sheet.settleAction')}
      close={close}
      busy={settle.busy}
      submit={send}
    >
      <Stack gap={4}>
        <Text fw={550}>{t(`sheet.kind.${line.kind}`)}</Text>
        <Text size="sm">{t(`sheet.decide.${line.kind}`)}</Text>
      </Stack>
      <Textarea
        label={t('sheet.note')}
        description={t('sheet.noteHint')}
        value={note}
        maxLength={300}
        autosize
        minRows={2}
        required
        data-autofocus
        error={missing && !note.trim() ? t('field.needed') : undefined}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
