import { Button, SimpleGrid, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePins } from '../own-desk.ts';
import { useRoleNames } from '../rights.ts';
import { useUser } from '../services.ts';
import { ChangePassword } from '../shell/ChangePassword.tsx';
import { SetPin } from '../shell/SetPin.tsx';
import { Fact, Facts, Page, Panel } from '../ui/Page.tsx';
import { EmailAddress } from './EmailAddress.tsx';
import { OwnDocuments } from './OwnDocuments.tsx';
import { OwnPicture } from './OwnPicture.tsx';
import { SecondFactor } from './SecondFactor.tsx';
import { Sessions } from './Sessions.tsx';
import { SignIns } from './SignIns.tsx';

/** A person's own account: how they prove who they are, and where they are signed in. */
export function Account() {
  const { t } = useTranslation();
  const user = useUser();
  const roleNames = useRoleNames();
  const shared = usePins();
  const [open, setOpen] = useState<'password' | 'pin' | null>(null);
  const close = () => setOpen(null);
  return (
    <Page
      title={t('account.title')}
      actions={
        <>
          <Button size="xs" variant="default" onClick={() => setOpen('password')}>
            {t('password.change')}
          </Button>
          {shared && (
            <Button size="xs" variant="default" onClick={() => setOpen('pin')}>
              {t('pin.title')}
            </Button>
          )}
        </>
      }
    >
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Panel title={user.name}>
          <Facts>
            <Fact name={t('users.username')}>
              <bdi>{user.username}</bdi>
            </Fact>
            {user.code && (
              <Fact name={t('users.code')}>
                <bdi>{user.code}</bdi>
              </Fact>
            )}
            {user.email && (
              <Fact name={t('users.email')}>
                <EmailAddress email={user.email} />
              </Fact>
            )}
            {user.phone && (
              <Fact name={t('users.phone')}>
                <bdi dir="ltr">{user.phone}</bdi>
              </Fact>
            )}
            <Fact name={t('users.roles')}>{roleNames(user.roles)}</Fact>
          </Facts>
          <Text size="sm" c="dimmed" mt="sm">
            {t('account.namesText')}
          </Text>
          <OwnPicture />
        </Panel>
        <SecondFactor />
      </SimpleGrid>
      <OwnDocuments />
      <Sessions />
      <SignIns />
      {open === 'password' && <ChangePassword close={close} />}
      {open === 'pin' && <SetPin close={close} />}
    </Page>
  );
}
