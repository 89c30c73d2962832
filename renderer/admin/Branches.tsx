import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { type BranchRow, branchList, me } from '../queries.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { FormDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';
import { Page, Panel } from '../ui/Page.tsx';

/** The places of the clinic; a super administrator works in one of them at a time. */
export function Branches() {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const branches = useQuery(branchList(api));
  const here = useQuery(me(api)).data?.branchId;
  const [making, setMaking] = useState(false);
  // Everything that is on the screen is of the branch that one leaves.
  const enter = useCommand(api.branches.enter, { onDone: () => window.location.reload() });
  const columns: Column<BranchRow>[] = [
    { key: 'code', header: t('branches.code'), cell: ({ code }) => <bdi dir="ltr">{code}</bdi> },
    { key: 'name', header: t('users.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    { key: 'zone', header: t('branches.zone'), cell: ({ timeZone }) => <bdi>{timeZone}</bdi>, minor: true },
    { key: 'people', header: t('branches.people'), cell: ({ people }) => format.number(people), end: true },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: ({ id, name }) =>
        id === here ? (
          <span className="badge" data-state="done">
            {t('branches.here')}
          </span>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={enter.busy}
            aria-label={`${t('branches.enter')} ${name}`}
            onClick={() => void enter.run({ id })}
          >
            {t('branches.enter')}
          </Button>
        ),
    },
  ];
  return (
    <Page
      title={t('admin.tab.branches')}
      actions={
        <Button size="xs" onClick={() => setMaking(true)}>
          {t('branches.new')}
        </Button>
      }
    >
      <Panel>
        <DataTable
          label={t('admin.tab.branches')}
          columns={columns}
          rows={branches.data?.items}
          rowKey={({ id }) => id}
          empty={t('common.nothingFound')}
          error={branches.isError}
        />
      </Panel>
      {making && <NewBranch close={() => setMaking(false)} />}
    </Page>
  );
}

function NewBranch({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const needed = (value: string) => (value.trim() ? null : t('field.needed'));
  const form = useForm({ initialValues: { code: '', name: '' }, validate: { code: needed, name: needed } });
  const create = useCommand(api.branches.create, {
    per: 'form',
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['branches'] });
      showDone(t('common.saved'));
      close();
    },
    onError: (error) => showInForm(form, error, { branch_code_taken: 'code' }),
  });
  return (
    <FormDialog
      title={t('branches.new')}
      action={t('common.save')}
      close={close}
      busy={create.busy}
      submit={() => form.onSubmit((values) => void create.run(values))()}
    >
      <TextInput
        label={t('branches.code')}
        description={t('branches.codeHint')}
        maxLength={5}
        dir="ltr"
        data-autofocus
        {...form.getInputProps('code')}
      />
      <TextInput label={t('users.name')} maxLength={100} {...form.getInputProps('name')} />
    </FormDialog>
  );
}
