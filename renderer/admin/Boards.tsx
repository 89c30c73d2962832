import { Button, Group, MultiSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useFormDraft, useReopened } from '../form-drafts.ts';
import { type Board, boardList, queueList } from '../queries.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { FormDialog } from '../ui/Dialog.tsx';
import { showInForm } from '../ui/errors.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { Edit } from './Queues.tsx';

/** What hangs in the waiting room. */
export function Boards() {
  const { t } = useTranslation();
  const api = useApi();
  const boards = useQuery(boardList(api));
  const queues = useQuery(queueList(api)).data?.items ?? [];
  const [editing, setEditing] = useState<{ board: Board | null } | null>(null);
  useReopened('board', boards.data?.items, (board) => setEditing({ board }));
  const columns: Column<Board>[] = [
    { key: 'name', header: t('boards.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    { key: 'names', header: t('boards.names'), cell: ({ names }) => t(`boards.names_${names}`) },
    {
      key: 'queues',
      header: t('boards.queues'),
      cell: ({ queueIds }) =>
        queueIds.map((id) => queues.find((queue) => queue.id === id)?.code ?? '').join(t('common.listComma')),
    },
    { key: 'notice', header: t('boards.notice'), cell: ({ notice }) => notice ?? '–', minor: true },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (board) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Button
            size="compact-sm"
            variant="default"
            component="a"
            href={`#/board/${board.id}`}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconExternalLink size={14} aria-hidden />}
            aria-label={`${t('boards.open')} ${board.name}`}
          >
            {t('boards.open')}
          </Button>
          <Edit name={board.name} edit={() => setEditing({ board })} />
        </Group>
      ),
    },
  ];
  return (
    <Page
      title={t('admin.tab.boards')}
      actions={
        <Button size="xs" onClick={() => setEditing({ board: null })}>
          {t('boards.new')}
        </Button>
      }
    >
      <Panel>
        <DataTable
          label={t('admin.tab.boards')}
          columns={columns}
          rows={boards.data?.items}
          rowKey={({ id }) => id}
          empty={t('boards.none')}
          error={boards.isError}
        />
      </Panel>
      {editing && <BoardForm board={editing.board} close={() => setEditing(null)} />}
    </Page>
  );
}

function BoardForm({ board, close: leave }: { board: Board | null; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const queues = useQuery(queueList(api)).data?.items ?? [];
  const form = useForm({
    initialValues: {
      name: board?.name ?? '',
      names: board?.names ?? ('none' as const),
      queueIds: board?.queueIds ?? [],
      notice: board?.notice ?? '',
    },
    validate: { name: (value) => (value.trim() ? null : t('field.needed')) },
  });
  const close = useFormDraft('board', board, form, leave);
  const settings = {
    per: 'form' as const,
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['boards'] });
      close();
    },
    onError: (error: unknown) => showInForm(form, error),
  };
  const create = useCommand(api.boards.create, settings);
  const update = useCommand(api.boards.update, settings);
  const submit = form.onSubmit(({ notice, ...values }) => {
    const input = { ...values, notice: notice.trim() || null };
    void (board ? update.run({ ...input, id: board.id, expectedVersion: board.version }) : create.run(input));
  });
  return (
    <FormDialog
      title={board ? t('boards.edit', { name: board.name }) : t('boards.new')}
      action={t('common.save')}
      close={close}
      busy={create.busy || update.busy}
      submit={() => submit()}
    >
      <TextInput label={t('boards.name')} maxLength={60} data-autofocus {...form.getInputProps('name')} />
      <MultiSelect
        label={t('boards.queues')}
        data={queues.map(({ id, code, name }) => ({ value: id, label: `${code} · ${name}` }))}
        searchable
        {...form.getInputProps('queueIds')}
      />
      <Radio.Group label={t('boards.names')} description={t('boards.namesHint')} {...form.getInputProps('names')}>
        <Stack gap="xs" mt={4}>
          {(['none', 'first', 'full'] as const).map((value) => (
            <Radio key={value} value={value} label={t(`boards.names_${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea label={t('boards.notice')} maxLength={200} autosize minRows={2} {...form.getInputProps('notice')} />
    </FormDialog>
  );
}
