import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { manages, ROLES, type Role } from '../../domain/people.ts';
import { useCommand } from '../commands.ts';
import { useFormat } from '../format.ts';
import { accountRequestsNow, type RequestRow } from '../queries.ts';
import { useRoleNames } from '../rights.ts';
import { useApi, useUser } from '../services.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { FormDialog, ReasonDialog } from '../ui/Dialog.tsx';
import { showDone, showInForm } from '../ui/errors.tsx';
import { Panel } from '../ui/Page.tsx';

type Deciding = { what: 'approve' | 'decline'; request: RequestRow } | null;

/** Who asks for an account: there only while somebody does. */
export function AccountRequests() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useRoleNames();
  const requests = useQuery(accountRequestsNow(useApi())).data?.items ?? [];
  const [deciding, setDeciding] = useState<Deciding>(null);
  const close = () => setDeciding(null);
  if (requests.length === 0 && !deciding) return null;
  const columns: Column<RequestRow>[] = [
    { key: 'name', header: t('users.name'), cell: ({ name }) => name },
    { key: 'username', header: t('users.username'), cell: ({ username }) => <bdi>{username}</bdi> },
    { key: 'roles', header: t('request.as'), cell: ({ roles }) => names(roles) },
    { key: 'note', header: t('request.note'), cell: ({ note }) => note ?? '–', minor: true },
    { key: 'at', header: t('audit.at'), cell: ({ createdAt }) => format.moment(createdAt), minor: true },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (request) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {(['approve', 'decline'] as const).map((what) => (
            <Button
              key={what}
              size="compact-sm"
              variant={what === 'approve' ? 'filled' : 'default'}
              aria-label={`${t(`request.${what}`)} ${request.username}`}
              onClick={() => setDeciding({ what, request })}
            >
              {t(`request.${what}`)}
            </Button>
          ))}
        </Group>
      ),
    },
  ];
  return (
    <Panel title={t('request.waiting')}>
      <DataTable
        label={t('request.waiting')}
        columns={columns}
        rows={requests}
        rowKey={({ id }) => id}
        empty={t('common.nothingFound')}
      />
      {deciding?.what === 'approve' && <Approve request={deciding.request} close={close} />}
      {deciding?.what === 'decline' && <Decline request={deciding.request} close={close} />}
    </Panel>
  );
}

function useDecided(close: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return () => {
    for (const name of ['users', 'account-requests']) void client.invalidateQueries({ queryKey: [name] });
    showDone(t('common.saved'));
    close();
  };
}

function Approve({ request, close }: { request: RequestRow; close: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const own = useUser();
  const form = useForm({
    initialValues: { roles: request.roles as Role[] },
    validate: { roles: (value) => (value.length > 0 ? null : t('users.roleNeeded')) },
  });
  const approve = useCommand(api.accountRequests.approve, {
    per: 'form',
    onDone: useDecided(close),
    onError: (error) => showInForm(form, error, { name_taken: 'roles', outranked: 'roles' }),
  });
  return (
    <FormDialog
      title={t('request.approveTitle', { name: request.name })}
      action={t('request.approve')}
      close={close}
      busy={approve.busy}
      submit={() => form.onSubmit(({ roles }) => void approve.run({ id: request.id, roles }))()}
    >
      <Text size="sm">{t('request.approveText')}</Text>
      <Checkbox.Group label={t('users.roles')} {...form.getInputProps('roles')}>
        <Group mt={4}>
          {ROLES.filter((role) => manages(own.roles, [role])).map((role) => (
            <Checkbox key={role} value={role} label={t(`role.${role}`)} />
          ))}
        </Group>
      </Checkbox.Group>
    </FormDialog>
  );
}

function Decline({ request, close }: { request: RequestRow; close: () => void }) {
  const { t } = useTranslation();
  const decline = useCommand(useApi().accountRequests.decline, { onDone: useDecided(close) });
  return (
    <ReasonDialog
      title={t('request.declineTitle', { name: request.name })}
      action={t('request.decline')}
      danger
      busy={decline.busy}
      close={close}
      done={(reason) => void decline.run({ id: request.id, reason })}
    />
  );
}
