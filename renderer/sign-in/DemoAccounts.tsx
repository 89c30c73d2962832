import { Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../domain/people.ts';
import { useRoleNames } from '../rights.ts';

export type Account = Readonly<{ username: string; password: string; roles: readonly Role[] }>;

/** One press signs in: only where the clinic is a demonstration. */
export function DemoAccounts({
  choose,
  accounts,
}: {
  choose: (account: Account) => void;
  accounts: readonly Account[];
}) {
  const { t } = useTranslation();
  const roleNames = useRoleNames();
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('demo.title')}>
      <Stack gap="xs">
        <Text fw={600}>{t('demo.title')}</Text>
        <Text size="sm" c="dimmed">
          {t('demo.choose')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          {accounts.map((account) => (
            <Button
              key={account.username}
              variant="default"
              justify="space-between"
              h="auto"
              mih={36}
              onClick={() => choose(account)}
              rightSection={
                <Text size="sm" c="dimmed">
                  {roleNames(account.roles)}
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
