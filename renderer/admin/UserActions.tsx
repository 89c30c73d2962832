import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { manages } from '../../domain/people.ts';
import type { UserRow } from '../queries.ts';
import { useUser } from '../services.ts';

export type UserAction =
  | 'edit'
  | 'password'
  | 'rights'
  | 'trail'
  | 'unlock'
  | 'suspend'
  | 'letIn'
  | 'factor'
  | 'activate'
  | 'deactivate';

/** What an administrator can do about an account that is below their own. */
export function UserActions({ user, locked, go }: { user: UserRow; locked: boolean; go: (what: UserAction) => void }) {
  const { t } = useTranslation();
  const own = useUser();
  const isOwn = user.id === own.id;
  if (!isOwn && !manages(own.roles, user.roles)) return <span className="badge">{t('users.above')}</span>;
  const more: UserAction[] = isOwn
    ? ['trail', 'password']
    : [
        ...['rights' as const, 'trail' as const, 'password' as const],
        ...(user.secondFactor ? ['factor' as const] : []),
        user.suspended ? 'letIn' : 'suspend',
        user.active ? 'deactivate' : 'activate',
      ];
  const label = t('users.more', { name: user.username });
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {isOwn && <span className="badge">{t('users.you')}</span>}
      {locked && (
        <Button size="compact-sm" onClick={() => go('unlock')} aria-label={`${t('users.unlock')} ${user.username}`}>
          {t('users.unlock')}
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => go('edit')}
        aria-label={`${t('common.edit')} ${user.username}`}
      >
        {t('common.edit')}
      </Button>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size="md" aria-label={label}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {more.map((what) => (
            <Menu.Item key={what} onClick={() => go(what)}>
              {t(`users.do_${what}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
