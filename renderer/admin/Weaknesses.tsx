import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { WEAKNESSES, type Weakness } from '../../contract/security.ts';
import { useFormat } from '../format.ts';

type Props = Readonly<{ weak: readonly { code: Weakness; count: number; names: readonly string[] }[] }>;

/** Where each is mended. */
const PLACES: Partial<Record<Weakness, string>> = {
  blocked_accounts: '/admin/users',
  idle_accounts: '/admin/users',
  never_used_accounts: '/admin/users',
  admins_without_factor: '/account',
  unverified_staff: '/admin/verification',
  admins_by_mail: '/account',
  no_backup: '/admin/settings',
  old_backup: '/admin/settings',
  no_second_place: '/admin/settings',
  no_idle_lock: '/admin/settings',
  desks_not_seen: '/admin/devices',
};

/** What is weak, in plain words, and how to mend it. */
export function Weaknesses({ weak }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  if (weak.length === 0) return <Text>{t('security.nothingWeak')}</Text>;
  return (
    <ul className="weaknesses">
      {weak.map(({ code, count, names }) => (
        <li key={code}>
          <Text fw={600}>
            <span className="badge" data-state={WEAKNESSES[code] === 'grave' ? 'no_show' : 'called'}>
              {t(`security.${WEAKNESSES[code]}`)}
            </span>{' '}
            {t(`security.weak_${code}`, { count })}
          </Text>
          {names.length > 0 && (
            <Text size="sm">
              {format.list(names)}
              {count > names.length && ` ${t('security.more', { count: count - names.length })}`}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {t(`security.mend_${code}`)}{' '}
            {PLACES[code] && (
              <Anchor component={Link} to={PLACES[code]} size="sm" underline="always">
                {t('security.go')}
              </Anchor>
            )}
          </Text>
        </li>
      ))}
    </ul>
  );
}
