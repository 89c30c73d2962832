import { Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../domain/people.ts';

export type Account = Readonly<{ username: string; password: string; roles: readonly Role[] }>;

const REMEMBERED = 'medlane.demo';
/** The demonstration's accounts are told once, when it is made; this browser tab keeps them for as long as it is open. */
export const rememberDemo = (accounts: readonly Account[]): void =>
  sessionStorage.setItem(REMEMBERED, JSON.stringify(accounts));
const remembered = (): readonly Account[] => JSON.parse(sessionStorage.getItem(REMEMBERED) ?? '[]') as Account[];

/** One press signs in: only where the clinic is a demonstration. */
export function DemoAccounts({
  choose,
  accounts = remembered(),
}: {
  choose: (account: Account) => void;
  accounts?: readonly Account[];
}) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="md" component="section" aria-label={t('demo.title')}>
      <Stack gap="xs">
        <Text fw={600}>{t('demo.title')}</Text>
        <Text size="sm" c="dimmed">
          {accounts.length > 0 ? t('demo.choose') : t('demo.console')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          {accounts.map((account) => (
            <Button
              key={account.username}
              variant="default"
              justify="space-between"
              onClick={() => choose(account)}
              rightSection={
                <Text size="sm" c="dimmed">
                  {account.roles.map((role) => t(`role.${role}`)).join(t('common.listComma'))}
                </Text>
              }
            >
              <Group gap="xs">
                <bdi>{account.username}</bdi>
              </Group>
            </Button>
          ))}
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}
