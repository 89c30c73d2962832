import { Button, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { useApi, useServices } from '../services.ts';
import { type Account, DemoAccounts } from '../sign-in/DemoAccounts.tsx';
import { Back } from './Back.tsx';
import { useEntrance } from './entrance.ts';
import type { WayProps } from './FirstRun.tsx';

/** A whole clinic to try: made of generated patients, marked as a demonstration wherever it shows. */
export function Demo({ back }: WayProps) {
  const { t } = useTranslation();
  const api = useApi();
  const { connection } = useServices();
  const enter = useEntrance();
  const [accounts, setAccounts] = useState<readonly Account[] | null>(null);
  const make = useCommand(api.setup.demo, {
    per: 'form',
    onDone: (made) => setAccounts(made.accounts),
  });
  if (accounts)
    return (
      <DemoAccounts
        accounts={accounts}
        choose={({ username, password }) => void connection.signIn(username, password).finally(enter)}
      />
    );
  return (
    <>
      <Paper withBorder p="lg">
        <Stack>
          <Text>{t('demo.text')}</Text>
          <Button size="md" loading={make.busy} onClick={() => void make.run({})}>
            {t('demo.make')}
          </Button>
        </Stack>
      </Paper>
      <Back back={back} />
    </>
  );
}
