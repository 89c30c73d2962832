import { Button, Group, Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconBook2,
  IconChevronDown,
  IconDeviceDesktop,
  IconDeviceTv,
  IconKey,
  IconLock,
  IconLockSquareRounded,
  IconLogout,
  IconMoon,
  IconPrinter,
  IconSun,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setLanguage } from '../i18n.ts';
import { usePins } from '../own-desk.ts';
import { DeskPrinting } from '../printing/DeskPrinting.tsx';
import { usePrefer } from '../profile.ts';
import { ownProfile } from '../queries.ts';
import { useRoleNames } from '../rights.ts';
import { useServices, useUser } from '../services.ts';
import { GUIDES } from '../ui/guides.ts';
import { LanguagePicker } from '../ui/LanguagePicker.tsx';
import { Portrait } from '../ui/Portrait.tsx';
import { Keys, useShortcuts } from '../ui/shortcuts.tsx';
import { ChangePassword } from './ChangePassword.tsx';
import { SetPin } from './SetPin.tsx';
import { SwitchPerson } from './SwitchPerson.tsx';

const SCHEMES = [
  { scheme: 'light', icon: IconSun },
  { scheme: 'dark', icon: IconMoon },
  { scheme: 'auto', icon: IconDeviceDesktop },
] as const;

export function UserMenu() {
  const { t } = useTranslation();
  const { connection, lock } = useServices();
  const user = useUser();
  const roleNames = useRoleNames();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [open, setOpen] = useState<'password' | 'pin' | 'switch' | 'printing' | null>(null);
  const close = () => setOpen(null);
  const prefer = usePrefer();
  const picture = useQuery(ownProfile(connection.api)).data?.picture ?? null;
  const speak = async (language: string) => {
    await setLanguage(language);
    void prefer({ language });
  };
  const paint = (colours: (typeof SCHEMES)[number]['scheme']) => {
    setColorScheme(colours);
    void prefer({ colours });
  };
  const shared = usePins();
  useShortcuts([
    { keys: 'alt+l', label: t('switch.title'), run: () => setOpen('switch'), inFields: true, off: !shared },
    { keys: 'alt+h', label: t('lock.now'), run: lock.lock, inFields: true },
  ]);
  return (
    <Group gap="xs">
      <LanguagePicker choose={speak} />
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={picture && <Portrait of={picture} size={20} />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {user.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{roleNames(user.roles)}</Menu.Label>
          <Menu.Item
            leftSection={<IconDeviceTv size={16} aria-hidden />}
            onClick={() => void navigate({ to: '/boards' })}
          >
            {t('place.boards')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconUserShield size={16} aria-hidden />}
            onClick={() => void navigate({ to: '/account' })}
          >
            {t('account.title')}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => setOpen('password')}>
            {t('password.change')}
          </Menu.Item>
          {shared && (
            <Menu.Item leftSection={<IconLockSquareRounded size={16} aria-hidden />} onClick={() => setOpen('pin')}>
              {t('pin.title')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => setOpen('printing')}>
            {t('print.desk')}
          </Menu.Item>
          <Menu.Item component="a" href={GUIDES} target="_blank" leftSection={<IconBook2 size={16} aria-hidden />}>
            {t('help.guides')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('shell.look')}</Menu.Label>
          {SCHEMES.map(({ scheme, icon: Icon }) => (
            <Menu.Item
              key={scheme}
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => paint(scheme)}
              aria-current={colorScheme === scheme || undefined}
              fw={colorScheme === scheme ? 600 : 400}
            >
              {t(`scheme.${scheme}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {shared && (
            <Menu.Item
              leftSection={<IconUsers size={16} aria-hidden />}
              rightSection={<Keys of="alt+l" />}
              onClick={() => setOpen('switch')}
            >
              {t('switch.title')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconLock size={16} aria-hidden />}
            rightSection={<Keys of="alt+h" />}
            onClick={lock.lock}
          >
            {t('lock.now')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void connection.signOut()}>
            {t('shell.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'password' && <ChangePassword close={close} />}
      {open === 'pin' && <SetPin close={close} />}
      {open === 'switch' && <SwitchPerson close={close} />}
      {open === 'printing' && <DeskPrinting close={close} />}
    </Group>
  );
}
