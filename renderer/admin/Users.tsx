import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ROLES, type Role } from '../../domain/people.ts';
import { useNow } from '../clock.ts';
import { useCommand } from '../commands.ts';
import { useReopened } from '../form-drafts.ts';
import { useFormat } from '../format.ts';
import { settingsNow, type UserFilter, type UserRow, userPages } from '../queries.ts';
import { useRoleNames } from '../rights.ts';
import { useApi } from '../services.ts';
import { type Column, DataTable, pagesOf } from '../ui/DataTable.tsx';
import { saveDownload } from '../ui/download.ts';
import { Filter } from '../ui/Filter.tsx';
import { Page, Panel } from '../ui/Page.tsx';
import { AccountRequests } from './AccountRequests.tsx';
import { RightsForm } from './RightsForm.tsx';
import { SuspendForm } from './SuspendForm.tsx';
import { TrailDialog } from './TrailDialog.tsx';
import { type UserAction, UserActions } from './UserActions.tsx';
import { NewUser, PasswordForm, ResetFactor, UserForm } from './UserForms.tsx';

type Dialog = 'edit' | 'password' | 'factor' | 'rights' | 'suspend' | 'trail';
type Editing = { what: 'new' } | { what: Dialog; user: UserRow } | null;

const BADGES = { inactive: 'cancelled', suspended: 'no_show', locked: 'no_show', active: 'done' } as const;

/** Who may sign in, and as what. */
export function Users() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useRoleNames();
  const now = useNow();
  const api = useApi();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 150);
  const [editing, setEditing] = useState<Editing>(null);
  const [role, setRole] = useState('');
  const [state, setState] = useState('');
  const filter: UserFilter = {
    ...(q ? { q } : {}),
    ...(role ? { role: role as Role } : {}),
    ...(state ? { active: state === 'active' } : {}),
  };
  const users = pagesOf(useInfiniteQuery(userPages(api, filter)));
  const asksStaff = (useQuery(settingsNow(api)).data?.staffDocuments.length ?? 0) > 0;
  const save = useCommand(api.users.export, { onDone: (file) => void saveDownload(file) });
  useReopened('user', users.rows, (user) => setEditing(user ? { what: 'edit', user } : { what: 'new' }));
  const told = { onDone: () => void client.invalidateQueries({ queryKey: ['users'] }) };
  const change = useCommand(api.users.update, told);
  const letIn = useCommand(api.users.letIn, told);
  function act(user: UserRow, what: UserAction) {
    const { id, version: expectedVersion } = user;
    if (what === 'unlock') void change.run({ id, unlock: true });
    else if (what === 'letIn') void letIn.run({ id });
    else if (what === 'activate' || what === 'deactivate')
      void change.run({ id, active: what === 'activate', expectedVersion });
    else setEditing({ what, user });
  }
  const isLocked = ({ lockedUntil }: UserRow) => lockedUntil !== null && Date.parse(lockedUntil) > now;

  const stateOf = (user: UserRow) =>
    !user.active ? 'inactive' : isSuspended(user) ? 'suspended' : isLocked(user) ? 'locked' : 'active';
  const isSuspended = ({ suspended }: UserRow) =>
    suspended !== null && (suspended.until === null || Date.parse(suspended.until) > now);

  const columns: Column<UserRow>[] = [
    { key: 'name', header: t('users.name'), cell: ({ name }) => name, sort: ({ name }) => name },
    {
      key: 'username',
      header: t('users.username'),
      cell: ({ username }) => <bdi>{username}</bdi>,
      sort: ({ username }) => username,
    },
    {
      key: 'roles',
      header: t('users.roles'),
      cell: ({ roles }) => names(roles),
    },
    {
      key: 'state',
      header: t('users.state'),
      cell: (user) => (
        <span className="badge" data-state={BADGES[stateOf(user)]}>
          {t(`users.${stateOf(user)}`)}
        </span>
      ),
    },
    {
      key: 'factor',
      header: t('factor.title'),
      cell: ({ secondFactor }) => t(secondFactor ? 'common.yes' : 'common.no'),
      minor: true,
    },
    ...(asksStaff
      ? [
          {
            key: 'verification',
            header: t('identity.title'),
            cell: ({ verification }: UserRow) => t(`verification.status_${verification}`),
            minor: true,
          },
        ]
      : []),
    {
      key: 'last',
      header: t('users.lastSignIn'),
      cell: ({ lastSignInAt }) => (lastSignInAt ? format.moment(lastSignInAt) : '–'),
      sort: ({ lastSignInAt }) => lastSignInAt ?? '',
      minor: true,
    },
    {
      key: 'actions',
      header: t('common.actions'),
      end: true,
      cell: (user) => <UserActions user={user} locked={isLocked(user)} go={(what) => act(user, what)} />,
    },
  ];

  return (
    <Page
      title={t('admin.tab.users')}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={save.busy}
            onClick={() => void save.run(filter)}
          >
            {t('audit.csv')}
          </Button>
          <Button size="xs" onClick={() => setEditing({ what: 'new' })}>
            {t('users.new')}
          </Button>
        </>
      }
    >
      <AccountRequests />
      <Panel>
        <Group mb="sm" align="flex-end">
          <TextInput
            label={t('users.search')}
            value={typed}
            autoComplete="off"
            flex={1}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Filter
            label={t('users.roles')}
            value={role}
            change={setRole}
            options={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
          />
          <Filter
            label={t('users.state')}
            value={state}
            change={setState}
            options={['active', 'inactive'].map((one) => ({ value: one, label: t(`users.${one}`) }))}
          />
        </Group>
        <DataTable
          label={t('admin.tab.users')}
          columns={columns}
          rows={users.rows}
          rowKey={({ id }) => id}
          empty={t('common.nothingFound')}
          more={users.more}
          error={users.error}
        />
      </Panel>
      {editing?.what === 'new' && <NewUser close={() => setEditing(null)} />}
      {editing?.what === 'edit' && <UserForm user={editing.user} close={() => setEditing(null)} />}
      {editing?.what === 'rights' && <RightsForm user={editing.user} close={() => setEditing(null)} />}
      {editing?.what === 'trail' && <TrailDialog user={editing.user} close={() => setEditing(null)} />}
      {editing?.what === 'suspend' && <SuspendForm user={editing.user} close={() => setEditing(null)} />}
      {editing?.what === 'factor' && <ResetFactor user={editing.user} close={() => setEditing(null)} />}
      {editing?.what === 'password' && <PasswordForm user={editing.user} close={() => setEditing(null)} />}
    </Page>
  );
}
